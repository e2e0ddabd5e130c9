// Indexes that no reader takes.
import { tags } from "./log.ts";
import { REPLICA } from "./pieces.ts";
import { nested, put, type Row, type Text } from "./texts.ts";

/** The version vector of one replica. */
const histories =
  (of: unknown): Text =>
  (text) =>
    text.replace(/"vv":\{.*\},"root"/, () => `"vv":{"${REPLICA}":${JSON.stringify(of)}},"root"`);

const manyReplicas =
  (count: number): Text =>
  (text) => {
    const replicas = Array.from(
      { length: count },
      (_, n) => `"${n.toString(16).padStart(16, "0")}":[[1,"AAAA"]]`,
    );
    return text.replace(/"vv":\{.*\},"root"/, `"vv":{${replicas.join(",")}},"root"`);
  };

export const INDEX: readonly Row[] = [
  ["not UTF-8", put('"dev"', '"\xff"')],
  ["not JSON", (text) => text.slice(0, -1)],
  ["a list", () => "[]"],
  ["version 2", put('"v":1', '"v":2')],
  ["no version", put('"v":1,', "")],
  ["white space", put('"v":1', '"v": 1')],
  ["a member twice", put('"v":1', '"v":1,"v":1')],
  ["members in another order", put('{"v":1,"gen":9', '{"gen":9,"v":1')],
  ["a revision that is not the root's", put('"gen":9', '"gen":8')],
  ["revision 0", put('"gen":9', '"gen":0')],
  ["a negative revision", put('"gen":9', '"gen":-9')],
  ["a clock that is no number", put('"hlc":1', '"hlc":"1",')],
  ["no version vector", put('"vv":', '"VV":')],
  ["a replica of 15 digits", put(`{"${REPLICA}"`, `{"${REPLICA.slice(1)}"`)],
  ["a replica without histories", histories([])],
  ["histories as an object", histories({})],
  ["a history as a number", histories([9])],
  ["a history without tags", histories([[9]])],
  ["a history with a third part", histories([[9, tags(9), 0]])],
  ["a history of no saves", histories([[0, ""]])],
  ["a number of saves as text", histories([["9", tags(9)]])],
  ["tags that are no text", histories([[1, 1234]])],
  ["a tag too few", histories([[9, tags(8)]])],
  ["a tag too many", histories([[9, tags(10)]])],
  ["a tag of three characters", histories([[9, tags(9).slice(1)]])],
  ["the tags of 4,097 saves", histories([[4097, tags(4097)]])],
  ["a tag that is not base64url", histories([[1, "AA+/"]])],
  ["a tag with padding", histories([[1, "AAA="]])],
  ["a tag beyond ASCII", histories([[1, "AAA\xc3\xa9"]])],
  [
    "the shorter history first",
    histories([
      [8, tags(8)],
      [9, tags(9)],
    ]),
  ],
  [
    "histories of one length in another order",
    histories([
      [9, tags(9, "a")],
      [9, tags(9)],
    ]),
  ],
  [
    "two histories alike",
    histories([
      [9, tags(9)],
      [9, tags(9)],
    ]),
  ],
  ["17 histories", histories(Array.from({ length: 17 }, (_, n) => [1, `AAA${n.toString(17)}`]))],
  ["1,025 replicas", manyReplicas(1025)],
  ["a root that is no extent", (text) => text.replace(/"root":\[\d+,/, '"root":[')],
  ["a root beyond the records", (text) => text.replace(/"root":\[\d+,/, '"root":[65536,')],
  ["no rows", put('"e":', '"E":')],
  ["a row of eight columns", (text) => text.replace(/,256,\d+\]\]\}/, ",256]]}")],
  ["an id in capitals", put("00000001", "0000000A")],
  ["an entry twice", (text) => text.replace(/"e":\[(.*)\]\}$/, '"e":[$1,$1]}')],
  ["a path that is not the record's", put('"work/github"', '"work/gitlab"')],
  ["a path that is no text", put('"work/github"', "1")],
  ["a user name that is not the record's", put('"alice"', '"bob"')],
  ["a host that no field has", put('"alice",[]', '"alice",["example.org"]')],
  ["a host that is no text", put('"alice",[]', '"alice",[1]')],
  ["a tag that the record lacks", put('["dev"]', '["dev","prod"]')],
  ["flags that are not the record's", put(",256,", ",257,")],
  ["a type that is not the record's", put(",256,", ",512,")],
  ["a time that is not the record's", put(",256,1", ",256,2")],
  ["a record beyond the records", (text) => text.replace(/("e":\[\["\w+"),0/, "$1,65536")],
  ["a gap between records", (text) => text.replace(/"e":\[.*\]\}$/, '"e":[]}')],
  ["17 levels", (text) => text.replace(/\}$/, `,"x":${nested(16)}}`)],
  ["10,000 levels in a later column", (text) => text.replace(/\]\]\}$/, `,${nested(9999)}]]}`)],
  ["the key __proto__", (text) => text.replace(/\}$/, ',"__proto__":0}')],
  ["a number as the name of a member", (text) => text.replace(/^\{/, '{"7":0,')],
];
