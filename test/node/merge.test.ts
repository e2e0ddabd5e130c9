import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { MergeReport } from "../../src/core/vault/merge-copies.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { change, creation, field, FULL } from "../support/draft-builder.ts";
import { codeOf, create, file, open, store, useSessionHome } from "../support/session-home.ts";
import { contentOf, copyAt, filesOf, idAt } from "../support/vault-content.ts";

useSessionHome();

/** The entries that both copies begin with. */
let ids: Readonly<Record<"a" | "b" | "c", string>>;

const HERE = "vault.pm";
const THERE = "other.pm";
const PLAIN = { dryRun: false, strict: false };
const password = (text: string): ReturnType<typeof field> => field("password", text, true);

function openThere(): Promise<VaultSession> {
  return open(store(THERE, "other"));
}

async function merge(into: VaultSession, name: string, options = PLAIN): Promise<MergeReport> {
  return (await into.merge(copyAt(name), options)).report;
}

beforeEach(async () => {
  await create();
  using session = await open();
  const [a = "", b = "", c = ""] = (
    await session.edit([creation("a", FULL), creation("b", FULL), creation("c", FULL)])
  ).ids;
  ids = { a, b, c };
  fs.copyFileSync(file(HERE), file(THERE));
});

async function editBoth(): Promise<readonly [here: VaultSession, there: VaultSession]> {
  const [here, there] = [await open(), await openThere()];
  await here.edit([change(ids.a, { set: [password("here")], addTags: ["here"] }), creation("new here")]);
  await here.edit([{ kind: "trash", id: ids.b }]);
  await here.edit([{ kind: "move", id: ids.c, path: "c here", existing: "refuse" }]);
  await there.edit([change(ids.a, { set: [field("username", "there")], addTags: ["there"] })]);
  await there.edit([change(ids.b, { set: [password("there")] }), creation("new there")]);
  await there.edit([{ kind: "trash", id: ids.c }]);
  return [here, there];
}

describe("two copies that were edited on both sides", () => {
  test("have all edits of both once they are merged, and an entry that only one deleted", async () => {
    const [here, there] = await editBoth();
    const report = await merge(here, THERE);
    expect(report).toMatchObject({ isNew: true, conflicts: [], forked: [], droppedSlots: [] });
    expect(report.revived.toSorted()).toEqual(["b", "c here"]);
    expect(report.changes.map(({ path, kind }) => [path, kind])).toEqual(
      expect.arrayContaining([
        ["a", "changed"],
        ["b", "changed"],
        ["new there", "added"],
      ]),
    );
    const paths = ["a", "b", "c here", "new here", "new there"];
    expect((await here.list({})).map(({ path }) => path)).toEqual(paths);
    const a = await here.entry(ids.a);
    expect(a.tags).toEqual(expect.arrayContaining(["here", "there"]));
    expect(Object.fromEntries(a.fields.map(({ name, text }) => [name, text]))).toMatchObject({
      password: "here",
      username: "there",
    });
    await here.verify();
    here[Symbol.dispose]();
    there[Symbol.dispose]();
  });

  test("have the same content, whichever is merged into the other", async () => {
    const [here, there] = await editBoth();
    fs.copyFileSync(file(HERE), file("copy.pm"));
    await merge(here, THERE);
    await merge(there, "copy.pm");
    expect(await contentOf(there)).toEqual(await contentOf(here));
    await merge(there, HERE);
    await merge(here, THERE);
    expect(await contentOf(there)).toEqual(await contentOf(here));
  });

  test("are merged once: the second time nothing is new, and not a byte is written", async () => {
    const [here] = await editBoth();
    await merge(here, THERE);
    const files = filesOf();
    expect(await merge(here, THERE)).toMatchObject({ isNew: false, changes: [], conflicts: [] });
    expect(filesOf()).toEqual(files);
    // The own file, and one that came before it.
    fs.copyFileSync(file(HERE), file("copy.pm"));
    expect((await merge(here, "copy.pm")).isNew).toBe(false);
    expect((await merge(here, `${HERE}.bak`)).isNew).toBe(false);
    expect(filesOf()).toEqual(files);
  });

  test("leave the other file as it was", async () => {
    const [here] = await editBoth();
    const files = filesOf(THERE);
    await merge(here, THERE);
    expect(filesOf(THERE)).toEqual(files);
  });

  test("are not changed by a dry run, which says the same as the merge", async () => {
    const [here] = await editBoth();
    const files = [filesOf(), filesOf(THERE)];
    const said = await merge(here, THERE, { dryRun: true, strict: false });
    expect([filesOf(), filesOf(THERE)]).toEqual(files);
    expect(await merge(here, THERE)).toEqual(said);
  });
});

