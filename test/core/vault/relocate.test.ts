import { describe, expect, test } from "vitest";
import { change, creation, editor, field, FULL, NOW } from "../../support/draft-builder.ts";
import { verdict } from "../../support/vault-builder.ts";

describe("move", () => {
  test("changes the path only", () => {
    const { apply, entry, draft } = editor();
    const id = apply(creation("a", FULL));
    const before = entry(id);
    expect(apply({ kind: "move", id, path: "b/c", existing: "refuse" })).toBe(id);
    expect(entry(id)).toEqual({ ...before, path: "b/c", modified: NOW + 1000 });
    expect([draft.liveIdsAt("a"), draft.liveIdsAt("b/c")]).toEqual([[], [id]]);
  });

  test("to its own path is allowed", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a"));
    apply({ kind: "move", id, path: "a", existing: "refuse" });
    expect(entry(id).path).toBe("a");
  });

  test("refuses a path that is taken, or puts what is there into the trash", () => {
    const { apply, entry } = editor();
    const [a, b] = [apply(creation("a")), apply(creation("b"))];
    expect(verdict(() => apply({ kind: "move", id: a, path: "b", existing: "refuse" }))).toBe("conflict");
    expect([entry(a).path, entry(b).trashed]).toEqual(["a", false]);
    apply({ kind: "move", id: a, path: "b", existing: "trash" });
    expect([entry(a).path, entry(b).trashed]).toEqual(["b", true]);
  });
});

describe("copy", () => {
  test("makes an entry of its own, without the history", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", FULL));
    apply(change(id, { set: [field("password", "two", true)] }));
    const twin = apply({ kind: "copy", id, path: "b", existing: "refuse" });
    const { history: _, ...content } = entry(id);
    expect(entry(twin)).toEqual({
      ...content,
      id: twin,
      path: "b",
      history: [],
      created: NOW + 2000,
      modified: NOW + 2000,
    });
    apply(change(twin, { set: [field("password", "three", true)] }));
    expect(entry(id).fields).toContainEqual(field("password", "two", true));
  });

  test("of an entry without facts has none either", () => {
    const { apply, entry } = editor();
    const twin = apply({ kind: "copy", id: apply(creation("a")), path: "b", existing: "refuse" });
    expect(entry(twin)).toMatchObject({ expires: undefined, recipe: undefined, favourite: false });
  });

  test("refuses a path that is taken, or replaces what is there", () => {
    const { apply, entry } = editor();
    const [a, b] = [apply(creation("a", FULL)), apply(creation("b"))];
    expect(verdict(() => apply({ kind: "copy", id: a, path: "b", existing: "refuse" }))).toBe("conflict");
    expect(apply({ kind: "copy", id: a, path: "b", existing: "replace" })).toBe(b);
    expect(entry(b).fields).toEqual(FULL.fields);
  });
});
