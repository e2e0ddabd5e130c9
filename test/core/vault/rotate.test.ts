/** The next value of a field: beside the present one, in its place, or given up, and never lost. */
import { describe, expect, test } from "vitest";
import type { RotateEdit } from "../../../src/core/vault/edit.ts";
import { KEY } from "../../../src/core/vault/record.ts";
import { withhold } from "../../../src/core/vault/use-only.ts";
import { change, creation, editor, field, FULL, NOW, OTHER_REPLICA } from "../../support/draft-builder.ts";
import { verdict } from "../../support/vault-builder.ts";

const OLD = field("password", "one", true);
const NEW = field("password", "two", true);

function begun() {
  const edits = editor();
  const id = edits.apply(creation("a", FULL));
  const step = (kind: RotateEdit["step"], value = NEW) =>
    edits.apply({ kind: "rotate", id, step: kind, field: value });
  step("begin");
  return { ...edits, id, step };
}

function historyOf({ entry, id }: Pick<ReturnType<typeof begun>, "entry" | "id">): readonly string[] {
  return entry(id).history.map(({ field: name, value }) => `${name}=${value.text}`);
}

describe("a next value", () => {
  test("stands beside the present one, and is no field", () => {
    const { entry, id } = begun();
    expect(entry(id)).toMatchObject({ fields: FULL.fields, pending: [NEW], history: [], conflicts: [] });
  });

  test("takes its place, and the one before goes to the history", () => {
    const edits = begun();
    edits.step("commit");
    expect(edits.entry(edits.id).fields).toContainEqual(NEW);
    expect(edits.entry(edits.id).pending).toBeUndefined();
    expect(historyOf(edits)).toEqual(["password=one"]);
  });

  test("is given up, and goes to the history itself", () => {
    const edits = begun();
    edits.step("abort");
    expect(edits.entry(edits.id)).toMatchObject({ fields: FULL.fields });
    expect(edits.entry(edits.id).pending).toBeUndefined();
    expect(historyOf(edits)).toEqual(["password=two"]);
  });

  test("is one at a time, and only what was begun can end", () => {
    const edits = begun();
    const other = field("password", "three", true);
    expect(verdict(() => edits.step("begin", other))).toBe("conflict");
    expect(verdict(() => edits.step("commit", other))).toBe("conflict");
    expect(verdict(() => edits.step("abort", other))).toBe("conflict");
    edits.step("abort");
    expect(verdict(() => edits.step("abort"))).toBe("conflict");
    expect(verdict(() => edits.step("commit"))).toBe("conflict");
    expect(verdict(() => edits.step("begin", field("token", "x")))).toBe("not-found");
    edits.apply(change(edits.id, { unset: ["password"] }));
    expect(verdict(() => edits.step("begin"))).toBe("not-found");
  });

  test("keeps what was written meanwhile, in the history", () => {
    const edits = begun();
    edits.apply(change(edits.id, { set: [field("password", "meanwhile", true)] }));
    edits.step("commit");
    expect(edits.entry(edits.id).fields).toContainEqual(NEW);
    expect(historyOf(edits)).toEqual(["password=meanwhile", "password=one"]);
  });

  test("of another device is kept, whichever of the two is put in force", () => {
    const edits = begun();
    const record = edits.record(edits.id);
    const key = `${KEY.next}password`;
    const theirs = { value: ["c", "theirs"], replica: OTHER_REPLICA, seq: 1, hlc: NOW + 9999 };
    const divided = [...(record.registers.get(key) ?? []), theirs];
    edits.draft.put({ ...record, registers: new Map(record.registers).set(key, divided) });
    expect(edits.entry(edits.id)).toMatchObject({ pending: [{ text: "theirs" }], conflicts: [key] });
    edits.step("commit");
    expect(edits.entry(edits.id).fields).toContainEqual(NEW);
    expect(historyOf(edits).toSorted()).toEqual(["password=one", "password=theirs"]);
  });

  test("goes with the entry: withheld, replaced, erased", () => {
    const edits = begun();
    expect(withhold(edits.entry(edits.id)).pending).toMatchObject([{ text: "", withheld: true }]);
    edits.apply(creation("a", { ...FULL, fields: [OLD], existing: "replace" }));
    expect(edits.entry(edits.id).pending).toBeUndefined();
    expect(historyOf(edits)).toContain("password=two");
    edits.step("begin");
    edits.apply({ kind: "trash", id: edits.id });
    edits.apply({ kind: "purge", id: edits.id });
    expect(JSON.stringify([...edits.record(edits.id).registers])).not.toContain("two");
  });
});
