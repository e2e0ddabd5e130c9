/** What an import says of an entry's past. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EarlierValue } from "../../../src/core/vault/edit.ts";
import type { FieldValue } from "../../../src/core/vault/model.ts";
import { change, creation, editor, field, NOW, REPLICA } from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";
import { verdict } from "../../support/vault-builder.ts";

const secret = (text: string): FieldValue => ({ text, encoding: "utf8", concealed: true });
const value = (text: string, written?: number): EarlierValue => ({
  field: "password",
  value: secret(text),
  ...(written === undefined ? {} : { written }),
});

function imported(history: readonly EarlierValue[], created?: number) {
  const edits = editor();
  const fields = [field("password", "now", true)];
  const id = edits.apply(creation("a", { fields, history, ...(created === undefined ? {} : { created }) }));
  return { ...edits, id };
}

describe("an entry that is imported", () => {
  test("has its earlier values before those that come later, and its own time of creation", () => {
    const { apply, entry, record, id } = imported([value("one", 1000), value("two", 2000)], 500);
    expect(entry(id)).toMatchObject({
      created: 500,
      modified: NOW,
      history: [
        { field: "password", value: secret("two"), written: 2000 },
        { field: "password", value: secret("one"), written: 1000 },
      ],
    });
    // A part of the save that brought them, for those who merge.
    expect(record(id).history.every(({ replica, seq }) => replica === REPLICA && seq === 1)).toBe(true);
    apply(change(id, { set: [field("password", "later", true)] }));
    expect(entry(id).history.map((item) => item.value.text)).toEqual(["now", "two", "one"]);
  });

  test("without times has that of the next known one, of its creation, or of the save", () => {
    const times = (history: readonly EarlierValue[], created?: number): readonly number[] => {
      const { record, id } = imported(history, created);
      return record(id).history.map(({ hlc }) => hlc);
    };
    expect(times([value("a"), value("b", 7), value("c")])).toEqual([7, 7, 7]);
    expect(times([value("a"), value("b")], 5)).toEqual([5, 5]);
    expect(times([value("a")])).toEqual([NOW]);
    expect(times([value("a", 9), value("b", 3), value("c", NOW + 99)])).toEqual([9, 9, NOW]);
  });

  test("keeps the newest of too many, and passwords before other fields", () => {
    const note = (n: number): EarlierValue => ({ field: "notes", value: secret(`note ${n}`), written: n });
    const { entry, id } = imported([value("first", 1), ...Array.from({ length: 30 }, (_, n) => note(n + 2))]);
    expect(entry(id).history).toHaveLength(20);
    expect(entry(id).history.at(-1)?.value.text).toBe("first");
    expect(entry(id).history[0]?.value.text).toBe("note 31");
  });

  test("over one that is there has the past of both, and keeps the time of the one that was there", () => {
    const { apply, entry, id } = imported([value("old", 1)], 400);
    const fields = [field("password", "imported", true)];
    const history = [value("of the import", 2)];
    const same = apply(creation("a", { existing: "replace", fields, history, created: 300 }));
    expect(same).toBe(id);
    expect(entry(id)).toMatchObject({ created: 400 });
    expect(entry(id).history.map((item) => item.value.text)).toEqual(["now", "of the import", "old"]);
  });

  test("is refused with a time, a name or a value that is none, and nothing is made", () => {
    const { apply, draft } = editor();
    const refused = (rest: Parameters<typeof creation>[1]): string =>
      verdict(() => apply(creation("a", rest)));
    expect(refused({ created: -1 })).toBe("usage");
    expect(refused({ created: 1.5 })).toBe("usage");
    expect(refused({ history: [value("x", Number.NaN)] })).toBe("usage");
    expect(refused({ history: [{ ...value("x"), field: "" }] })).toBe("usage");
    expect(refused({ history: [value("x".repeat(262_145))] })).toBe("limit");
    expect(draft.replaced()).toEqual([]);
  });

  test("in whatever order its times are, has a history that merging leaves in its order", () => {
    const times = fc.array(fc.option(fc.nat(2 * NOW), { nil: undefined }), { maxLength: 20 });
    fc.assert(
      fc.property(times, fc.option(fc.nat(2 * NOW), { nil: undefined }), (given, created) => {
        const { record, id } = imported(
          given.map((time, n) => value(`v${n}`, time)),
          created,
        );
        const clocks = record(id).history.map(({ hlc }) => hlc);
        expect(clocks).toEqual(clocks.toSorted((a, b) => a - b));
        expect(clocks.every((clock) => clock <= NOW)).toBe(true);
        expect(record(id).created).toBeLessThanOrEqual(NOW);
      }),
      runs(100),
    );
  });
});
