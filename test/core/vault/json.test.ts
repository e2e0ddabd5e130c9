import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { PmError } from "../../../src/core/errors.ts";
import {
  encodeJson,
  isArray,
  isCount,
  isObject,
  isString,
  type Json,
  type JsonObject,
  parseCanonicalObject,
} from "../../../src/core/vault/json.ts";
import { runs } from "../../support/properties.ts";
import { verdict } from "../../support/vault-builder.ts";

const invalid = (rule: string): PmError => new PmError("record-invalid", rule);
const parse = (text: string | Uint8Array, members: readonly string[] = []): JsonObject =>
  parseCanonicalObject(typeof text === "string" ? utf8(text) : text, members, invalid);

/** Any value that the format can hold. */
const { object: objects } = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeNat(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    fc.array(tie("json"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc
    .dictionary(fc.string(), tie("json"), { maxKeys: 4, noNullPrototype: true })
    .filter((value) =>
      Object.keys(value).every((key) => !["__proto__", "constructor", "prototype"].includes(key)),
    ),
}));

test("every value has one text, and that is read as it was written", () => {
  fc.assert(
    fc.property(objects, (value) => {
      const bytes = encodeJson(value);
      const parsed = parse(bytes);
      expect(JSON.stringify(parsed)).toBe(JSON.stringify(value));
      expect(encodeJson(parsed)).toEqual(bytes);
    }),
    runs(300),
  );
});

describe("hostile input is refused with the caller's error, never with another", () => {
  const text = fc.oneof(
    fc.json(),
    fc.json({ noUnicodeString: false, maxDepth: 20 }),
    objects.map((value) => JSON.stringify(value, undefined, 1)),
    fc
      .tuple(objects, fc.nat(), fc.constantFrom("", " ", ",", "0", '"', "\\", "{", "]", "e1", "\0"))
      .map(([value, at, insert]) => {
        const whole = JSON.stringify(value);
        const cut = at % (whole.length + 1);
        return whole.slice(0, cut) + insert + whole.slice(cut + 1);
      }),
  );

  test("as text", () => {
    fc.assert(
      fc.property(text, (input) => {
        if (verdict(() => parse(input)) !== "ok") return;
        // What UTF-8 can't say was replaced on the way there.
        const read = input.toWellFormed();
        expect(JSON.stringify(JSON.parse(read))).toBe(read);
      }),
      runs(500),
    );
  });

  test("as bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(["ok", "record-invalid"]).toContain(verdict(() => parse(bytes)));
      }),
      runs(300),
    );
  });

  test.each(["[", '{"a":', '[{"a":'])("nested 100,000 times with %s", (open) => {
    expect(verdict(() => parse(open.repeat(100_000)))).toBe("record-invalid");
    const close = open.replaceAll(/["a:]/g, "").replaceAll("[", "]").replaceAll("{", "}");
    const whole = `${open.repeat(100_000)}0${[...close].reverse().join("").repeat(100_000)}`;
    expect(verdict(() => parse(`{"x":${whole}}`))).toBe("record-invalid");
  });

  test("and the error does not quote it", () => {
    for (const secret of ['{"s3cr3t', '{"s3cr3t":1 }', '{"a":"s3cr3t"}x']) {
      expect(() => parse(secret)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining("s3cr3t") }),
      );
    }
  });
});

describe("limits", () => {
  const nested = (levels: number): string => '{"a":'.repeat(levels - 1) + "{}" + "}".repeat(levels - 1);

  test("sixteen levels, not seventeen", () => {
    expect(verdict(() => parse(nested(16)))).toBe("ok");
    expect(verdict(() => parse(nested(17)))).toBe("record-invalid");
    expect(verdict(() => parse(`{"a":${"[".repeat(15)}0${"]".repeat(15)}}`))).toBe("ok");
    expect(verdict(() => parse(`{"a":${"[".repeat(16)}${"]".repeat(16)}}`))).toBe("record-invalid");
  });

  test.each(["0", "1", "9007199254740991"])("the number %s", (number) => {
    expect(parse(`{"a":${number}}`)).toEqual({ a: Number(number) });
  });

  test.each(["-0", "-1", "1.0", "0.5", "1e3", "1E3", "01", "9007199254740992", "1e400", "NaN", "0x1"])(
    "not the number %s",
    (number) => {
      expect(verdict(() => parse(`{"a":${number}}`))).toBe("record-invalid");
    },
  );

  test.each(["__proto__", "constructor", "prototype"])("no key %s, wherever", (key) => {
    for (const text of [`{"${key}":0}`, `{"a":[{"b":{"${key}":0}}]}`]) {
      expect(verdict(() => parse(text))).toBe("record-invalid");
    }
    expect(parse(`{"a":"${key}"}`)).toEqual({ a: key });
  });
});

describe("members", () => {
  test.each([
    ['{"a":0,"b":1}', "ok"],
    ['{"a":0,"b":1,"c":2}', "ok"],
    ['{"b":1,"a":0}', "record-invalid"],
    ['{"a":0}', "record-invalid"],
    ['{"a":0,"c":2,"b":1}', "record-invalid"],
    ['{"7":0,"a":0,"b":1}', "record-invalid"],
    ['{"a":0,"b":1,"7":0}', "record-invalid"],
    ['{"a":0,"b":{"7":0}}', "ok"],
  ])("a, then b: %s is %s", (text, expected) => {
    expect(verdict(() => parse(text, ["a", "b"]))).toBe(expected);
  });
});

test("kinds of values are told apart", () => {
  const values: readonly (Json | undefined)[] = [undefined, null, true, 0, -1, 1.5, "", [], {}];
  const kinds = values.map((value) => [isObject(value), isArray(value), isString(value), isCount(value)]);
  expect(kinds).toEqual([
    [false, false, false, false],
    [false, false, false, false],
    [false, false, false, false],
    [false, false, false, true],
    [false, false, false, false],
    [false, false, false, false],
    [false, false, true, false],
    [false, true, false, false],
    [true, false, false, false],
  ]);
});
