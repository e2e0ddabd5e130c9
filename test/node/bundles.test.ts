/** Bundles: what they hold, what opens them, and what the vault remembers of them. */
import fs from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { toHex, utf8 } from "../../src/core/bytes.ts";
import type { BundleRefresh, NewBundle, SealedBundle } from "../../src/core/vault/bundle-info.ts";
import { tokenWrapSecret } from "../../src/core/vault/credentials.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import {
  codeOf,
  create,
  file,
  homeDirectory,
  login,
  open,
  SECRET,
  useSessionHome,
  warnings,
} from "../support/session-home.ts";
import { readBody } from "../support/vault-builder.ts";
import { copyAt, idAt } from "../support/vault-content.ts";

useSessionHome();

const TOKEN = new Uint8Array(32).fill(9);
const NEVER: NewBundle = {
  label: "ci",
  only: ["ci/*"],
  fields: null,
  notAfter: null,
  path: "/somewhere/ci.pm",
  secret: TOKEN,
};

/** Text that must not be found in any bundle of `ci/*`. */
const CANARIES = ["private/bank", "canary-bank", "canary-old", "canary-tag", "canary-trash", "canary-url"];

const text = (name: string, value: string, concealed = true) =>
  ({ name, text: value, encoding: "utf8", concealed }) as const;

async function edit(...edits: readonly Edit[]): Promise<void> {
  using session = await open();
  await session.edit(edits);
}

function update(id: string, change: Partial<Extract<Edit, { kind: "update" }>>): Edit {
  return { kind: "update", id, set: [], unset: [], addTags: [], removeTags: [], meta: {}, ...change };
}

beforeEach(async () => {
  await create();
  await edit(login("ci/deploy", "canary-old"), login("ci/npm", "npm secret"));
  await edit(login("private/bank", "canary-bank"), login("ci/gone", "canary-trash"));
  using session = await open();
  const [deploy, gone] = [await idAt(session, "ci/deploy"), await idAt(session, "ci/gone")];
  const set = [text("password", "deploy secret"), text("url", "https://canary-url.example", false)];
  const recipe = "canary-recipe";
  await session.edit([
    update(deploy, {
      set,
      addTags: ["canary-tag"],
      meta: { recipe, expires: "2031-01-02", favourite: true },
    }),
    { kind: "trash", id: gone },
  ]);
});

async function makeBundle(wanted: Partial<NewBundle> = {}, session?: VaultSession): Promise<SealedBundle> {
  using opened = session ?? (await open());
  const made = await opened.addBundle({ ...NEVER, ...wanted });
  fs.writeFileSync(file("ci.pm"), made.file ?? "");
  return made;
}

async function refresh(id: string, wanted: BundleRefresh = {}): Promise<SealedBundle> {
  using session = await open();
  return await session.refreshBundle(id, wanted);
}

async function openBundle(): Promise<VaultSession> {
  return await open({ path: file("ci.pm"), credentials: { token: TOKEN.slice() } });
}

async function plaintext(): Promise<string> {
  const secrets = { token: tokenWrapSecret(nativeBackend, TOKEN) };
  const bytes = new Uint8Array(fs.readFileSync(file("ci.pm")));
  return new TextDecoder().decode(await readBody(nativeBackend, bytes, secrets));
}

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

test.each<[string, Partial<NewBundle>, string]>([
  [
    "a pattern that means nothing",
    { only: ["ci/*", "cd/*"] },
    'no entry for the bundle has a name like "cd/*"',
  ],
  [
    "a field that is nowhere",
    { fields: ["password", "passwrod"] },
    'no entry of the bundle has a field "passwrod"',
  ],
  ["no entry at all", { only: ["nothing"] }, "no entry has such a name and such fields"],
])("%s is told, and nothing is saved", async (_what, wanted, message) => {
  const before = fs.readFileSync(file("vault.pm"));
  await expect(makeBundle(wanted)).rejects.toMatchObject({ code: "not-found", message });
  expect(fs.readFileSync(file("vault.pm"))).toEqual(before);
});

test("an entry without any of the fields is left out, with its name", async () => {
  await edit({ ...login("ci/note"), fields: [text("secret plan", "x")] } as Edit);
  const { bundle } = await makeBundle({ fields: ["password"] });
  expect(bundle.entries).toBe(2);
  expect(await plaintext()).not.toContain("ci/note");
});

