import { describe, expect, test } from "vitest";
import { toBase64 } from "../../../src/core/bytes.ts";
import type { Edit } from "../../../src/core/vault/edit.ts";
import type { Field } from "../../../src/core/vault/model.ts";
import { change, creation, editor, emptyDraft, field, idOf, NOW } from "../../support/draft-builder.ts";
import { refused, verdict } from "../../support/vault-builder.ts";

const many = (count: number, make: (n: number) => Field): readonly Field[] =>
  Array.from({ length: count }, (_, n) => make(n));
const tags = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `t${n}`);

/** An entry of each state, by what may be done to it. */
function world(): ReturnType<typeof editor> &
  Readonly<Record<"live" | "trashed" | "purged" | "missing", string>> {
  const edits = editor();
  const make = (path: string): string =>
    edits.apply(creation(path, { fields: [field("password", path, true)] }));
  const [live, trashed, purged] = [make("live"), make("trashed"), make("purged")];
  edits.apply({ kind: "trash", id: trashed });
  edits.apply({ kind: "trash", id: purged });
  edits.apply({ kind: "purge", id: purged });
  return { ...edits, live, trashed, purged, missing: idOf(99) };
}

type Named = "live" | "trashed" | "purged" | "missing";

describe("what may be done to an entry", () => {
  const kinds: readonly [kind: string, edit: (id: string) => Edit, on: readonly Named[]][] = [
    ["update", (id) => change(id), ["live"]],
    ["move", (id) => ({ kind: "move", id, path: "new", existing: "refuse" }), ["live"]],
    ["copy", (id) => ({ kind: "copy", id, path: "new", existing: "refuse" }), ["live"]],
    ["trash", (id) => ({ kind: "trash", id }), ["live"]],
    ["restore", (id) => ({ kind: "restore", id }), ["trashed"]],
    ["purge", (id) => ({ kind: "purge", id }), ["trashed"]],
  ];
  const states: readonly Named[] = ["live", "trashed", "purged", "missing"];
  const table = kinds.flatMap(([kind, edit, on]) =>
    states.map((state) => ({ kind, state, edit, expected: on.includes(state) ? "ok" : "not-found" })),
  );

  test.each(table)("$kind of a $state entry: $expected", ({ state, edit, expected }) => {
    const edits = world();
    expect(verdict(() => edits.apply(edit(edits[state])))).toBe(expected);
  });
});

describe("the trash", () => {
  test("keeps everything, and gives it back", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", { fields: [field("password", "one", true)], tags: ["x"] }));
    const before = entry(id);
    apply({ kind: "trash", id });
    expect(entry(id)).toEqual({ ...before, trashed: true, modified: NOW + 1000 });
    apply({ kind: "restore", id });
    expect(entry(id)).toEqual({ ...before, modified: NOW + 2000 });
  });

  test("gives back only to a path that is free", () => {
    const { apply } = editor();
    const id = apply(creation("a"));
    apply({ kind: "trash", id });
    apply(creation("a"));
    expect(verdict(() => apply({ kind: "restore", id }))).toBe("conflict");
  });

  test("purged, has nothing left of names, values, tags and history", () => {
    const { apply, record, entry, draft } = editor();
    const id = apply(
      creation("secret/path", {
        fields: [field("password", "s3cr3t-one", true), field("username", "alice")],
        tags: ["dev"],
        meta: { expires: "2027-01-01", recipe: "length=99", favourite: true },
      }),
    );
    apply(change(id, { set: [field("password", "s3cr3t-two", true)] }));
    apply({ kind: "trash", id });
    draft.put({
      ...record(id),
      registers: new Map([
        ...record(id).registers,
        ["x:later", record(id).registers.get("f:username") ?? []],
      ]),
    });
    apply({ kind: "purge", id });
    const text = JSON.stringify([...record(id).registers.values()]) + JSON.stringify(record(id).history);
    for (const gone of ["secret/path", "s3cr3t", "alice", "2027", "length=99"])
      expect(text).not.toContain(gone);
    expect(entry(id)).toMatchObject({ path: "", fields: [], tags: [], trashed: false, favourite: false });
    expect(record(id).registers.get("m:purged")?.[0]?.value).toBe(true);
    expect(record(id).registers.get("live")?.[0]?.value).toBe(false);
  });
});

