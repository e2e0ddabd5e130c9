import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, toBase64, utf8 } from "../../../src/core/bytes.ts";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  encodeRecord,
  type EntryRecord,
  fieldBytes,
  fieldFromBytes,
  fieldValue,
  fieldValueJson,
  parseRecord,
} from "../../../src/core/vault/record.ts";
import type { Register } from "../../../src/core/vault/register.ts";
import { idOf, NOW, once, OTHER_REPLICA, recordOf, REPLICA } from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";
import { refused, verdict } from "../../support/vault-builder.ts";

const ID = idOf(1);
const text = fc.string({ unit: "binary", maxLength: 20 });
const count = fc.nat(2 ** 40);

/** A register of any values of a kind. */
const register = (values: fc.Arbitrary<Json>): fc.Arbitrary<Register> =>
  fc.array(
    fc.record({
      value: values,
      replica: fc.constantFrom(REPLICA, OTHER_REPLICA),
      seq: fc.integer({ min: 1, max: 1000 }),
      hlc: count,
    }),
    { minLength: 1, maxLength: 3 },
  );

const values = fc.oneof(
  fc.tuple(fc.constantFrom("p", "c"), text),
  fc.tuple(
    fc.constantFrom("P", "C"),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => toBase64(bytes)),
  ),
  fc.constant(null),
) as fc.Arbitrary<Json>;

const registers = fc
  .tuple(
    register(fc.boolean()),
    register(text),
    fc.dictionary(text, register(values), { maxKeys: 4 }),
    fc.dictionary(text, register(fc.boolean()), { maxKeys: 4 }),
    fc.dictionary(text, register(fc.jsonValue({ maxDepth: 1 }).filter(isCountable) as fc.Arbitrary<Json>), {
      maxKeys: 2,
    }),
  )
  .map(([live, path, fields, tags, unknown]) => {
    const named = (prefix: string, of: Record<string, Register>): [string, Register][] =>
      Object.entries(of).map(([name, value]) => [prefix + name, value]);
    return new Map<string, Register>([
      ["live", live],
      ["path", path],
      ...named("f:", fields),
      ...named("t:", tags),
      ...named("x:", unknown),
    ]);
  });

/** Whether all the numbers of a value are ones that the format has. */
function isCountable(value: unknown): boolean {
  const numbers = JSON.stringify(value).match(/-?\d[\d.e+-]*/gi) ?? [];
  return (
    numbers.every((number) => /^\d{1,15}$/.test(number)) &&
    !/__proto__|constructor|prototype/.test(JSON.stringify(value))
  );
}

const records: fc.Arbitrary<EntryRecord> = fc
  .tuple(
    registers,
    fc.array(fc.tuple(text, register(values)), { maxLength: 4 }),
    count,
    fc.array(count, { maxLength: 3 }),
  )
  .map(([map, old, created, later]) => ({
    id: ID,
    created,
    registers: map,
    history: old.flatMap(([name, [item]]) => (item === undefined ? [] : [{ key: `f:${name}`, ...item }])),
    unknown: { later },
  }));

test("a record is read as it was written, byte for byte", () => {
  fc.assert(
    fc.property(records, (record) => {
      const bytes = encodeRecord(record);
      const parsed = parseRecord(bytes, ID);
      expect(parsed).toEqual(record);
      expect([...parsed.registers.keys()]).toEqual([...record.registers.keys()]);
      expect(encodeRecord(parsed)).toEqual(bytes);
    }),
    runs(200),
  );
});

test("what a later version writes is kept: members, registers, types, values", () => {
  const written = `{"id":"${ID}","created":1,"r":[["live",[[true,"${REPLICA}",1,1]]],["path",[["a","${REPLICA}",1,1]]],["type",[["passport","${REPLICA}",1,1]]],["m:new",[[{"z":[1],"a":null},"${REPLICA}",1,1]]],["zz",[[[],"${REPLICA}",1,1]]]],"h":[["m:new",3,"${REPLICA}",1,1]],"b":{"y":1,"x":2},"a":[]}`;
  expect(fromUtf8(encodeRecord(parseRecord(utf8(written), ID)))).toBe(written);
});