describe("values of one field that both sides wrote", () => {
  beforeEach(async () => {
    using here = await open();
    using there = await openThere();
    await here.edit([change(ids.a, { set: [password("here")] })]);
    await there.edit([change(ids.a, { set: [password("there")] })]);
  });

  test("both stay until somebody chooses, and then the other one is in the history", async () => {
    using here = await open();
    expect((await merge(here, THERE)).conflicts).toEqual([{ id: ids.a, path: "a", names: ["password"] }]);
    const [conflict] = await here.conflicts();
    const texts = (conflict?.values ?? []).map(({ value }) => value?.text ?? "");
    expect(texts.toSorted()).toEqual(["here", "there"]);
    await here.edit([{ kind: "resolve", id: ids.a, key: "f:password", number: 1 }]);
    const { fields, history, conflicts } = await here.entry(ids.a);
    expect(conflicts).toEqual([]);
    expect(fields.find(({ name }) => name === "password")?.text).toBe(texts[1]);
    expect(history.map(({ value }) => value.text)).toContain(texts[0]);
    // The choice is an edit: it wins where the other copy did not go on.
    using there = await openThere();
    expect((await merge(there, HERE)).conflicts).toEqual([]);
    expect(await contentOf(there)).toEqual(await contentOf(here));
  });

  test.each([true, false])(
    "are refused by a strict merge, which changes nothing (dry run: %s)",
    async (dryRun) => {
      using here = await open();
      const files = [filesOf(), filesOf(THERE)];
      expect(await codeOf(here.merge(copyAt(THERE), { dryRun, strict: true }))).toBe("conflict");
      expect([filesOf(), filesOf(THERE)]).toEqual(files);
    },
  );

  test("are no conflict where they are the same", async () => {
    using here = await open();
    using there = await openThere();
    const same: Edit = change(ids.b, { set: [password("same")] });
    await here.edit([same, change(ids.a, { set: [password("x")] })]);
    await there.edit([same, change(ids.a, { set: [password("x")] })]);
    expect(await merge(here, THERE, { dryRun: false, strict: true })).toMatchObject({ conflicts: [] });
  });
});

test("two entries of one name stay two", async () => {
  using here = await open();
  using there = await openThere();
  await here.edit([creation("same name", FULL)]);
  await there.edit([creation("same name", FULL)]);
  await merge(here, THERE);
  expect((await here.resolve("same name")).kind).toBe("ambiguous");
  expect(await idAt(here, "a")).toBe(ids.a);
});

test("a copy that another session changed meanwhile is merged into what is there now", async () => {
  using one = await open();
  using two = await open();
  using there = await openThere();
  await there.edit([creation("there")]);
  await two.edit([creation("meanwhile")]);
  await merge(one, THERE);
  expect((await one.list({})).map(({ path }) => path)).toEqual(["a", "b", "c", "meanwhile", "there"]);
});

type Damage = (bytes: Buffer) => Buffer;
const flipAt =
  (at: (length: number) => number): Damage =>
  (bytes) => {
    const where = at(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(where) ^ 1, where);
    return bytes;
  };

async function requireRefused(code: string): Promise<void> {
  using here = await open();
  const files = filesOf();
  expect(await codeOf(here.merge(copyAt(THERE), PLAIN))).toBe(code);
  expect(await codeOf(here.compare(copyAt(THERE)))).toBe(code);
  expect(await codeOf(here.restore(copyAt(THERE)))).toBe(code);
  expect(filesOf()).toEqual(files);
}

describe("nothing is changed by a merge, a comparison or a restore", () => {
  test("of another vault", async () => {
    fs.rmSync(file(THERE));
    await create(THERE);
    await requireRefused("conflict");
  });

  test.each<[what: string, damage: Damage, code: string]>([
    ["that is cut off", (bytes) => bytes.subarray(0, -1), "truncated"],
    ["that is no vault", () => Buffer.alloc(100_000), "not-a-vault"],
    ["with a damaged header", flipAt(() => 100), "header-checksum"],
    ["with a damaged first chunk", flipAt(() => 4096 + 60), "body-corrupt"],
    ["with a damaged last chunk", flipAt((length) => length - 1), "body-corrupt"],
  ])("of a file %s", async (_what, damage, code) => {
    using there = await openThere();
    await there.edit([creation("there")]);
    fs.writeFileSync(file(THERE), damage(fs.readFileSync(file(THERE))));
    await requireRefused(code);
  });

  test("of a file that is not there", async () => {
    fs.rmSync(file(THERE));
    await requireRefused("not-found");
  });
});
