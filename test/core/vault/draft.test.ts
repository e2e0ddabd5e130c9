import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes, fromHex, utf8 } from "../../../src/core/bytes.ts";
import type { Edit } from "../../../src/core/vault/edit.ts";
import { VaultDraft } from "../../../src/core/vault/draft.ts";
import { encodeRoot } from "../../../src/core/vault/root.ts";
import { buildPlaintext } from "../../../src/core/vault/layout.ts";
import { encodeIndex, type IndexRow } from "../../../src/core/vault/vault-index.ts";
import { verifyContent } from "../../../src/core/vault/verify.ts";
import {
  buildNext,
  change,
  contentFrom,
  creation,
  editor,
  EMPTY_INDEX,
  EMPTY_ROOT,
  emptyDraft,
  field,
  idOf,
  recordOf,
  reopened,
} from "../../support/draft-builder.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { readBases } from "../../support/format-vectors.ts";
import { runs } from "../../support/properties.ts";
import { contentOf, verdict } from "../../support/vault-builder.ts";

/** Does to a draft what a random list says; what a vault refuses is refused here too. */
const actions = fc.array(
  fc.record({ what: fc.nat(12), which: fc.nat(20), text: fc.string({ unit: "grapheme", maxLength: 12 }) }),
  { maxLength: 25 },
);

function act(
  edits: ReturnType<typeof editor>,
  ids: string[],
  { what, which, text }: { what: number; which: number; text: string },
): void {
  const id = ids[which % Math.max(1, ids.length)] ?? idOf(0);
  const list: readonly Edit[] = [
    creation(`p${which}`, { fields: [field("password", text, true), field("url", text)], tags: ["t"] }),
    creation(`p${which}`, { fields: [field("username", text)], existing: "replace" }),
    change(id, { set: [field("password", text, true)], addTags: [`t${which}`] }),
    change(id, { unset: ["password"], meta: { favourite: true, expires: "2027-01-01" } }),
    { kind: "move", id, path: `m${which}`, existing: "trash" },
    { kind: "copy", id, path: `c${which}`, existing: "replace" },
    { kind: "trash", id },
    { kind: "restore", id },
    { kind: "purge", id },
    { kind: "attach", id, name: `a${which % 3}`, bytes: utf8(text), existing: "refuse" },
    { kind: "attach", id, name: `a${which % 3}`, bytes: utf8(text), existing: "replace" },
    { kind: "detach", id, name: `a${which % 3}` },
    creation(`q${which}`, { attachments: [{ name: "a0", bytes: utf8(text) }], existing: "replace" }),
  ];
  const edit = list[what];
  if (edit === undefined) return;
  const code = verdict(() => ids.push(edits.apply(edit)));
  expect(["ok", "conflict", "not-found", "usage", "ambiguous"]).toContain(code);
}

test("whatever is edited, the next version holds together, and reads as the draft did", () => {
  fc.assert(
    fc.property(actions, actions, (first, second) => {
      const before = editor();
      const ids: string[] = [];
      for (const action of first) act(before, ids, action);
      const edits = editor(reopened(before.draft));
      for (const action of second) act(edits, ids, action);
      const content = contentFrom(buildNext(edits.draft));
      const report = verifyContent(nativeBackend, content);
      const { attachments } = new VaultDraft(content).root;
      expect(report.records).toBe(new Set(ids).size + 1 + attachments.length);
      const next = editor(new VaultDraft(content));
      for (const id of new Set(ids)) expect(next.entry(id)).toEqual(edits.entry(id));
    }),
    runs(60),
  );
});

