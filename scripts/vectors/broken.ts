// Vectors whose seal is right and whose content is not: what only somebody with the key can write.
import type { Case } from "../../test/support/format-vectors.ts";
import { reseal, type TestVault } from "../../test/support/vault-builder.ts";
import { KEY_FILE } from "./cases.ts";
import { type Broken, brokenContent } from "./content.ts";
import { difference } from "./difference.ts";
import { LOG, LOG_TEXT, MERGED } from "./broken-log.ts";
import { INDEX } from "./broken-index.ts";
import { KEY_HISTORY, logRecord } from "./log.ts";
import { REPLICA } from "./pieces.ts";
import { nested, put, type Row, type Text } from "./texts.ts";

const DOT = `"${REPLICA}",1`;

/** What no JSON text of the format may be; `x` is a member that readers do not know. */
const JSON_RULES: readonly Row[] = [
  ["not UTF-8", put('"x":0', '"x":"\xff"')],
  ["an overlong UTF-8 sequence", put('"x":0', '"x":"\xc0\x80"')],
  ["a byte order mark", (text) => `\xef\xbb\xbf${text}`],
  ["cut off", (text) => text.slice(0, -1)],
  ["two values", (text) => `${text}{}`],
  ["a zero byte behind it", (text) => `${text}\0`],
  ["a list", () => "[]"],
  ["null", () => "null"],
  ["white space", put('"x":0', '"x": 0')],
  ["a line feed at the end", (text) => `${text}\n`],
  ["a member twice", put('"x":0', '"x":0,"x":0')],
  ["a needless escape", put('"x":0', '"x":"\\u0061"')],
  ["an escaped slash", put('"x":0', '"x":"\\/"')],
  ["an escape in capitals", put('"x":0', '"x":"\\u001F"')],
  ["a surrogate pair as escapes", put('"x":0', '"x":"\\ud83d\\ude00"')],
  ["a raw control character", put('"x":0', '"x":"\x01"')],
  ["-0", put('"x":0', '"x":-0')],
  ["a negative number", put('"x":0', '"x":-1')],
  ["1e3", put('"x":0', '"x":1e3')],
  ["1.0", put('"x":0', '"x":1.0')],
  ["1.5", put('"x":0', '"x":1.5')],
  ["2^53", put('"x":0', '"x":9007199254740992')],
  ["a number that is none", put('"x":0', '"x":1e999')],
  ["17 levels", put('"x":0', `"x":${nested(16)}`)],
  ["10,000 levels", put('"x":0', `"x":${nested(9990)}`)],
  ["the key __proto__", put('"x":0', '"__proto__":0')],
  ["the key constructor, deeper", put('"x":0', '"x":[{"constructor":0}]')],
  ["the key prototype", put('"x":0', '"x":{"prototype":0}')],
];