test("a damaged record is refused, whatever the damage, with its own error", () => {
  const bytes = encodeRecord({
    ...recordOf(ID, "a", { "f:password": once(["c", "s3cr3t"]) }),
    unknown: { x: [1] },
  });
  const damage = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(2));
  fc.assert(
    fc.property(damage, ([at, byte, cut]) => {
      const damaged = Uint8Array.of(...bytes.subarray(0, at), byte, ...bytes.subarray(at + cut));
      expect(["ok", "record-invalid"]).toContain(verdict(() => parseRecord(damaged, ID)));
    }),
    runs(1000),
  );
});

test("the error names the entry and never quotes the record", () => {
  const error = refused(() => parseRecord(utf8('{"id":"s3cr3t"'), ID), "record-invalid");
  expect(error.message).toBe(`the record of entry ${ID} is invalid: it is not JSON`);
});

describe("known registers hold values of their type", () => {
  const good: Readonly<Record<string, readonly Json[]>> = {
    live: [true, false],
    path: ["", "a/b"],
    type: ["login", "of a later version"],
    "f:x": [null, ["p", ""], ["c", "x"], ["P", ""], ["C", "/w=="]],
    "t:x": [true, false],
    "m:expires": ["2027-01-01", null],
    "m:recipe": ["length=20", null],
    "m:favourite": [true, false],
    "m:purged": [true],
    "m:other": [null, 1, {}, []],
  };
  const bad: Readonly<Record<string, readonly Json[]>> = {
    live: [null, 1, "true"],
    path: [null, 1, ["a"]],
    type: [null, 1],
    "f:x": ["x", ["p"], ["p", 1], ["x", "x"], ["p", "x", "x"], ["P", "x"], ["C", "/x=="], {}],
    "t:x": [null, 1, "true"],
    "m:expires": [1, true],
    "m:recipe": [1, {}],
    "m:favourite": [null, 1],
    "m:purged": [null, 1],
  };
  const table = [good, bad].flatMap((of, n) =>
    Object.entries(of).flatMap(([key, list]) =>
      list.map((value) => ({ key, value, expected: n === 0 ? "ok" : "record-invalid" })),
    ),
  );

  test.each(table)("$key: $value: $expected", ({ key, value, expected }) => {
    const bytes = encodeRecord(recordOf(ID, "a", { [key]: once(value) }));
    expect(verdict(() => parseRecord(bytes, ID))).toBe(expected);
  });
});

describe("a field", () => {
  test("holds any bytes, as text where they are UTF-8", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 30 }),
          text.map((value) => utf8(value)),
        ),
        fc.boolean(),
        (bytes, concealed) => {
          const field = fieldFromBytes("x", bytes, concealed);
          expect(fieldBytes(field)).toEqual(bytes);
          expect(field).toMatchObject({
            name: "x",
            concealed,
            encoding: fromUtf8(bytes) === undefined ? "base64" : "utf8",
          });
          expect(fieldValue(fieldValueJson(field))).toEqual({
            text: field.text,
            encoding: field.encoding,
            concealed,
          });
        },
      ),
      runs(200),
    );
  });

  test("keeps a byte order mark, line ends and spaces", () => {
    const bytes = utf8("\ufeff a\r\n ");
    expect(fieldBytes(fieldFromBytes("x", bytes, false))).toEqual(bytes);
  });

  test("that is no field value is none", () => {
    expect([undefined, null, "x", [], ["p", null]].map((json) => fieldValue(json as Json))).toEqual(
      Array.from({ length: 5 }),
    );
    expect(fieldBytes({ text: "not base64", encoding: "base64", concealed: true })).toEqual(
      new Uint8Array(0),
    );
  });
});

test("a record belongs to one entry, and has its times and lists", () => {
  const whole = recordOf(ID, "a");
  expect(verdict(() => parseRecord(encodeRecord(whole), idOf(2)))).toBe("record-invalid");
  expect(verdict(() => parseRecord(encodeRecord({ ...whole, created: NOW + 0.5 }), ID))).toBe(
    "record-invalid",
  );
});
