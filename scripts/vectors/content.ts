// What the vaults of test/vectors/format hold: index, entries, root record.
import { toBase64, toHex, utf8 } from "../../src/core/bytes.ts";
import { plaintextOf } from "../../test/support/vault-builder.ts";
import { DIVIDED, EVERY_PIECE, id, once, OTHER, type Piece, REPLICA, SMALL, T0 } from "./pieces.ts";
import { KEY_HISTORY, LOG, logRecord, tags } from "./log.ts";

/** The slot book's registers. */
export function slotBook(slots: readonly Uint8Array[]): readonly unknown[] {
  return slots.map((slot, n) =>
    once(`slot:${toHex(slot.subarray(16, 32))}`, {
      label: `slot ${n}`,
      created: T0,
      epoch: 1,
      bytes: toBase64(slot),
    }),
  );
}

/** The root record of a vault with these slots. */
export function rootOf(
  slots: readonly Uint8Array[],
  rest: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    v: 1,
    rev: 9,
    parents: ["ab".repeat(32)],
    keyEpoch: 1,
    r: slotBook(slots),
    log: [],
    attachments: [],
    ...rest,
  };
}

export const INDEX_HEAD: Readonly<Record<string, unknown>> = {
  v: 1,
  gen: 9,
  hlc: T0 + 9,
  vv: { [REPLICA]: [[9, tags(9)]] },
};

export const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));

/** The content of a vault that holds `pieces` and nothing out of the ordinary, but for members of the root record. */
export function plainContent(
  pieces: readonly Piece[],
  rest: (slots: readonly Uint8Array[]) => Readonly<Record<string, unknown>> = () => ({}),
): (slots: readonly Uint8Array[]) => Uint8Array<ArrayBuffer> {
  return (slots) =>
    plaintextOf(
      [...pieces.map(({ record }) => json(record)), json(rootOf(slots, rest(slots)))],
      (extents) => {
        const root = extents[pieces.length];
        const e = pieces.map(({ record, row }, n) => [
          record.id,
          extents[n]?.offset,
          extents[n]?.length,
          ...row,
        ]);
        return json({ ...INDEX_HEAD, root: [root?.offset, root?.length], e });
      },
    );
}

/** One of everything that the format knows, records in an unusual order, and things of later versions. */
export function fullContent(slots: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const log = json(logRecord({}));
  const attachment = Uint8Array.from({ length: 300 }, (_, n) => n & 255);
  const records = EVERY_PIECE.map(({ record }) => json(record));
  const logAt = attachment.length;
  const known = rootOf(slots, { log: [[logAt, log.length]], attachments: [[0, attachment.length]] });
  const r = [...(known["r"] as unknown[]), once(`slot:${id(0xdead)}`, null, 3), once("x:setting", ["later"])];
  const root = json({ ...known, parents: ["ab".repeat(32), "cd".repeat(32)], r, later: {} });
  return plaintextOf([attachment, log, root, ...records], (extents) => {
    const at = (n: number): readonly unknown[] => [extents[n]?.offset, extents[n]?.length];
    const vv = { [REPLICA]: [[9, tags(9)]], [OTHER]: [[3, tags(3, "_")]] };
    const e = EVERY_PIECE.map(({ record, row }, n) => [record.id, ...at(n + 3), ...row]);
    return json({ ...INDEX_HEAD, vv, root: at(2), e, later: { of: "a later version" } });
  });
}

/** What merges leave behind: two histories of a replica and more, renewed keys, a log with all in it that may be. */
export function mergedContent(slots: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const entries = DIVIDED.map(({ record }) => json(record));
  const log = LOG.map(json);
  const at = (extents: readonly { offset: number; length: number }[]): number[][] =>
    extents.map(({ offset, length }) => [offset, length]);
  let extents: number[][] = [];
  plaintextOf([...entries, ...log], (all) => {
    extents = at(all);
    return new Uint8Array(0);
  });
  const root = json(
    rootOf(slots, {
      parents: ["ab".repeat(32), "cd".repeat(32)],
      keyEpoch: 3,
      log: extents.slice(entries.length),
      keyHistory: KEY_HISTORY,
    }),
  );
  return plaintextOf([...entries, ...log, root], (all) => {
    const vv = {
      [REPLICA]: [
        [9, tags(9)],
        [9, tags(9, "a")],
        [7, tags(7, "_")],
      ],
      // More saves than a vault keeps the tags of.
      [OTHER]: [[5000, tags(4096, "-")]],
    };
    const e = DIVIDED.map(({ record, row }, n) => [record.id, ...(at(all)[n] ?? []), ...row]);
    return json({ ...INDEX_HEAD, vv, root: at(all).at(-1), e });
  });
}

export interface Broken {
  readonly record?: (text: string) => string;
  readonly root?: (text: string) => string;
  readonly index?: (text: string) => string;
  /** Texts of the records of the operation log; there is none without. */
  readonly log?: readonly string[];
}

/** The content of {@link SMALL}, with texts changed. The index knows the new lengths. */
export function brokenContent(slots: readonly Uint8Array[], broken: Broken): Uint8Array<ArrayBuffer> {
  const same = (text: string): string => text;
  const record = latin1((broken.record ?? same)(JSON.stringify(SMALL.record)));
  const log = (broken.log ?? []).map(latin1);
  let end = record.length;
  const extents = log.map(({ length }) => [(end += length) - length, length]);
  const root = latin1((broken.root ?? same)(JSON.stringify(rootOf(slots, { log: extents }))));
  const index = (text: string): Uint8Array => latin1((broken.index ?? same)(text));
  return plaintextOf([record, ...log, root], (all) =>
    index(
      JSON.stringify({
        ...INDEX_HEAD,
        root: [all.at(-1)?.offset, all.at(-1)?.length],
        e: [[SMALL.record.id, all[0]?.offset, all[0]?.length, ...SMALL.row]],
      }),
    ),
  );
}

/** Bytes of a text, one each: so a broken text may also be broken UTF-8. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