const RECORD: readonly Row[] = [
  ["members in another order", (text) => text.replace(/("id":"[0-9a-f]+"),("created":\d+)/, "$2,$1")],
  ["no registers", put('"r":', '"R":')],
  ["no history", put('"h":', '"H":')],
  ["registers as an object", (text) => text.replace(/"r":.*,"h":/, '"r":{},"h":')],
  ["a number as the name of a member", (text) => text.replace(/^\{/, '{"7":0,')],
  ["no live register", (text) => text.replace(/\["live",.*?\]\]\],/, "")],
  ["no path", (text) => text.replace(/\["path",.*?\]\]\],/, "")],
  ["a creation time as text", put('"created":1767225600000', '"created":"1767225600000"')],
  ["a register twice", put('["path",', '["live",')],
  ["a register without siblings", (text) => text.replace(/\["t:dev",.*?\]\]\]/, '["t:dev",[]]')],
  ["a register with a third part", (text) => text.replace(/(\["t:dev",.*?\]\])\]/, "$1,0]")],
  ["a sibling without a clock", (text) => text.replace(/(\["t:dev",\[\[true,"\w+",1),\d+/, "$1")],
  ["a sibling of save 0", put(DOT, `"${REPLICA}",0`)],
  ["a replica in capitals", put(DOT, `"${REPLICA.toUpperCase()}",1`)],
  ["a live that is no boolean", put("[[true,", "[[1,")],
  ["a path that is no text", put('"work/github"', "7")],
  ["a type that is no text", put('[["login"', "[[null")],
  ["a field as bare text", put('["p","alice"]', '"alice"')],
  ["a field of an unknown kind", put('["p","alice"]', '["q","alice"]')],
  ["a field with a third part", put('["p","alice"]', '["p","alice",0]')],
  ["a base64 field that is not base64", put('["p","alice"]', '["P","alice"]')],
  ["a base64 field with loose bits", put('["p","alice"]', '["P","gP9="]')],
  ["a tag that is no boolean", put('["t:dev",[[true', '["t:dev",[["yes"')],
  ["a history item without a clock", (text) => text.replace(/("older"\],"\w+",1),\d+/, "$1")],
  ["a history item of an unknown kind", put('["c","older"]', '["x","older"]')],
  ["a history that is no list", (text) => text.replace(/"h":\[.*\],"x"/, '"h":{},"x"')],
  ["a use-only flag that is no boolean", put('["t:dev",[[true', '["m:use-only",[["yes"')],
];

const KEY_ID = KEY_HISTORY[0]?.[1] ?? "";
const PROOF = KEY_HISTORY[0]?.[2] ?? "";
const RENEWED = `"keyHistory":${JSON.stringify(KEY_HISTORY)}`;

const keyHistory = (of: unknown): Text =>
  put('"attachments":[]', `"attachments":[],"keyHistory":${JSON.stringify(of)}`);

const ROOT: readonly Row[] = [
  ["members in another order", put('{"v":1,"rev":9', '{"rev":9,"v":1')],
  ["version 2", put('"v":1', '"v":2')],
  ["a revision that is no number", put('"rev":9', '"rev":"9"')],
  ["revision 0", put('"rev":9', '"rev":0')],
  ["key epoch 0", put('"keyEpoch":1', '"keyEpoch":0')],
  ["a parent that is no hash", put("abab", "aba")],
  ["no key epoch", put('"keyEpoch":1,', "")],
  ["no registers", put('"r":', '"R":')],
  [
    "a register twice",
    (text) =>
      text.replace(
        /(\["slot:\w+",)/,
        '["a",[[0,"6f1d2c3b4a596877",1,1]]],["a",[[0,"6f1d2c3b4a596877",1,1]]],$1',
      ),
  ],
  ["a register without siblings", put('"r":[', '"r":[["a",[]],')],
  ["a log that is no list", put('"log":[]', '"log":{}')],
  ["an attachment without a length", put('"attachments":[]', '"attachments":[[0]]')],
  ["white space", put('"rev":9', '"rev": 9')],
  ["not JSON", () => "root"],
  ["an empty key history", keyHistory([])],
  ["a key history as an object", keyHistory({})],
  ["a key history that is null", keyHistory(null)],
  ["a renewal as a number", keyHistory([1])],
  ["a renewal without a proof", keyHistory([[1, KEY_ID]])],
  ["a renewal with a fourth part", keyHistory([[1, KEY_ID, PROOF, 0]])],
  ["a renewal of epoch 0", keyHistory([[0, KEY_ID, PROOF]])],
  ["a renewal of an epoch as text", keyHistory([["1", KEY_ID, PROOF]])],
  ["a key id of 31 digits", keyHistory([[1, KEY_ID.slice(1), PROOF]])],
  ["a key id in capitals", keyHistory([[1, KEY_ID.toUpperCase(), PROOF]])],
  ["a key id that is no text", keyHistory([[1, 1, PROOF]])],
  ["a proof of 65 digits", keyHistory([[1, KEY_ID, `${PROOF}0`]])],
  ["a proof that is no text", keyHistory([[1, KEY_ID, 1]])],
  ["a second renewal that is malformed", keyHistory([[1, KEY_ID, PROOF], [2]])],
  ["a key history before the attachments", put('"attachments":[]', `${RENEWED},"attachments":[]`)],
  ["a key history behind what is unknown", put('"attachments":[]', `"attachments":[],"x":0,${RENEWED}`)],
];

const u32 = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

/** Bytes of the plaintext that are set to others. */
const PLAINTEXT: readonly (readonly [
  name: string,
  expect: string,
  offset: number,
  bytes: readonly number[],
])[] = [
  ["layout version 0", "layout-invalid", 4, u32(0)],
  ["layout version 2", "layout-invalid", 4, u32(2)],
  ["an index longer than the plaintext", "layout-invalid", 0, u32(65_521)],
  ["an index over 64 MiB", "layout-invalid", 0, u32(67_108_865)],
  ["records longer than the plaintext", "layout-invalid", 8, [...u32(0), ...u32(65_536)]],
  ["records of 2^63 bytes", "layout-invalid", 8, [...u32(0x80000000), ...u32(0)]],
  ["records longer than they are", "index-invalid", 8, [...u32(0), ...u32(60_000)]],
  ["padding that begins with a one", "padding-not-zero", -1, [1]],
  ["padding that ends with a one", "padding-not-zero", 65_535, [1]],
];

/** The vectors; `small` is PMV1-008. */
export function brokenCases(small: TestVault): readonly Case[] {
  const is = (name: string, plaintext: Uint8Array<ArrayBuffer>, expect: string): Case => ({
    name,
    base: "PMV1-008",
    ...difference(small.file, reseal(small, plaintext).file),
    credentials: KEY_FILE,
    read: "all",
    expect,
  });
  const log = (name: string, records: readonly string[]): Case =>
    is(`log: ${name}`, brokenContent(small.slots, { log: records }), "record-invalid");
  const broken = (part: Exclude<keyof Broken, "log">, rows: readonly Row[], expect: string): Case[] =>
    rows.map(([name, change]) =>
      is(`${part}: ${name}`, brokenContent(small.slots, { [part]: change }), expect),
    );
  const end = small.plaintext.findLastIndex((byte) => byte !== 0) + 1;
  return [
    ...PLAINTEXT.map(([name, expect, offset, bytes]) => {
      const plaintext = small.plaintext.slice();
      plaintext.set(bytes, offset < 0 ? end : offset);
      return is(name, plaintext, expect);
    }),
    ...broken("record", [...JSON_RULES, ...RECORD], "record-invalid"),
    ...broken("root", ROOT, "record-invalid"),
    ...broken("index", INDEX, "index-invalid"),
    ...LOG.map(([name, ...records]) =>
      log(
        name,
        records.map((rest) => JSON.stringify(logRecord(rest))),
      ),
    ),
    ...LOG_TEXT.map(([name, change]) => log(name, [change(JSON.stringify(logRecord({})))])),
    ...MERGED.map(([name, record, index]) =>
      is(`merged: ${name}`, brokenContent(small.slots, { record, index }), "index-invalid"),
    ),
  ];
}
