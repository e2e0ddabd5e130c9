import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  parseSibling,
  shownSibling,
  shownValue,
  type Sibling,
  siblingJson,
  writeRegister,
} from "../../../src/core/vault/register.ts";
import { OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";

const sibling = (value: Json, hlc: number, replica = REPLICA, seq = 1): Sibling => ({
  value,
  replica,
  seq,
  hlc,
});
const any = (value: Json): Json => value;

describe("what is shown", () => {
  test.each<[rule: string, register: readonly Sibling[], shown: Json | undefined]>([
    ["nothing of a register without siblings", [], undefined],
    ["the only sibling", [sibling("a", 1)], "a"],
    ["the higher clock", [sibling("a", 1, OTHER_REPLICA), sibling("b", 2)], "b"],
    ["at the same clock the higher replica", [sibling("b", 1), sibling("a", 1, OTHER_REPLICA)], "a"],
    ["at the same replica the higher text", [sibling("a", 1, REPLICA, 9), sibling("b", 1, REPLICA, 2)], "b"],
    ["texts by UTF-16 code units", [sibling("\uffee", 1), sibling("😀", 1, REPLICA, 2)], "\uffee"],
    ["of two that are the same, that", [sibling("a", 1), sibling("a", 1, REPLICA, 2)], "a"],
    ["a removal like any other value", [sibling("a", 1), sibling(null, 2)], null],
  ])("is %s", (_rule, register, shown) => {
    expect(shownValue(register)).toEqual(shown);
    expect(shownValue([...register].reverse())).toEqual(shown);
  });

  test("is nothing of no register", () => {
    expect([shownValue(undefined), shownSibling(undefined)]).toEqual([undefined, undefined]);
  });

  test("does not depend on the order of siblings", () => {
    const siblings = fc.record({
      value: fc.oneof(fc.string(), fc.boolean(), fc.constant(null)),
      replica: fc.constantFrom(REPLICA, OTHER_REPLICA),
      seq: fc.integer({ min: 1, max: 3 }),
      hlc: fc.nat(3),
    });
    const shuffled = fc
      .array(siblings, { maxLength: 5 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(shownValue(other)).toEqual(shownValue(all));
      }),
      runs(300),
    );
  });
});

test("a write leaves one sibling, with the stamp and nothing else", () => {
  const stamp = { replica: REPLICA, seq: 2, hlc: 3, more: 4 };
  expect(writeRegister("x", stamp)).toEqual([{ value: "x", replica: REPLICA, seq: 2, hlc: 3 }]);
});

describe("a sibling as JSON", () => {
  test("is read as it was written", () => {
    const written = sibling({ a: [1] }, 5, OTHER_REPLICA, 7);
    expect(siblingJson(written)).toEqual([{ a: [1] }, OTHER_REPLICA, 7, 5]);
    expect(parseSibling(siblingJson(written), any)).toEqual(written);
  });

  test.each<[string, Json | undefined]>([
    ["nothing", undefined],
    ["an object", {}],
    ["three parts", ["x", REPLICA, 1]],
    ["five parts", ["x", REPLICA, 1, 1, 1]],
    ["a replica of 15 digits", ["x", REPLICA.slice(1), 1, 1]],
    ["a replica that is no text", ["x", 1, 1, 1]],
    ["save 0", ["x", REPLICA, 0, 1]],
    ["a save that is no number", ["x", REPLICA, "1", 1]],
    ["a negative clock", ["x", REPLICA, 1, -1]],
  ])("of %s is none", (_what, json) => {
    expect(parseSibling(json, any)).toBeUndefined();
  });

  test("whose value is refused is none", () => {
    expect(parseSibling(["x", REPLICA, 1, 1], () => undefined)).toBeUndefined();
  });
});
