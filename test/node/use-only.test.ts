/** Use-only entries: what a session gives before the master password is proven to it, and who proves it. */
import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { formatRecoveryCode } from "../../src/core/vault/credentials.ts";
import type { NewSlot, VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { LocalSession, openVault } from "../../src/node/local-session.ts";
import { OpenStore } from "../../src/node/open-store.ts";
import { type OpenOptions, unlockStore } from "../../src/node/vault-store.ts";
import { change, creation, field } from "../support/draft-builder.ts";
import { codeOf, file, open, SECRET, store, useSessionHome } from "../support/session-home.ts";
import {
  BUNDLE,
  byPassword,
  CANARY,
  create,
  elsewhere,
  once,
  password,
  PASSWORD,
  secret,
  SECRETS,
  slots,
} from "../support/use-only.ts";
import { copyAt } from "../support/vault-content.ts";

useSessionHome();

/** A use-only entry of which every concealed value, also earlier and concurrent ones, is a canary. */
async function divided(): Promise<string> {
  await create();
  using session = await byPassword();
  const fields = [secret(`${CANARY} 0`), field("username", "ada"), field("token", CANARY, true)];
  const attachments = [{ name: "f", bytes: utf8(CANARY) }];
  const made = creation("web/x", { fields, attachments, meta: { useOnly: true } });
  const [id = ""] = (await session.edit([made])).ids;
  await session.edit([change(id, { set: [secret(`${CANARY} 1`)] })]);
  fs.copyFileSync(file("vault.pm"), file("other.pm"));
  await session.edit([change(id, { set: [secret(`${CANARY} 2`), field("username", "here")] })]);
  await elsewhere([change(id, { set: [secret(`${CANARY} 3`), field("username", "there")] })]);
  await session.merge(copyAt("other.pm"), { dryRun: false, strict: false });
  await elsewhere([change(id, { set: [secret(`${CANARY} 4`)] })]);
  return id;
}

const METHODS: Readonly<Record<string, (session: VaultSession, id: string) => unknown>> = {
  resolve: (session) => session.resolve("web/x"),
  nearest: (session) => session.nearest("web/y"),
  list: (session) => session.list({}),
  entry: (session, id) => session.entry(id),
  attachment: async (session, id) => fromUtf8((await session.attachment(id, "f")).bytes),
  confirm: (session) => session.confirm(utf8(CANARY.slice(0, 5))),
  info: (session) => session.info(),
  edit: (session, id) =>
    session.edit([change(id, { set: [field("x", "1")], expected: { fields: [secret("?")], absent: [] } })]),
  verify: (session) => session.verify(),
  addSlot: (session) => session.addSlot({ type: "keyfile", secret: new Uint8Array(32), label: "k" }),
  removeSlot: (session) => session.removeSlot("00"),
  changePassword: (session) => session.changePassword(utf8("another"), "constrained"),
  rewrapPassword: (session) =>
    session.rewrapPassword({
      password: password(),
      keyFile: undefined,
      profile: "constrained",
      wait: "never",
    }),
  rekey: (session) => session.rekey([{ type: "machine", secret: SECRET, label: "ci" }]),
  log: (session) => session.log(),
  undo: (session) => session.undo(1),
  conflicts: (session) => session.conflicts(),
  compare: (session) => session.compare(copyAt("other.pm")),
  restore: (session) => session.restore(copyAt("other.pm")),
  merge: (session) => session.merge(copyAt("other.pm"), { dryRun: false, strict: false }),
  accessLog: (session) => session.accessLog(),
  bundles: (session) => session.bundles(),
  sealExport: (session) =>
    session.sealExport({ only: ["web/x"], slot: { type: "machine", secret: SECRET, label: "x" } }),
  addBundle: (session) => session.addBundle(BUNDLE),
  refreshBundle: (session) => session.refreshBundle("00", {}),
  removeBundle: (session) => session.removeBundle("00"),
};

test("every method of a session stands in the table", () => {
  const names = Object.getOwnPropertyNames(LocalSession.prototype).filter((name) => name !== "constructor");
  expect(names.filter((name) => METHODS[name] === undefined)).toEqual([]);
});

describe("before the password is proven, no secret of a use-only entry comes out of", () => {
  test.each(Object.entries(METHODS))("%s", async (_name, call) => {
    const id = await once(divided);
    using session = await open();
    const said = await Promise.resolve(call(session, id)).catch((error: unknown) => String(error));
    expect(JSON.stringify(said ?? null)).not.toContain(CANARY);
    expect(JSON.stringify(await session.entry(id, "show"))).not.toContain(CANARY);
  });
});

test("what is withheld says so, and what is no secret is there", async () => {
  const id = await once(divided);
  using session = await open();
  const entry = await session.entry(id);
  expect(entry).toMatchObject({ useOnly: true, withheld: true, path: "web/x" });
  expect(entry.fields).toEqual([
    { name: "password", text: "", encoding: "utf8", concealed: true, withheld: true },
    expect.objectContaining({ name: "username", text: "there" }),
    { name: "token", text: "", encoding: "utf8", concealed: true, withheld: true },
  ]);
  expect(entry.history.map(({ field: name, value: { text, withheld } }) => [name, text, withheld])).toEqual([
    ["username", "ada", undefined],
    ["password", "", true],
    ["password", "", true],
  ]);
  const texts = (await session.conflicts()).map(({ name, values }) => [
    name,
    values.map((v) => v.value?.text),
  ]);
  expect(texts).toEqual([
    ["password", ["", ""]],
    ["username", ["there", "here"]],
  ]);
});

test("an entry that is to be used, one that is not use-only, and a proven session give all values", async () => {
  const id = await once(divided);
  using session = await open();
  const [other = ""] = (await session.edit([creation("plain", { fields: [secret("p")] })])).ids;
  expect((await session.entry(id, "use")).fields[0]?.text).toBe(`${CANARY} 3`);
  expect((await session.entry(other)).fields[0]?.text).toBe("p");
  await session.confirm(password());
  const entry = await session.entry(id);
  expect(entry).not.toHaveProperty("withheld");
  expect(entry.fields.map(({ text }) => text)).toEqual([`${CANARY} 3`, "there", CANARY]);
  expect(JSON.stringify(await session.conflicts())).toContain(`${CANARY} 2`);
});

test("what was withheld is never written back", async () => {
  const id = await once(divided);
  using session = await open();
  const { fields } = await session.entry(id);
  expect(await codeOf(session.edit([change(id, { set: fields })]))).toBe("use-only");
  expect(await codeOf(session.edit([creation("new", { fields })]))).toBe("use-only");
});

async function single(): Promise<void> {
  await create();
  using session = await byPassword();
  await session.edit([creation("x", { fields: [secret("p")], meta: { useOnly: true } })]);
}

describe("a session counts as proven", () => {
  beforeEach(async () => {
    await once(single);
  });

  test.each<[what: string, credentials: () => OpenOptions["credentials"], isProven: boolean]>([
    ["by a password", () => ({ password: password() }), true],
    [
      "by a password with its key file",
      () => ({ password: utf8("both"), keyFile: SECRETS.beside.slice() }),
      true,
    ],
    ["by a recovery code", () => ({ recovery: SECRETS.recovery.slice() }), true],
    ["not by a machine key", () => ({ token: SECRET.slice() }), false],
    ["not by a key file alone", () => ({ keyFile: SECRETS.keyfile.slice() }), false],
  ])("%s", async (_what, credentials, isProven) => {
    using session = await openVault({ ...store(), credentials: credentials() });
    const [row] = await session.list({});
    expect((await session.entry(row?.id ?? "")).withheld).toBe(isProven ? undefined : true);
  });

  test.each<[what: string, typed: string, code: string]>([
    ["after the password", PASSWORD, "ok"],
    ["after a recovery code", formatRecoveryCode(nativeBackend, SECRETS.recovery), "ok"],
    ["not after a wrong password", "wrong", "auth"],
    ["not after the password of a key file alone", "both", "auth"],
    ["not after a code that is none", "PMR1-0000", "auth"],
  ])("%s", async (_what, typed, code) => {
    using session = await open();
    const [row] = await session.list({});
    expect(await codeOf(session.confirm(utf8(typed)))).toBe(code);
    expect((await session.entry(row?.id ?? "")).withheld).toBe(code === "ok" ? undefined : true);
  });

  test("only by itself, where several work on one open vault, as the agent's do", async () => {
    const options = { ...store(), credentials: { token: SECRET.slice() } };
    const { unlocked, snapshot } = await unlockStore(options);
    using opened = new OpenStore(options, unlocked, snapshot);
    const one = new LocalSession(opened, { confirmed: false });
    const two = new LocalSession(opened, { confirmed: false });
    await one.confirm(password());
    const [row] = await one.list({});
    expect((await one.entry(row?.id ?? "")).withheld).toBeUndefined();
    expect((await two.entry(row?.id ?? "")).withheld).toBe(true);
  });

  test("after the password that the vault has now, not the one that it had", async () => {
    using session = await open();
    await session.list({});
    {
      using other = await byPassword();
      await other.changePassword(utf8("a new one"), "constrained");
    }
    expect(await codeOf(session.confirm(password()))).toBe("auth");
    await session.confirm(utf8("a new one"));
  });

  test("not after the password of another root key", async () => {
    using session = await open();
    await session.list({});
    {
      using other = await byPassword();
      await other.rekey([{ type: "password", password: password(), profile: "constrained", label: "" }]);
    }
    expect(await codeOf(session.confirm(password()))).toBe("locked");
  });
});

test.each<[what: string, keys: readonly NewSlot[]]>([
  ["only with a key file", slots().slice(1, 3)],
  ["not at all", slots().slice(2, 3)],
])("a vault that a password opens %s can't be proven to", async (_what, keys) => {
  await create(keys);
  using session = await open();
  expect(await codeOf(session.confirm(utf8("both")))).toBe("locked");
});
