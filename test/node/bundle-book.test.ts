/** What a vault remembers of its bundles: made, sealed anew, forgotten, merged. */
import fs from "node:fs";
import { expect, test } from "vitest";
import { toHex, utf8 } from "../../src/core/bytes.ts";
import type { BundleRefresh, NewBundle } from "../../src/core/vault/bundle-info.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import {
  edit,
  makeBundle,
  NEVER,
  openBundle,
  plaintext,
  refresh,
  text,
  update,
  useBundleHome,
} from "../support/bundle-home.ts";
import { codeOf, file, login, open, SECRET } from "../support/session-home.ts";
import { copyAt, idAt } from "../support/vault-content.ts";

useBundleHome();

test.each<[string, Partial<NewBundle>, string]>([
  ["a pattern that means nothing", { only: ["ci/*", "cd/*"] }, 'no entry has a name like "cd/*"'],
  [
    "a field that is nowhere",
    { fields: ["password", "passwrod"] },
    'no entry of the bundle has a field "passwrod"',
  ],
  ["no entry at all", { only: ["nothing"] }, 'no entry has a name like "nothing"'],
])("%s is told, and nothing is saved", async (_what, wanted, message) => {
  const before = fs.readFileSync(file("vault.pm"));
  await expect(makeBundle(wanted)).rejects.toMatchObject({ code: "not-found", message });
  expect(fs.readFileSync(file("vault.pm"))).toEqual(before);
});

test("a bundle has at most 1,000 entries, and becomes stale where it would have more", async () => {
  const { bundle } = await makeBundle();
  await edit(...Array.from({ length: 998 }, (_, n) => login(`ci/${n}`)));
  expect((await refresh(bundle.id)).bundle.entries).toBe(1000);
  await edit(login("ci/one more"));
  expect(await codeOf(refresh(bundle.id))).toBe("limit");
  expect(await codeOf(makeBundle({ path: "/elsewhere" }))).toBe("limit");
  using session = await open();
  expect(await session.bundles()).toMatchObject([{ isStale: true, entries: 0 }]);
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
  await other.addBundle({ ...NEVER, label: "other", path: "/somewhere/else.pm", only: ["private/*"] });
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
