/** Use-only entries: which changes take the master password, and leave everything as it was without it. */
import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { change, creation } from "../support/draft-builder.ts";
import { codeOf, file, open, useSessionHome } from "../support/session-home.ts";
import {
  BUNDLE,
  byPassword,
  CANARY,
  create,
  elsewhere,
  once,
  password,
  secret,
} from "../support/use-only.ts";
import { copyAt, filesOf } from "../support/vault-content.ts";

useSessionHome();

type Attempt = readonly [what: string, run: (session: VaultSession) => Promise<unknown>];
const edit = (what: string, edits: () => readonly Edit[]): Attempt => [
  what,
  (session) => session.edit(edits()),
];

/** Entries that every test begins with; "conflicting" was flagged here and unflagged elsewhere. */
let ids: Readonly<Record<"flagged" | "plain" | "conflicting", string>>;

async function flagged(): Promise<void> {
  await create();
  using session = await byPassword();
  const created = ["flagged", "plain", "conflicting"].map((name) =>
    creation(name, { fields: [secret(CANARY)], meta: name === "conflicting" ? { useOnly: true } : {} }),
  );
  const [first = "", second = "", third = ""] = (await session.edit(created)).ids;
  ids = { flagged: first, plain: second, conflicting: third };
  fs.copyFileSync(file("vault.pm"), file("other.pm"));
  await session.edit([change(third, { meta: { useOnly: true } })]);
  await elsewhere([change(third, { meta: { useOnly: false } })]);
  await session.merge(copyAt("other.pm"), { dryRun: false, strict: false });
  fs.copyFileSync(file("vault.pm"), file("before.pm"));
  await session.edit([change(first, { meta: { useOnly: true } })]);
}

describe("takes the password:", () => {
  beforeEach(async () => {
    await once(flagged);
  });

  test.each<Attempt>([
    edit("taking the flag away", () => [change(ids.flagged, { meta: { useOnly: false } })]),
    edit("taking it away among other edits", () => [
      change(ids.plain, { addTags: ["x"] }),
      change(ids.flagged, { set: [secret("new")], meta: { useOnly: false } }),
    ]),
    edit("other content in its place", () => [
      creation("flagged", { fields: [secret("new")], existing: "replace" }),
    ]),
    edit("a copy", () => [{ kind: "copy", id: ids.flagged, path: "copy", existing: "refuse" }]),
    edit("a copy of another entry over it", () => [
      { kind: "copy", id: ids.plain, path: "flagged", existing: "replace" },
    ]),
    edit("a choice that takes the flag away", () => [
      { kind: "resolve", id: ids.conflicting, key: "m:use-only", number: 1 },
    ]),
    ["a bundle with it", (session) => session.addBundle({ ...BUNDLE, only: ["flagged"] })],
    ["undoing the flag", (session) => session.undo(1)],
    ["the content of a copy without the flag", (session) => session.restore(copyAt("before.pm"))],
  ])("%s", async (_what, run) => {
    using session = await open();
    const files = filesOf();
    expect(await codeOf(run(session))).toBe("use-only");
    expect(filesOf()).toEqual(files);
    await session.confirm(password());
    await run(session);
    expect(filesOf()).not.toEqual(files);
  });
});

describe("takes no password:", () => {
  beforeEach(async () => {
    await once(flagged);
  });

  test.each<Attempt>([
    edit("a new value", () => [change(ids.flagged, { set: [secret("new")], unset: [] })]),
    edit("a removed field, tags, a new name", () => [
      change(ids.flagged, { unset: ["password"], addTags: ["x"] }),
      { kind: "move", id: ids.flagged, path: "elsewhere", existing: "refuse" },
    ]),
    edit("the trash, and back", () => [
      { kind: "trash", id: ids.flagged },
      { kind: "restore", id: ids.flagged },
    ]),
    edit("use-only content in its place", () => [
      creation("flagged", { fields: [secret("new")], meta: { useOnly: true }, existing: "replace" }),
    ]),
    edit("a choice that keeps the flag", () => [
      { kind: "resolve", id: ids.conflicting, key: "m:use-only", number: 0 },
    ]),
    edit("a copy of another entry", () => [
      { kind: "copy", id: ids.plain, path: "copy", existing: "refuse" },
    ]),
  ])("%s, and the flag stays", async (_what, run) => {
    using session = await open();
    await run(session);
    expect((await session.entry(ids.flagged)).useOnly).toBe(true);
    expect((await session.entry(ids.conflicting)).useOnly).toBe(true);
  });

  test("erasing the entry", async () => {
    using session = await open();
    await session.edit([{ kind: "trash", id: ids.flagged }]);
    await session.edit([{ kind: "purge", id: ids.flagged }]);
    expect(await codeOf(session.entry(ids.flagged))).toBe("not-found");
  });

  test("undoing its creation, which undone brings the flag back", async () => {
    using session = await open();
    const entry = creation("new", { fields: [secret("p")], meta: { useOnly: true } });
    const [id = ""] = (await session.edit([entry])).ids;
    await session.undo(1);
    expect(await codeOf(session.entry(id))).toBe("not-found");
    await session.undo(1);
    expect((await session.entry(id)).useOnly).toBe(true);
  });

  test("a merge with a device on which the flag was taken away later", async () => {
    using session = await open();
    fs.copyFileSync(file("vault.pm"), file("other.pm"));
    await elsewhere([change(ids.flagged, { meta: { useOnly: false } })]);
    await session.merge(copyAt("other.pm"), { dryRun: false, strict: false });
    expect(await session.entry(ids.flagged)).toMatchObject({ useOnly: false });
  });
});

test("an entry that is erased here and written elsewhere comes back under its flag", async () => {
  await once(flagged);
  using session = await open();
  fs.copyFileSync(file("vault.pm"), file("other.pm"));
  await elsewhere([change(ids.flagged, { set: [secret("later")] })]);
  await session.edit([{ kind: "trash", id: ids.flagged }]);
  await session.edit([{ kind: "purge", id: ids.flagged }]);
  await session.merge(copyAt("other.pm"), { dryRun: false, strict: false });
  expect(await session.entry(ids.flagged)).toMatchObject({ useOnly: true, withheld: true });
});

test("a flag that devices set differently counts as set, is shown so, and is restored so", async () => {
  await once(flagged);
  using session = await open();
  const divided = (await session.conflicts()).find(({ key }) => key === "m:use-only");
  expect(divided?.values.map(({ value }) => value?.text)).toEqual(["true", "false"]);
  await session.confirm(password());
  await session.edit([change(ids.conflicting, { meta: { useOnly: false } })]);
  const [difference] = await session.compare(copyAt("before.pm"));
  expect(difference).toMatchObject({ path: "conflicting", names: ["use-only"] });
  await session.restore(copyAt("before.pm"));
  expect((await session.entry(ids.conflicting)).useOnly).toBe(true);
});
