// What a root record says of the data of attachments, and what entries mention of it, malformed.
import type { Case } from "../../test/support/format-vectors.ts";
import { reseal, type TestVault } from "../../test/support/vault-builder.ts";
import { KEY_FILE } from "./cases.ts";
import { type Broken, brokenContent } from "./content.ts";
import { difference } from "./difference.ts";
import { REPLICA } from "./pieces.ts";
import { put, type Row } from "./texts.ts";

/** The SHA-256 of nothing, which no record holds. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ONE = JSON.stringify([0, EMPTY]);

const contents = (text: string): Row[1] => put('"attachments":[]', `"attachments":[],"contents":${text}`);
const register = (value: string): Row[1] => put('"r":[', `"r":[["a:x",[[${value},"${REPLICA}",1,1]]],`);

const ROOT: readonly Row[] = [
  ["an empty list", contents("[]")],
  ["null", contents("null")],
  ["a hash alone", contents(`["${EMPTY}"]`)],
  ["a hash in capitals", contents(`[[0,"${EMPTY.toUpperCase()}"]]`)],
  ["a size as text", contents(`[["0","${EMPTY}"]]`)],
  ["a third part", contents(`[[0,"${EMPTY}",0]]`)],
  ["a content twice", contents(`[${ONE},${ONE}]`)],
  ["a record that is not there", contents(`[[1,"${EMPTY}"]]`)],
  ["more bytes than a file has", contents(`[[9007199254740991,"${EMPTY}"]]`)],
  ["a hash of something else", contents(`[[0,"${"0".repeat(64)}"]]`)],
  ["before the attachments", put('"attachments":[]', `"contents":[${ONE}],"attachments":[]`)],
  ["behind what is unknown", put('"attachments":[]', `"attachments":[],"x":0,"contents":[${ONE}]`)],
];

const RECORD: readonly Row[] = [
  ["a text", register('"x"')],
  ["a size alone", register("[0]")],
  ["a hash of 63 digits", register(`[0,"${EMPTY.slice(1)}"]`)],
  ["false", register("false")],
  ["data that is nowhere", register(ONE)],
];

function cases(small: TestVault, rows: readonly Row[], part: "root" | "record"): readonly Case[] {
  return rows.map(([name, change]) => {
    const broken: Broken = { [part]: change };
    return {
      name: `${part === "root" ? "contents" : "attachment"}: ${name}`,
      base: "PMV1-008",
      ...difference(small.file, reseal(small, brokenContent(small.slots, broken)).file),
      credentials: KEY_FILE,
      read: "all",
      expect: "record-invalid",
    };
  });
}

export function attachmentCases(small: TestVault): readonly Case[] {
  return [...cases(small, ROOT, "root"), ...cases(small, RECORD, "record")];
}
