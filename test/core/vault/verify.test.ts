import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import { indexRow } from "../../../src/core/vault/entry-view.ts";
import { buildPlaintext, type Extent } from "../../../src/core/vault/layout.ts";
import { encodeRecord, type EntryRecord } from "../../../src/core/vault/record.ts";
import { encodeRoot, parseRoot, type RootRecord } from "../../../src/core/vault/root.ts";
import { encodeIndex, type VaultIndex } from "../../../src/core/vault/vault-index.ts";
import { verifyContent } from "../../../src/core/vault/verify.ts";
import {
  change,
  contentFrom,
  creation,
  editor,
  buildNext,
  EMPTY_INDEX,
  EMPTY_ROOT,
  idOf,
  once,
  recordOf,
} from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";
import { verdict } from "../../support/vault-builder.ts";

interface Parts {
  readonly entries: readonly EntryRecord[];
  /** Records that are no entries: they stand first. */
  readonly others?: readonly Uint8Array[];
  readonly root?: (others: readonly Extent[]) => Partial<RootRecord>;
  readonly index?: Partial<VaultIndex>;
}

/** What the deep check says of a vault with these parts, in their places unless `index` says otherwise. */
function checked({ entries, others = [], root, index }: Parts): string {
  let end = 0;
  const place = (bytes: Uint8Array): Extent => ({
    offset: (end += bytes.length) - bytes.length,
    length: bytes.length,
  });
  const extents = others.map(place);
  const rows = entries.map((record) => indexRow(record, place(encodeRecord(record))));
  const rootBytes = encodeRoot({ ...EMPTY_ROOT, ...root?.(extents) });
  const at = place(rootBytes);
  const records = [...others, ...entries.map(encodeRecord), rootBytes];
  const plaintext = buildPlaintext(encodeIndex({ ...EMPTY_INDEX, root: at, rows, ...index }), records);
  return verdict(() => verifyContent(contentFrom(plaintext)));
}

const ENTRY = recordOf(idOf(1), "a");
const LOG = utf8(
  `{"v":1,"op":["6f1d2c3b4a596877",1,1],"by":"set","kind":"bare","count":1,"part":[1,1],"e":[]}`,
);

describe("the deep check", () => {
  test("counts the living, the trash, and every record", () => {
    const { apply, draft } = editor();
    const ids = ["a", "b", "c", "d"].map((path) => apply(creation(path)));
    for (const id of ids.slice(1)) apply({ kind: "trash", id });
    apply({ kind: "purge", id: ids[3] ?? "" });
    apply(change(ids[0] ?? "", { addTags: ["x"] }));
    expect(verifyContent(contentFrom(buildNext(draft)))).toEqual({ entries: 1, trashed: 2, records: 5 });
  });

  test("passes log and attachments, wherever they stand", () => {
    expect(
      checked({ entries: [ENTRY], others: [LOG, LOG], root: ([a, b]) => ({ log: [b, a] as Extent[] }) }),
    ).toBe("ok");
    const split = ([a, b]: readonly Extent[]): Partial<RootRecord> => ({
      log: [a] as Extent[],
      attachments: [b] as Extent[],
    });
    expect(checked({ entries: [ENTRY], others: [LOG, LOG], root: split })).toBe("ok");
  });

  test.each<[what: string, root: (others: readonly Extent[]) => Partial<RootRecord>]>([
    ["that nothing points at", () => ({})],
    ["that is pointed at twice", ([a]) => ({ attachments: [a, a] as Extent[] })],
    ["that is an entry's too", ([a]) => ({ attachments: [a, { offset: 5, length: 10 }] as Extent[] })],
    ["of no bytes", ([a]) => ({ log: [a, { offset: 5, length: 0 }] as Extent[] })],
    ["beyond the end", ([a]) => ({ attachments: [a, { offset: 9999, length: 1 }] as Extent[] })],
    ["cut short", ([a]) => ({ attachments: [{ offset: 0, length: (a?.length ?? 0) - 1 }] })],
  ])("refuses a record %s", (_what, root) => {
    expect(checked({ entries: [ENTRY], others: [LOG], root })).toBe("index-invalid");
  });

  test("refuses a log record over 1 MiB", () => {
    const big = (by: number): Uint8Array => utf8((fromUtf8(LOG) ?? "").replace("set", "s".repeat(by)));
    const others = (length: number): readonly Uint8Array[] => [big(length + 3 - LOG.length)];
    const root = (log: readonly Extent[]): Partial<RootRecord> => ({ log });
    expect(checked({ entries: [ENTRY], others: others(1_048_577), root })).toBe("index-invalid");
    expect(checked({ entries: [ENTRY], others: others(1_048_576), root })).toBe("ok");
  });

  test("refuses a log record that is none, and takes any bytes for an attachment", () => {
    const others = [utf8("a log")];
    expect(checked({ entries: [ENTRY], others, root: (log) => ({ log }) })).toBe("record-invalid");
    expect(checked({ entries: [ENTRY], others, root: (attachments) => ({ attachments }) })).toBe("ok");
  });

  test("refuses a revision that is not the root's, and an entry twice", () => {
    expect(checked({ entries: [ENTRY], index: { generation: 2 } })).toBe("index-invalid");
    expect(checked({ entries: [ENTRY, ENTRY] })).toBe("index-invalid");
  });

  test("holds every column of a row against the record", () => {
    const row = indexRow(ENTRY, { offset: 0, length: encodeRecord(ENTRY).length });
    const wrong: readonly (readonly [number, unknown])[] = [
      [3, "b"],
      [4, "x"],
      [5, ["x"]],
      [6, ["x"]],
      [7, 0],
      [7, 256 + 32],
      [7, 256 + 2 ** 12],
      [8, 1],
    ];
    for (const [column, value] of wrong) {
      const rows = [row.with(column, value as never)] as unknown as VaultIndex["rows"];
      expect([column, checked({ entries: [ENTRY], index: { rows } })]).toEqual([column, "index-invalid"]);
    }
    const later = [[...row, "more"]] as unknown as VaultIndex["rows"];
    expect(checked({ entries: [ENTRY], index: { rows: later } })).toBe("ok");
  });
});

