// Attachments as vectors have them: entries that mention data, the data, and a root record that names it.
import { utf8 } from "../../src/core/bytes.ts";
import { plaintextOf, sha256 } from "../../test/support/vault-builder.ts";
import { toHex } from "../../src/core/bytes.ts";
import { INDEX_HEAD, json, rootOf } from "./content.ts";
import { logRecord } from "./log.ts";
import { divided, id, login, once, type Piece, T0 } from "./pieces.ts";

const MIB = 1_048_576;

/** Bytes that a glance tells apart. */
const run = (length: number, step: number): Uint8Array =>
  Uint8Array.from({ length }, (_, n) => (n * step + (n >> 8)) & 255);

/** Of one record, of two, of none, and one that only the operation log still mentions. */
const [SMALL, LARGE, EMPTY, UNDO] = [
  utf8("-----BEGIN-----\n"),
  run(MIB + 7, 3),
  new Uint8Array(0),
  run(300, 1),
];

const mention = (data: Uint8Array): [number, string] => [data.length, toHex(sha256(data))];

const ENTRIES: readonly Piece[] = [
  {
    record: {
      ...login(1, "with attachments", [
        once("a:key.pem", mention(SMALL)),
        once("a:photos/été.bin", mention(LARGE)),
        once("a:empty", mention(EMPTY)),
        once("a:gone", null, 2),
      ]),
      h: [],
    },
    row: ["with attachments", "", [], [], 256, T0 + 2],
  },
  {
    record: {
      ...login(2, "with the same", [
        once("a:copy of key.pem", mention(SMALL)),
        divided("a:both", mention(EMPTY), mention(LARGE)),
      ]),
      h: [],
    },
    row: ["with the same", "", [], [], 256 + 16, T0 + 3],
  },
];

const LOG = logRecord({ e: [[id(1), "with attachments", [["a:gone", [mention(UNDO)]]], 0]] });

/** The data stands first, its records in the order of the contents; one of a later version is the last of them. */
export function attachedContent(slots: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const later = utf8("of a later version");
  const data = [LARGE.subarray(0, MIB), LARGE.subarray(MIB), SMALL, UNDO, later];
  const entries = ENTRIES.map(({ record }) => json(record));
  let end = 0;
  const extents = [...data, json(LOG)].map(({ length }) => [(end += length) - length, length]);
  const contents = [LARGE, EMPTY, SMALL, UNDO].map(mention);
  const root = rootOf(slots, { log: extents.slice(-1), attachments: extents.slice(0, -1), contents });
  return plaintextOf([...data, json(LOG), ...entries, json(root)], (all) => {
    const at = (n: number): readonly unknown[] => [all.at(n)?.offset, all.at(n)?.length];
    const e = ENTRIES.map(({ record, row }, n) => [record.id, ...at(data.length + 1 + n), ...row]);
    return json({ ...INDEX_HEAD, root: at(-1), e });
  });
}
