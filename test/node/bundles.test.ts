/** Bundles: what they hold, what opens them, and that they are only read. */
import fs from "node:fs";
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import {
  CANARIES,
  makeBundle,
  NEVER,
  openBundle,
  plaintext,
  text,
  TOKEN,
  update,
  useBundleHome,
} from "../support/bundle-home.ts";
import { codeOf, file, homeDirectory, login, open, SECRET, warnings } from "../support/session-home.ts";
import { copyAt, idAt } from "../support/vault-content.ts";

useBundleHome();

test("a bundle has the entries and the fields that were asked for, and nothing else", async () => {
  await makeBundle({ fields: ["password"] });
  const content = await plaintext();
  expect(CANARIES.filter((canary) => content.includes(canary))).toEqual([]);
  expect(content.includes("canary-recipe") || content.includes("2031-01-02")).toBe(false);
  using session = await openBundle();
  const entries = await Promise.all((await session.list({})).map(({ id }) => session.entry(id)));
  expect(
    entries.map(({ path: name, type, fields, tags, history }) => [name, type, fields, tags, history]),
  ).toEqual([
    ["ci/deploy", "login", [text("password", "deploy secret")], [], []],
    ["ci/npm", "login", [text("password", "npm secret")], [], []],
  ]);
  expect(await session.log()).toEqual([]);
  const info = await session.info();
  expect(info.bundle).toEqual({ label: "ci", notAfter: null });
  expect(info.slots.map(({ type, label }) => [type, label])).toEqual([["machine", "ci"]]);
  expect(await session.verify()).toMatchObject({ entries: 2, trashed: 0, records: 3 });
});

test("a bundle without a list of fields has all of them, still without history and tags", async () => {
  await makeBundle();
  const content = await plaintext();
  expect(CANARIES.filter((canary) => content.includes(canary))).toEqual(["canary-url"]);
});

test("a bundle does not tell which devices write, nor when", async () => {
  await makeBundle();
  const content = await plaintext();
  using session = await open();
  const [{ replica } = { replica: "none" }] = await session.log();
  expect(content).not.toContain(replica);
});

test("neither key opens the other file, and no byte makes a vault of a bundle", async () => {
  await makeBundle();
  expect(await codeOf(open({ path: file("ci.pm") }))).toBe("auth");
  expect(await codeOf(open({ credentials: { token: TOKEN.slice() } }))).toBe("auth");
  const bytes = fs.readFileSync(file("ci.pm"));
  bytes[11] = 1;
  bytes.set(nativeBackend.sha256(bytes.subarray(0, 4064)), 4064);
  fs.writeFileSync(file("ci.pm"), bytes);
  expect(await codeOf(openBundle())).toBe("auth");
});

test("a bundle opens until it ends, and then names the day and the way out", async () => {
  const notAfter = Date.UTC(2026, 5, 2) - 1;
  await makeBundle({ notAfter });
  const at = (now: number) =>
    open({ path: file("ci.pm"), credentials: { token: TOKEN.slice() }, now: () => now });
  (await at(notAfter))[Symbol.dispose]();
  await expect(at(notAfter + 1)).rejects.toMatchObject({
    code: "auth",
    message: "the bundle ended on 2026-06-01",
    hint: "where it was made: pm bundle refresh --expires 90d",
  });
});

test("a bundle that is open ends, too", async () => {
  const notAfter = Date.UTC(2026, 5, 2) - 1;
  await makeBundle({ notAfter });
  let now = notAfter;
  const credentials = { token: TOKEN.slice() };
  using session = await open({ path: file("ci.pm"), credentials, now: () => now });
  const id = await idAt(session, "ci/npm");
  now++;
  expect(await codeOf(session.entry(id))).toBe("auth");
  expect(await codeOf(session.list({}))).toBe("auth");
});

test("reading a bundle that others may read leaves no trace and says nothing", async () => {
  await makeBundle();
  fs.mkdirSync(file("checkout"));
  fs.renameSync(file("ci.pm"), file("checkout/ci.pm"));
  fs.chmodSync(file("checkout/ci.pm"), 0o644);
  fs.symlinkSync("checkout/ci.pm", file("ci.pm"));
  using session = await open({
    path: file("ci.pm"),
    stateDir: file("none"),
    credentials: { token: TOKEN.slice() },
  });
  expect(await session.list({})).toHaveLength(2);
  expect(warnings).toEqual([]);
  expect(fs.existsSync(file("none"))).toBe(false);
});

test("every change of a bundle is refused before anything is written", async () => {
  await makeBundle();
  using session = await openBundle();
  const before = fs.readdirSync(homeDirectory());
  const other = copyAt("vault.pm");
  const slot = { type: "machine", secret: SECRET, label: "x" } as const;
  const changes: readonly Promise<unknown>[] = [
    session.edit([login("ci/new")]),
    session.addSlot(slot),
    session.removeSlot((await session.info()).slots[0]?.id ?? ""),
    session.rekey([slot]),
    session.undo(1),
    session.addBundle(NEVER),
    session.removeBundle("00".repeat(16)),
  ];
  expect(await Promise.all(changes.map(codeOf))).toEqual(changes.map(() => "read-only"));
  // It is no copy of the vault either.
  expect(await codeOf(session.merge(other, { dryRun: false, strict: false }))).toBe("conflict");
  expect(fs.readdirSync(homeDirectory())).toEqual(before);
});

test("a bundle is no copy of its vault", async () => {
  await makeBundle();
  using session = await open();
  const copy = copyAt("ci.pm");
  expect(await codeOf(session.merge(copy, { dryRun: false, strict: false }))).toBe("conflict");
  expect(await codeOf(session.compare(copy))).toBe("conflict");
  expect(await codeOf(session.restore(copy))).toBe("conflict");
});

test("a use-only entry goes into a bundle only after the master password, and stays use-only there", async () => {
  using session = await open();
  const slot = {
    type: "password",
    password: utf8("secret word"),
    profile: "constrained",
    label: "p",
  } as const;
  await session.addSlot(slot);
  await session.edit([update(await idAt(session, "ci/npm"), { meta: { useOnly: true } })]);
  expect(await codeOf(session.addBundle(NEVER))).toBe("use-only");
  await session.confirm(utf8("secret word"));
  await makeBundle({}, session);
  using bundle = await openBundle();
  const id = await idAt(bundle, "ci/npm");
  expect(await bundle.entry(id)).toMatchObject({ useOnly: true, withheld: true });
  expect((await bundle.entry(id, "use")).fields).toEqual([text("password", "npm secret")]);
});

test("small bundles are all of one size", async () => {
  const [{ file: small }, { file: smaller }] = [
    await makeBundle(),
    await makeBundle({ only: ["ci/npm"], path: "/elsewhere" }),
  ];
  expect(small?.length).toBe(smaller?.length);
});