describe("the root record", () => {
  const ROOT: RootRecord = {
    rev: 3,
    parents: ["ab".repeat(32), "cd".repeat(32)],
    keyEpoch: 2,
    registers: new Map([
      ["slot:x", once({ label: "a" })],
      ["x:later", [...once(null), ...once([1], 2)]],
    ]),
    log: [{ offset: 1, length: 2 }],
    attachments: [{ offset: 3, length: 4 }],
    keyHistory: [{ epoch: 1, keyId: "ef".repeat(16), mac: "01".repeat(32) }],
    unknown: { later: { deep: [] } },
  };

  test("is read as it was written", () => {
    const bytes = encodeRoot(ROOT);
    expect(parseRoot(bytes)).toEqual(ROOT);
    expect(encodeRoot(parseRoot(bytes))).toEqual(bytes);
  });

  test.each<[what: string, from: RegExp, to: string]>([
    ["registers as an object", /"r":.*,"log"/, '"r":{},"log"'],
    ["a register that is text", /\["slot:x"/, '"x",["slot:x"'],
    ["a register with a third part", /(\["x:later",.*\]\])\]/, "$1,0]]"],
    ["a register whose key is no text", /"slot:x"/, "7"],
    ["a register twice", /"x:later"/, '"slot:x"'],
    ["a sibling without a clock", /("x:later",\[\[null,"\w+",1),\d+/, "$1"],
    ["extents as an object", /"log":\[.*?\]\]/, '"log":{}'],
    ["an extent that is a number", /"log":\[\[1,2\]\]/, '"log":[1]'],
    ["an extent of three numbers", /"log":\[\[1,2\]\]/, '"log":[[1,2,3]]'],
    ["an extent that is text", /"attachments":\[\[3,4\]\]/, '"attachments":[["3",4]]'],
    ["a length that is text", /"attachments":\[\[3,4\]\]/, '"attachments":[[3,"4"]]'],
    ["a parent that is a number", /"parents":\[/, '"parents":[1,'],
    ["parents as text", /"parents":\[.*?\]/, '"parents":""'],
  ])("with %s is refused", (_what, from, to) => {
    const text = fromUtf8(encodeRoot(ROOT)) ?? "";
    expect(text).toMatch(from);
    expect(verdict(() => parseRoot(utf8(text.replace(from, to))))).toBe("record-invalid");
  });

  test("damaged is refused, whatever the damage, with its own error", () => {
    const bytes = encodeRoot(ROOT);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(2), (at, byte, cut) => {
        const damaged = Uint8Array.of(...bytes.subarray(0, at), byte, ...bytes.subarray(at + cut));
        expect(["ok", "record-invalid"]).toContain(verdict(() => parseRoot(damaged)));
      }),
      runs(1000),
    );
  });
});
