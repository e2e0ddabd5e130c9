// Operation logs that no reader takes, and index rows that say of merged entries what they are not.
import { id, OTHER, REPLICA, T0 } from "./pieces.ts";
import { nested, put, type Row, type Text } from "./texts.ts";

const ID = id(1);

export type LogRow = readonly [name: string, ...records: Readonly<Record<string, unknown>>[]];

/** What stands in a log record of an entry. */
const entry = (...of: readonly unknown[]): Record<string, unknown> => ({ e: [of] });
const registers = (...of: readonly unknown[]): Record<string, unknown> => entry(ID, "work/github", of, 0);
const history = (of: unknown): Record<string, unknown> => entry(ID, "work/github", [], of);

/** The records of broken operation logs, each by what is otherwise than in a right one. */
export const LOG: readonly LogRow[] = [
  ["version 2", { v: 2 }],
  ["a stamp without a clock", { op: [REPLICA, 9] }],
  ["a stamp with more", { op: [REPLICA, 9, T0, 0] }],
  ["a stamp of save 0", { op: [REPLICA, 0, T0] }],
  ["a stamp of a replica in capitals", { op: [REPLICA.toUpperCase(), 9, T0] }],
  ["a stamp as an object", { op: {} }],
  ["a command that is no text", { by: 1 }],
  ["an unknown kind", { kind: "undo" }],
  ["a kind that is no text", { kind: null }],
  ["a count that is no number", { count: "1" }],
  ["a part without a whole", { part: [1] }],
  ["a part of three numbers", { part: [1, 1, 1] }],
  ["a part as a number", { part: 1 }],
  ["part 0", { part: [0, 1] }],
  ["part 2 of 1", { part: [2, 1] }],
  ["a part as text", { part: ["1", 1] }],
  ["entries as an object", { e: {} }],
  ["an entry as text", { e: ["work/github"] }],
  ["an entry without a history", entry(ID, "work/github", [])],
  ["an entry with more", entry(ID, "work/github", [], 0, 0)],
  ["an entry with an id of 31 digits", entry(ID.slice(1), "work/github", [], 0)],
  ["an entry with an id as a number", entry(1, "work/github", [], 0)],
  ["an entry with a path that is no text", entry(ID, null, [], 0)],
  ["registers as an object", entry(ID, "work/github", {}, 0)],
  ["a register as text", registers("path")],
  ["a register of a change without values", registers(["path"])],
  ["a register with a third part", registers(["path", [], 0])],
  ["a register with a key that is no text", registers([1, []])],
  ["values as an object", registers(["path", {}])],
  ["a path that is no text", registers(["path", ["a", 1]])],
  ["a field of an unknown kind", registers(["f:a", [["q", "a"]]])],
  ["a day that does not exist", registers(["m:expires", ["2026-02-30"]])],
  ["a history as text", history("1")],
  ["a history with an item without a clock", history([["f:a", ["p", "a"], REPLICA, 1]])],
  ["a history with an item of an unknown kind", history([["f:a", ["q", "a"], REPLICA, 1, T0]])],
  ["a value in a bare one", { kind: "bare", ...registers(["path", ["work/old"]]) }],
  ["a register of a bare one with a third part", { kind: "bare", ...registers(["path", [], 0]) }],
  ["a history in a merged one", { kind: "merged", ...history(1) }],
  ["a list as a history in a barrier", { kind: "barrier", ...history([]) }],
  ["a first part alone", { part: [1, 2] }],
  ["a second part of three alone", { part: [2, 3] }],
  ["the first part twice", { part: [1, 2] }, { part: [1, 2] }],
  ["the second part twice", { part: [1, 2] }, { part: [2, 2] }, { part: [2, 2] }],
  ["a second part behind the whole", {}, { part: [2, 2] }],
  ["the first part, then the third", { part: [1, 3] }, { part: [3, 3] }],
  ["parts in another order", { part: [2, 2] }, { part: [1, 2] }],
  ["parts of two and of three", { part: [1, 2] }, { part: [2, 3] }],
  ["parts of two saves", { part: [1, 2] }, { op: [REPLICA, 8, T0 + 9], part: [2, 2] }],
  ["parts of two replicas", { part: [1, 2] }, { op: [OTHER, 9, T0 + 9], part: [2, 2] }],
  ["parts of two clocks", { part: [1, 2] }, { op: [REPLICA, 9, T0], part: [2, 2] }],
  ["parts of two commands", { part: [1, 2] }, { by: "mv", part: [2, 2] }],
  ["parts of two kinds", { part: [1, 2] }, { kind: "bare", part: [2, 2], e: [] }],
  ["parts of two counts", { part: [1, 2] }, { count: 2, part: [2, 2] }],
  ["parts of one with another between", { part: [1, 2] }, { op: [OTHER, 9, T0] }, { part: [2, 2] }],
  ["17 levels", registers(["x:a", [JSON.parse(nested(11))]])],
  ["the key __proto__", registers(["x:a", [JSON.parse('{"__proto__":0}')]])],
];

/** Changes of the text of a log record. */
export const LOG_TEXT: readonly Row[] = [
  ["not JSON", () => "log"],
  ["a list", () => "[]"],
  ["not UTF-8", put('"set"', '"\xff"')],
  ["white space", put('"v":1', '"v": 1')],
  ["a member twice", put('"v":1', '"v":1,"v":1')],
  ["members in another order", put('"by":"set","kind":"change"', '"kind":"change","by":"set"')],
  ["no parts", put('"part":[1,1],', "")],
  ["-1 as the number of entries", put('"count":1', '"count":-1')],
];

/** A second sibling, of another replica, behind a register's one. */
const also =
  (key: string, value: string): Text =>
  (text) =>
    text.replace(new RegExp(`(\\["${key}",\\[\\[.*?)\\]\\]`), `$1],[${value},"${OTHER}",1,${T0}]]`);
const ERASED = ',["m:purged",[[true,"6f1d2c3b4a596877",1,1767225600001]]]],"h"';

/** Rows that say of a record what it was before merging. */
export const MERGED: readonly (readonly [name: string, record: Text, index: Text])[] = [
  ["a conflict of equal values", also("f:username", '["p","alice"]'), put(",256,", ",272,")],
  ["no conflict of two values", also("f:username", '["p","bob"]'), (text) => text],
  ["a conflict of life and death", also("live", "false"), put(",256,", ",272,")],
  ["an empty path that is not recovered", put('"work/github"', '""'), put('"work/github"', '""')],
  [
    "a path recovered from another id",
    put('"work/github"', '""'),
    put('"work/github"', '"recovered/00000001"'),
  ],
  [
    "a tombstone with a value",
    (text) => put('],"h"', ERASED)(put("[[true,", "[[false,")(text)),
    put(",256,", ",258,"),
  ],
  ["a tombstone that lives", put('],"h"', ERASED), put(",256,", ",258,")],
];