test("a record that no edit touches stays the same bytes, whatever is in it", () => {
  const base = readBases().get("PMV1-002");
  const rootKey = fromHex(base?.rootKey ?? "") ?? new Uint8Array(0);
  const content = contentOf({ file: base?.bytes ?? new Uint8Array(0), rootKey });
  const draft = new VaultDraft(content);
  const before = new Map(
    draft.index.rows.map(([id, offset, length]) => [id, content.record({ offset, length }).slice()]),
  );
  const edits = editor(draft);
  edits.apply(change(idOf(1), { addTags: ["new"] }));
  edits.apply(creation("new"));
  const after = contentFrom(buildNext(draft));
  expect(verdict(() => verifyContent(nativeBackend, after))).toBe("ok");
  const next = new VaultDraft(after);
  for (const [id, offset, length] of next.index.rows) {
    const same = equalBytes(after.record({ offset, length }), before.get(id) ?? new Uint8Array(0));
    expect([id, same]).toEqual([id, before.has(id) && id !== idOf(1)]);
  }
  // What later versions wrote: members and columns, log and attachments.
  expect(next.index.unknown).toEqual(draft.index.unknown);
  expect(next.index.rows.find(([id]) => id === idOf(6))?.slice(9)).toEqual([
    "a column",
    { of: ["a later", "version"] },
  ]);
  expect(next.root.unknown).toEqual(draft.root.unknown);
  const bytesOf = (of: typeof draft, from: typeof content): readonly Uint8Array[] =>
    [...of.root.log, ...of.root.attachments].map((extent) => from.record(extent));
  expect(bytesOf(next, after)).toEqual(bytesOf(draft, content));
  expect(next.root.attachments.length).toBe(1);
});

describe("a draft", () => {
  test("knows its entries by id, edited or not", () => {
    const edits = editor();
    const [a, b] = [edits.apply(creation("a")), edits.apply(creation("b"))];
    const draft = reopened(edits.draft);
    draft.put(recordOf(b, "c"));
    expect([
      draft.record(a)?.registers.get("path")?.[0]?.value,
      draft.record(b)?.registers.get("path")?.[0]?.value,
    ]).toEqual(["a", "c"]);
    expect(draft.record(idOf(9))).toBeUndefined();
  });

  test.each([0, 20])("knows the living at a path, after %d lookups as before", (lookups) => {
    const draft = emptyDraft();
    for (let n = 0; n < lookups; n++) draft.liveIdsAt("warm up");
    draft.put(recordOf(idOf(1), "a"));
    draft.put(recordOf(idOf(2), "a"));
    expect(draft.liveIdsAt("a")).toEqual([idOf(1), idOf(2)]);
    draft.put(recordOf(idOf(1), "b"));
    expect([draft.liveIdsAt("a"), draft.liveIdsAt("b")]).toEqual([[idOf(2)], [idOf(1)]]);
    const trashed = recordOf(idOf(2), "a");
    draft.put({
      ...trashed,
      registers: new Map([
        ...trashed.registers,
        ["live", [{ ...trashed.registers.get("live")?.[0], value: false } as never]],
      ]),
    });
    expect(draft.liveIdsAt("a")).toEqual([]);
    const again = reopened(draft);
    for (let n = 0; n < lookups; n++) again.liveIdsAt("warm up");
    expect([again.liveIdsAt("a"), again.liveIdsAt("b")]).toEqual([[], [idOf(1)]]);
  });

  test("of two rows with one id is none", () => {
    const record = encodeRoot(EMPTY_ROOT);
    const row = [idOf(1), 0, record.length, "a", "", [], [], 0, 0] as unknown as IndexRow;
    const index = encodeIndex({
      ...EMPTY_INDEX,
      root: { offset: 0, length: record.length },
      rows: [row, row],
    });
    expect(verdict(() => new VaultDraft(contentFrom(buildPlaintext(index, [record]))))).toBe("index-invalid");
  });

  test("reads a broken record only when it is asked for it, and then says so", () => {
    const bytes = utf8("broken");
    const root = encodeRoot(EMPTY_ROOT);
    const rows = [[idOf(1), 0, 6, "a", "", [], [], 0, 0] as unknown as IndexRow];
    const index = encodeIndex({ ...EMPTY_INDEX, root: { offset: 6, length: root.length }, rows });
    const draft = new VaultDraft(contentFrom(buildPlaintext(index, [bytes, root])));
    expect(verdict(() => draft.record(idOf(1)))).toBe("record-invalid");
  });
});

test("a root record that no reader would take is not built", () => {
  const draft = emptyDraft();
  const large = [{ value: "x".repeat(1_048_576), replica: "0".repeat(16), seq: 1, hlc: 1 }];
  const root = { ...draft.root, registers: new Map([["x:later", large]]) };
  const index = { generation: 2, hlc: 1, vector: {} };
  expect(verdict(() => draft.build({ root, log: [], index }))).toBe("limit");
});