describe("names", () => {
  const bad: readonly [what: string, name: string, code: string][] = [
    ["empty", "", "usage"],
    ["a line feed", "a\nb", "usage"],
    ["a zero byte", "a\0", "usage"],
    ["an escape", "\u001b[31m", "usage"],
    ["delete", "a\u007f", "usage"],
    ["a C1 control", "a\u0085", "usage"],
    ["a line separator", "a\u2028", "usage"],
    ["half of a surrogate pair", "a\ud83d", "usage"],
  ];
  const paths: readonly [what: string, name: string, code: string][] = [
    ...bad,
    ["a slash at the beginning", "/a", "usage"],
    ["a slash at the end", "a/", "usage"],
    ["two slashes", "a//b", "usage"],
    ["an id's prefix", "id:abcd", "usage"],
    ["1,025 bytes", "é".repeat(512) + "x", "limit"],
  ];

  test.each(paths)("a path with %s is refused", (_what, path, code) => {
    const { apply, live } = world();
    const edits: readonly Edit[] = [
      creation(path),
      { kind: "move", id: live, path, existing: "refuse" },
      { kind: "copy", id: live, path, existing: "refuse" },
    ];
    expect(edits.map((edit) => verdict(() => apply(edit)))).toEqual([code, code, code]);
  });

  test.each([...bad, ["129 bytes", "x".repeat(129), "limit"]])(
    "a field or tag with %s is refused",
    (_what, name, code) => {
      const { apply, live } = world();
      const edits: readonly Edit[] = [
        creation("new", { fields: [field(name, "x")] }),
        creation("new", { tags: [name] }),
        change(live, { set: [field(name, "x")] }),
        change(live, { addTags: [name] }),
      ];
      expect(edits.map((edit) => verdict(() => apply(edit)))).toEqual([code, code, code, code]);
    },
  );

  test("take spaces, any script, and as many bytes as allowed", () => {
    const { apply, entry } = editor();
    const path = `${"é".repeat(510)}/ab `;
    const name = "名前 / ".repeat(12) + "x".repeat(8);
    const id = apply(creation(path, { fields: [field(name, "x")], tags: ["ö".repeat(64)] }));
    expect(entry(id)).toMatchObject({ path, fields: [field(name, "x")], tags: ["ö".repeat(64)] });
  });

  test("are kept in one normal form", () => {
    const { apply, entry } = editor();
    const id = apply(creation("u\u0308", { fields: [field("o\u0308", "e\u0308")], tags: ["a\u0308"] }));
    expect(entry(id)).toMatchObject({ path: "ü", fields: [field("ö", "e\u0308")], tags: ["ä"] });
  });
});

describe("limits", () => {
  test("64 fields, not 65; removed ones do not count", () => {
    const { apply, entry } = editor();
    const fields = many(64, (n) => field(`f${n}`, "x"));
    expect(verdict(() => apply(creation("b", { fields: [...fields, field("one more", "x")] })))).toBe(
      "limit",
    );
    const id = apply(creation("a", { fields }));
    expect(refused(() => apply(change(id, { set: [field("one more", "x")] })), "limit").message).toBe(
      "an entry has at most 64 fields",
    );
    apply(change(id, { set: [field("one more", "x")], unset: ["f0"] }));
    expect(entry(id).fields.length).toBe(64);
  });

  test("64 tags, not 65; removed ones do not count", () => {
    const { apply, entry } = editor();
    expect(verdict(() => apply(creation("b", { tags: tags(65) })))).toBe("limit");
    const id = apply(creation("a", { tags: tags(64) }));
    expect(refused(() => apply(change(id, { addTags: ["more"] })), "limit").message).toBe(
      "an entry has at most 64 tags",
    );
    apply(change(id, { addTags: ["more"], removeTags: ["t0"] }));
    expect(entry(id).tags.length).toBe(64);
  });

  test.each<[what: string, value: (bytes: number) => Field]>([
    ["of ASCII", (bytes) => field("v", "x".repeat(bytes))],
    ["of longer characters", (bytes) => field("v", "é".repeat(bytes / 2) + "x".repeat(bytes % 2))],
    [
      "of bytes",
      (bytes) => ({
        name: "v",
        text: toBase64(new Uint8Array(bytes).fill(255)),
        encoding: "base64",
        concealed: true,
      }),
    ],
  ])("256 KiB of a value, not a byte more: %s", (_what, value) => {
    const { apply, live, entry } = world();
    apply(change(live, { set: [value(262_144)] }));
    expect(entry(live).fields).toContainEqual(value(262_144));
    const over = refused(() => apply(change(live, { set: [value(262_145)] })), "limit");
    expect(over.message).toBe('field "v" is over the limit of 256 KiB');
  });

  test("1 MiB of an entry", () => {
    const { apply } = editor();
    const big = (count: number): readonly Field[] => many(count, (n) => field(`f${n}`, "x".repeat(262_000)));
    const id = apply(creation("a", { fields: big(4) }));
    const error = refused(() => apply(change(id, { set: [field("more", "x".repeat(2000))] })), "limit");
    expect(error.message).toBe("the entry would be larger than 1024 KiB");
  });

  test("200,000 entries: the next is refused, those that are there can be changed", () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, n) => [idOf(n), 0, 1, `p${n}`, "", [], [], 0, 0] as const,
    );
    const draft = emptyDraft({ rows });
    const { apply } = editor(draft);
    expect(refused(() => apply(creation("new")), "limit").message).toBe(
      "a vault holds at most 200000 entries",
    );
    draft.put({ id: idOf(7), created: 0, registers: new Map(), history: [], unknown: {} });
    expect(draft.record(idOf(7))).toBeDefined();
  });
});
