import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, toHex, utf8 } from "../../../src/core/bytes.ts";
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
import { nativeBackend } from "../../../src/node/crypto.ts";
import { runs } from "../../support/properties.ts";
import { verdict } from "../../support/vault-builder.ts";

interface Parts {
  readonly entries: readonly EntryRecord[];
  /** Records that are no entries: they stand first. */
  readonly others?: readonly Uint8Array[];
  readonly root?: (others: readonly Extent[]) => Partial<RootRecord>;
  readonly index?: Partial<VaultIndex>;
}

function contentOf(data: Uint8Array): RootRecord["contents"][number] {
  return { size: data.length, sha256: toHex(nativeBackend.sha256(data)) };
}

/** Data of an attachment where the log stands. */
function dataAt(offset: number, length: number): Pick<RootRecord, "attachments" | "contents"> {
  return { attachments: [{ offset, length }], contents: [contentOf(LOG.subarray(offset, offset + length))] };
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
  return verdict(() => verifyContent(nativeBackend, contentFrom(plaintext)));
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
    expect(verifyContent(nativeBackend, contentFrom(buildNext(draft)))).toEqual({
      entries: 1,
      trashed: 2,
      records: 5,
    });
  });

  test("passes log and attachments, wherever they stand", () => {
    expect(
      checked({ entries: [ENTRY], others: [LOG, LOG], root: ([a, b]) => ({ log: [b, a] as Extent[] }) }),
    ).toBe("ok");
    const split = ([a, b]: readonly Extent[]): Partial<RootRecord> => ({
      log: [a] as Extent[],
      attachments: [b] as Extent[],
      contents: [contentOf(LOG)],
    });
    expect(checked({ entries: [ENTRY], others: [LOG, LOG], root: split })).toBe("ok");
  });

  test.each<[what: string, root: (others: readonly Extent[]) => Partial<RootRecord>]>([
    ["that nothing points at", () => ({})],
    ["that is pointed at twice", ([a]) => ({ log: [a, a] as Extent[] })],
    ["that is another's too", ([a]) => ({ log: [a] as Extent[], ...dataAt(5, 10) })],
    ["of no bytes", ([a]) => ({ log: [a, { offset: 5, length: 0 }] as Extent[] })],
    ["beyond the end", ([a]) => ({ log: [a, { offset: 9999, length: 1 }] as Extent[] })],
    ["cut short", () => dataAt(0, LOG.length - 1)],
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
    const data = utf8("a log");
    const others = [data];
    expect(checked({ entries: [ENTRY], others, root: (log) => ({ log }) })).toBe("record-invalid");
    const contents = [contentOf(data)];
    expect(checked({ entries: [ENTRY], others, root: (attachments) => ({ attachments, contents }) })).toBe(
      "ok",
    );
  });

  test("refuses data that is not what its hash says, or that an entry has and nobody stored", () => {
    const data = utf8("data");
    const [content, other] = [contentOf(data), contentOf(utf8("atad"))];
    const withRef = (size: number, sha256: string): EntryRecord =>
      recordOf(idOf(1), "a", { "a:file": [...once(null), ...once([size, sha256], 2)] });
    const check = (entry: EntryRecord, contents: RootRecord["contents"]): string =>
      checked({ entries: [entry], others: [data], root: (attachments) => ({ attachments, contents }) });
    expect(check(withRef(4, content.sha256), [content])).toBe("ok");
    expect(check(withRef(4, content.sha256), [other])).toBe("record-invalid");
    expect(check(withRef(4, other.sha256), [content])).toBe("record-invalid");
    expect(check(withRef(5, content.sha256), [content])).toBe("record-invalid");
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
    contents: [
      { size: 0, sha256: "ab".repeat(32) },
      { size: 4, sha256: "cd".repeat(32) },
    ],
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
    ["contents of nothing", /"contents":\[.*?\]\]/, '"contents":[]'],
    ["contents of other records", /\[4,"cd/, '[5,"cd'],
    ["contents of more records", /\[0,"ab/, '[1,"ab'],
    ["contents of records that are not there", /"attachments":\[.*?\]\]/, '"attachments":[]'],
    ["contents as large as no file", /\[4,"cd/, '[9007199254740991,"cd'],
    ["a content twice", /\[0,"(?:ab)+"\]/, `[4,"${"cd".repeat(32)}"]`],
    ["a content without a hash", /\[0,"(?:ab)+"\]/, "[0]"],
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
