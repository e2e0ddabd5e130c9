import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { change, creation, field, FULL } from "../support/draft-builder.ts";
import { codeOf, create, file, open, SECRET, store, useSessionHome } from "../support/session-home.ts";
import { contentOf, copyAt, filesOf } from "../support/vault-content.ts";

useSessionHome();

/** Ids of the entries that every test begins with, by path; "gone" is in the trash, "divided" has siblings. */
let ids: Readonly<Record<"full" | "gone" | "divided" | "plain", string>>;

const password = (text: string): ReturnType<typeof field> => field("password", text, true);

/** Another device, which has its own state. */
async function elsewhere(edits: (session: VaultSession) => readonly Edit[]): Promise<void> {
  using session = await open(store("other.pm", "other"));
  await session.edit(edits(session));
}

beforeEach(async () => {
  await create();
  using session = await open();
  const { ids: created } = await session.edit([
    creation("full", FULL),
    creation("gone", FULL),
    creation("divided", { fields: [password("one")] }),
    creation("plain", { fields: [password("plain")] }),
  ]);
  const [full = "", gone = "", divided = "", plain = ""] = created;
  ids = { full, gone, divided, plain };
  await session.edit([change(full, { set: [password("two")] }), { kind: "trash", id: gone }]);
  fs.copyFileSync(file("vault.pm"), file("old.pm"));
  fs.copyFileSync(file("vault.pm"), file("other.pm"));
  await session.edit([change(divided, { set: [password("here")] })]);
  await elsewhere(() => [change(divided, { set: [password("there")] })]);
  await session.merge(copyAt("other.pm"), { dryRun: false, strict: false });
  await elsewhere(() => [
    creation("new elsewhere", FULL),
    change(full, { set: [password("elsewhere")], removeTags: ["dev"], addTags: ["far"] }),
    { kind: "move", id: plain, path: "moved", existing: "refuse" },
    { kind: "restore", id: gone },
  ]);
});

type Change = readonly [what: string, apply: (session: VaultSession) => Promise<unknown>];

const editing = (what: string, edits: () => readonly Edit[]): Change => [
  what,
  (session) => session.edit(edits()),
];

const CHANGES: readonly Change[] = [
  editing("a creation", () => [creation("new", FULL)]),
  editing("a creation that replaces an entry", () => [
    creation("full", { type: "note", fields: [field("note", "text")], existing: "replace" }),
  ]),
  editing("a new value", () => [
    change(ids.full, { set: [password("three"), field("url", "https://example.org")] }),
  ]),
  editing("a removed field", () => [change(ids.full, { unset: ["password", "username"] })]),
  editing("tags", () => [change(ids.full, { addTags: ["new"], removeTags: ["dev"] })]),
  editing("a type", () => [change(ids.full, { type: "card" })]),
  editing("facts that were there", () => [
    change(ids.full, { meta: { expires: null, favourite: false, recipe: "words=5" } }),
  ]),
  editing("facts that were not there", () => [
    change(ids.plain, { meta: { expires: "2028-02-29", favourite: true, recipe: "words=5" } }),
  ]),
  editing("a move", () => [{ kind: "move", id: ids.full, path: "folder/full", existing: "refuse" }]),
  editing("a move that replaces an entry", () => [
    { kind: "move", id: ids.full, path: "plain", existing: "trash" },
  ]),
  editing("a copy", () => [{ kind: "copy", id: ids.full, path: "copy", existing: "refuse" }]),
  editing("a copy that replaces an entry", () => [
    { kind: "copy", id: ids.full, path: "plain", existing: "replace" },
  ]),
  editing("a move to the trash", () => [{ kind: "trash", id: ids.full }]),
  editing("a return from the trash", () => [{ kind: "restore", id: ids.gone }]),
  editing("a choice between siblings", () => [
    { kind: "resolve", id: ids.divided, key: "f:password", number: 1 },
  ]),
  editing("an edit over siblings", () => [change(ids.divided, { set: [password("over both")] })]),
  editing("edits of all kinds in one save", () => [
    creation("new", FULL),
    change(ids.full, { set: [password("three")], unset: ["username"], addTags: ["x"], type: "note" }),
    change(ids.full, { set: [password("four")] }),
    { kind: "move", id: ids.full, path: "new place", existing: "refuse" },
    { kind: "copy", id: ids.full, path: "full", existing: "refuse" },
    { kind: "trash", id: ids.plain },
    { kind: "restore", id: ids.gone },
    { kind: "resolve", id: ids.divided, key: "f:password", number: 0 },
  ]),
  editing("an edit that drops the oldest history", () =>
    Array.from({ length: 25 }, (_, n) => change(ids.plain, { set: [field("username", `name ${n}`)] })),
  ),
  ["the restoring of an older copy", (session) => session.restore(copyAt("old.pm"))],
  ["a merge", (session) => session.merge(copyAt("other.pm"), { dryRun: false, strict: false })],
  ["an undo", (session) => session.undo(1)],
];