test("a bundle is sealed anew only where something changed, and its token stays", async () => {
  const { bundle, file: first } = await makeBundle();
  const { id, hash } = bundle;
  expect(hash).toBe(toHex(nativeBackend.sha256(first ?? utf8(""))));
  await edit(login("private/other"));
  expect((await refresh(id, { hash })).file).toBeUndefined();
  using session = await open();
  await session.edit([update(await idAt(session, "ci/npm"), { set: [text("password", "newer")] })]);
  expect((await session.bundles()).map(({ isStale }) => isStale)).toEqual([true]);
  const next = await refresh(id, { hash });
  expect([next.bundle.isStale, next.bundle.created, next.bundle.hash === hash]).toEqual([
    false,
    bundle.created,
    false,
  ]);
  fs.writeFileSync(file("ci.pm"), next.file ?? "");
  using opened = await openBundle();
  const { fields } = await opened.entry(await idAt(opened, "ci/npm"));
  expect(fields).toEqual([text("password", "newer")]);
});

test.each<[string, BundleRefresh]>([
  ["another end", { notAfter: Date.UTC(2031, 0) }],
  ["another place", { path: "/elsewhere/ci.pm" }],
  ["a file that is not the newest one", { hash: "00".repeat(32) }],
])("a bundle is sealed anew for %s", async (_what, wanted) => {
  const { bundle } = await makeBundle();
  const { bundle: next, file: sealed } = await refresh(bundle.id, wanted);
  expect(sealed).toBeInstanceOf(Uint8Array);
  expect(next).toMatchObject({ path: wanted.path ?? bundle.path, notAfter: wanted.notAfter ?? null });
});

test("a bundle that would be empty is stale, and is not sealed anew", async () => {
  const { bundle } = await makeBundle({ only: ["ci/npm"] });
  using session = await open();
  await session.edit([{ kind: "trash", id: await idAt(session, "ci/npm") }]);
  expect(await session.bundles()).toMatchObject([{ isStale: true, entries: 0 }]);
  expect(await codeOf(refresh(bundle.id))).toBe("not-found");
});

test("forgetting a bundle names all that its token has ever opened and that still has a name", async () => {
  const { bundle } = await makeBundle();
  using session = await open();
  const [npm, deploy] = [await idAt(session, "ci/npm"), await idAt(session, "ci/deploy")];
  await session.edit([
    { kind: "move", id: npm, path: "npm", existing: "refuse" },
    { kind: "trash", id: deploy },
    login("ci/late"),
  ]);
  await session.refreshBundle(bundle.id, {});
  const removed = await session.removeBundle(bundle.id);
  expect(removed.exposed).toEqual(["ci/deploy", "ci/late", "npm"]);
  expect(await session.bundles()).toEqual([]);
  expect(await codeOf(session.removeBundle(bundle.id))).toBe("not-found");
});

test("an undo does not take a bundle back, nor what came before it", async () => {
  await makeBundle();
  using session = await open();
  expect(await codeOf(session.undo(1))).toBe("conflict");
  expect(await session.bundles()).toHaveLength(1);
});

test("a new root key keeps the bundles, or drops them where that is asked for", async () => {
  const { bundle } = await makeBundle();
  const slots = [{ type: "machine", secret: SECRET, label: "ci" }] as const;
  using session = await open();
  await session.rekey(slots);
  expect(await session.bundles()).toMatchObject([{ id: bundle.id, isStale: false }]);
  await session.rekey(slots, undefined, { dropsBundles: true });
  expect(await session.bundles()).toEqual([]);
  (await openBundle())[Symbol.dispose]();
});

test("merging brings the bundles of both copies together", async () => {
  const { bundle } = await makeBundle();
  fs.cpSync(file("vault.pm"), file("copy.pm"));
  const elsewhere = { path: file("copy.pm"), stateDir: file("elsewhere") };
  using other = await open(elsewhere);
  await other.addBundle({ ...NEVER, label: "other", only: ["private/*"] });
  // Removed here, sealed anew there: it is still known, and so is what both put into it.
  await other.edit([login("ci/there")]);
  await other.refreshBundle(bundle.id, {});
  using session = await open();
  await session.removeBundle(bundle.id);
  await session.merge(copyAt("copy.pm"), { dryRun: false, strict: false });
  expect((await session.bundles()).map(({ label }) => label)).toEqual(["ci", "other"]);
  expect((await session.removeBundle(bundle.id)).exposed).toEqual(["ci/deploy", "ci/npm", "ci/there"]);
  expect((await session.bundles()).map(({ label }) => label)).toEqual(["other"]);
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

test("a bundle's file is private in size: small ones are all alike", async () => {
  const [{ file: small }, { file: smaller }] = [await makeBundle(), await makeBundle({ only: ["ci/npm"] })];
  expect(small?.length).toBe(smaller?.length);
  expect(path.basename(file("ci.pm"))).toBe("ci.pm");
});
