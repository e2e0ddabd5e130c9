import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/vault/json.ts";
import { boundHistory, keepHistory } from "../../../src/core/vault/history.ts";
import { encodeRecord, type EntryRecord } from "../../../src/core/vault/record.ts";
import {
  change,
  creation,
  editor,
  field,
  idOf,
  once,
  recordOf,
  REPLICA,
} from "../../support/draft-builder.ts";

const ID = idOf(1);

/** A record with these old values, oldest first: one "f:name" and its text each. */
function withHistory(old: readonly (readonly [key: string, text: string])[]): EntryRecord {
  const history = old.map(([key, text], n) => ({
    key,
    value: ["c", text] as Json,
    replica: REPLICA,
    seq: n + 1,
    hlc: n,
  }));
  return { ...recordOf(ID, "a"), history };
}

const replaced = (key: string, value: Json): { key: string; register: ReturnType<typeof once> } => ({
  key,
  register: once(value),
});
const shown = (record: EntryRecord): readonly string[] =>
  record.history.map(({ key, value }) => `${key.slice(2)}=${(value as readonly string[])[1]?.slice(0, 9)}`);

const notes = (from: number, to: number): readonly (readonly [string, string])[] =>
  Array.from({ length: to - from }, (_, n) => ["f:notes", String(from + n)]);

describe("the history", () => {
  test("takes what was replaced at its end, with the stamp it had", () => {
    const record = keepHistory(withHistory([["f:notes", "old"]]), [replaced("f:notes", ["p", "new"])]);
    expect(shown(record)).toEqual(["notes=old", "notes=new"]);
    expect(record.history[1]).toMatchObject({ key: "f:notes", ...once(["p", "new"])[0] });
  });

  test("takes every sibling of a conflict, and no removal", () => {
    const register = [...once(["p", "a"], 1), ...once(null, 2), ...once(["p", "b"], 3)];
    expect(shown(keepHistory(withHistory([]), [{ key: "f:x", register }]))).toEqual(["x=a", "x=b"]);
  });

  test("has at most 20 items, and drops the oldest", () => {
    const record = keepHistory(withHistory(notes(0, 20)), [replaced("f:notes", ["p", "20"])]);
    expect(shown(record)).toEqual(notes(1, 21).map(([, text]) => `notes=${text}`));
  });

  test("is cut where nothing is replaced too: a merge may have left more", () => {
    expect(keepHistory(withHistory(notes(0, 30)), []).history.length).toBe(20);
  });

  test("within its limits is left as it is", () => {
    const record = withHistory(notes(0, 20));
    expect(boundHistory(record).history).toEqual(record.history);
  });

  test("of two copies, merged, loses the oldest, the newest five passwords last", () => {
    const passwords = Array.from({ length: 10 }, (_, n) => ["f:password", `p${n}`] as const);
    const record = boundHistory(withHistory([...passwords, ...notes(0, 30)]));
    expect(shown(record)).toEqual([
      ...["p5", "p6", "p7", "p8", "p9"].map((text) => `password=${text}`),
      ...notes(15, 30).map(([, text]) => `notes=${text}`),
    ]);
  });

  test("drops the newest five passwords last", () => {
    const passwords = Array.from({ length: 7 }, (_, n) => ["f:password", `p${n}`] as const);
    const record = keepHistory(withHistory([...passwords, ...notes(0, 20)]), []);
    expect(shown(record).filter((item) => item.startsWith("password"))).toEqual(
      ["p2", "p3", "p4", "p5", "p6"].map((text) => `password=${text}`),
    );
    expect(shown(record).slice(5)).toEqual(notes(5, 20).map(([, text]) => `notes=${text}`));
  });

  test("of passwords alone drops the oldest", () => {
    const passwords = Array.from({ length: 21 }, (_, n) => ["f:password", `p${n}`] as const);
    expect(shown(keepHistory(withHistory(passwords), []))[0]).toBe("password=p1");
  });

  test("gives way where the record would not fit, the passwords last", () => {
    const big = "x".repeat(250_000);
    const passwords = Array.from({ length: 2 }, (_, n) => ["f:password", `p${n}`] as const);
    const old = withHistory([...passwords, ["f:a", `1${big}`], ["f:b", `2${big}`], ["f:c", `3${big}`]]);
    const record = keepHistory(old, [replaced("f:d", ["c", `4${big}${big}`])]);
    expect(shown(record)).toEqual([
      "password=p0",
      "password=p1",
      "b=2xxxxxxxx",
      "c=3xxxxxxxx",
      "d=4xxxxxxxx",
    ]);
  });

  test("gives way wholly where the entry alone fills the record", () => {
    const empty = encodeRecord({ ...recordOf(ID, "a"), unknown: { x: "" } }).length;
    const full = { ...withHistory([["f:password", "p"]]), unknown: { x: "x".repeat(1_048_576 - empty) } };
    expect(keepHistory(full, [replaced("f:d", ["c", "y".repeat(1000)])]).history).toEqual([]);
  });
});

test("a password changed again and again keeps 20 old ones, newest first in what people see", () => {
  const { apply, entry } = editor();
  const id = apply(creation("a", { fields: [field("password", "0", true)] }));
  for (let n = 1; n <= 30; n++) apply(change(id, { set: [field("password", String(n), true)] }));
  const texts = entry(id).history.map(({ value }) => value.text);
  expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => String(29 - n)));
});