describe("undo", () => {
  test.each(CHANGES)("reverses %s, and undone itself brings it back", async (_what, apply) => {
    using session = await open();
    const before = await contentOf(session);
    await apply(session);
    const after = await contentOf(session);
    expect(after).not.toEqual(before);
    await session.undo(1);
    expect(await contentOf(session)).toEqual(before);
    await session.undo(1);
    expect(await contentOf(session)).toEqual(after);
    await session.undo(1);
    expect(await contentOf(session)).toEqual(before);
    await session.verify();
  });

  test("reverses several operations at once, newest first", async () => {
    using session = await open();
    const contents = [await contentOf(session)];
    const done = [0, 2, 4, 8, 13, 14, 15, 18, 19].map((n) => CHANGES[n]).filter((item) => item !== undefined);
    for (const [, apply] of done) {
      await apply(session);
      contents.push(await contentOf(session));
    }
    expect((await session.undo(4)).undone).toHaveLength(4);
    expect(await contentOf(session)).toEqual(contents[done.length - 4]);
    await session.undo(1);
    expect(await contentOf(session)).toEqual(contents[done.length]);
    await session.undo(done.length + 1 + 1);
    expect(await contentOf(session)).toEqual(contents[0]);
    await session.verify();
  });

  test("of a creation leaves neither an entry nor one in the trash", async () => {
    using session = await open();
    const [id = ""] = (await session.edit([creation("new", FULL)])).ids;
    const { entries, trashed } = await session.info();
    await session.undo(1);
    expect(await session.resolve("new")).toEqual({ kind: "none" });
    expect(await session.resolve(`id:${id}`)).toEqual({ kind: "none" });
    expect(await codeOf(session.entry(id))).toBe("not-found");
    expect(await session.info()).toMatchObject({ entries: entries - 1, trashed });
    await session.edit([creation("new", FULL)]);
  });

  test("reverses an edit of one of two entries that a merge left at one path", async () => {
    using session = await open();
    await elsewhere(() => [creation("twice", FULL)]);
    await session.edit([creation("twice", FULL)]);
    const [id = ""] = (await session.list({ prefix: "twice" })).map((row) => row.id);
    await session.merge(copyAt("other.pm"), { dryRun: false, strict: false });
    expect((await session.resolve("twice")).kind).toBe("ambiguous");
    for (const edit of [
      change(id, { set: [password("edited")] }),
      { kind: "move", id, path: "once", existing: "refuse" },
    ] as const) {
      const before = await contentOf(session);
      await session.edit([edit]);
      await session.undo(1);
      expect(await contentOf(session)).toEqual(before);
    }
  });

  test("of a session reverses what another one did", async () => {
    using one = await open();
    using two = await open();
    const before = await contentOf(one);
    await two.edit([creation("new", FULL)]);
    await one.undo(1);
    expect(await contentOf(one)).toEqual(before);
  });
});

/** Neither the last operation nor one before it is undone; one that comes after it is. */
async function requireBarrier(session: VaultSession): Promise<void> {
  const files = filesOf();
  expect(await codeOf(session.undo(1))).toBe("conflict");
  expect(await codeOf(session.undo(2))).toBe("conflict");
  expect(filesOf()).toEqual(files);
  await session.edit([creation("after", FULL)]);
  const later = filesOf();
  expect(await codeOf(session.undo(2))).toBe("conflict");
  expect(filesOf()).toEqual(later);
  await session.undo(1);
  expect(await session.resolve("after")).toEqual({ kind: "none" });
}

describe("undo is refused, and nothing changes,", () => {
  const secret = new Uint8Array(32).fill(9);
  test.each<Change>([
    ["a new key", (session) => session.addSlot({ type: "keyfile", secret, label: "k" })],
    ["a new root key", (session) => session.rekey([{ type: "machine", secret: SECRET, label: "ci" }])],
    ["an erased entry", (session) => session.edit([{ kind: "purge", id: ids.gone }])],
    [
      "an erased entry in one save with edits",
      (session) => session.edit([change(ids.full, { type: "note" }), { kind: "purge", id: ids.gone }]),
    ],
  ])("after %s", async (_what, apply) => {
    using session = await open();
    await apply(session);
    await requireBarrier(session);
  });

  test("after a key was removed, and after a new password", async () => {
    using session = await open();
    const slot = { type: "password", password: utf8("one"), profile: "constrained", label: "p" } as const;
    await session.addSlot(slot);
    using byPassword = await open({ credentials: { password: utf8("one") } });
    await byPassword.changePassword(utf8("two"), "constrained");
    await requireBarrier(byPassword);
    const { slots } = await byPassword.info();
    await session.removeSlot(slots.find(({ type }) => type === "password")?.id ?? "");
    await requireBarrier(session);
  });

  test("where there is nothing to undo, or less", async () => {
    using session = await open();
    const files = filesOf();
    expect(await codeOf(session.undo(10))).toBe("not-found");
    expect(filesOf()).toEqual(files);
    await create("empty.pm");
    using empty = await open(store("empty.pm"));
    expect(await codeOf(empty.undo(1))).toBe("not-found");
    expect(await empty.log()).toEqual([]);
  });
});
