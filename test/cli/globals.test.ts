/** The options of every command, joined with the environment. */
import { describe, expect, test } from "vitest";
import type { Values } from "../../src/cli/command.ts";
import { type Env, type Globals, GLOBAL_OPTIONS, isOn, toGlobals } from "../../src/cli/globals.ts";
import { scopeOf } from "../../src/cli/parse.ts";
import { refusal } from "../support/refusal.ts";

function globals(values: Values, env: Env = {}): Globals {
  return toGlobals({ ...scopeOf(GLOBAL_OPTIONS).values, ...values }, env);
}

test("nothing given means: ask, write, colours by the terminal", () => {
  expect(globals({})).toMatchObject({ noInput: false, readOnly: false, json: false, yes: false });
  expect(globals({})).not.toHaveProperty("color");
  expect(globals({})).not.toHaveProperty("vault");
});

test("options come through", () => {
  const given = {
    vault: "v",
    "password-fd": "3",
    "password-file": "f",
    "password-command": "c",
    "key-file": "k",
    yes: true,
    color: "always",
  };
  expect(globals(given)).toMatchObject({
    vault: "v",
    passwordFd: 3,
    passwordFile: "f",
    passwordCommand: "c",
    keyFile: "k",
    yes: true,
    color: "always",
  });
});

describe("prompts are refused", () => {
  test.each<[name: string, values: Values, env: Env, refused: boolean]>([
    ["with --no-input", { "no-input": true }, {}, true],
    ["with PM_NO_INPUT=1", {}, { PM_NO_INPUT: "1" }, true],
    ["not with PM_NO_INPUT=0", {}, { PM_NO_INPUT: "0" }, false],
    ["in CI without a key", {}, { CI: "true" }, true],
    ["not in CI with PM_KEY", {}, { CI: "true", PM_KEY: "pmt1_x" }, false],
    ["not in CI with PM_KEY_FILE", {}, { CI: "true", PM_KEY: "", PM_KEY_FILE: "k" }, false],
    ["not in CI with --key-file", { "key-file": "k" }, { CI: "true" }, false],
    ["in CI with a key and PM_NO_INPUT", {}, { CI: "true", PM_KEY: "pmt1_x", PM_NO_INPUT: "1" }, true],
  ])("%s", (_name, values, env, refused) => {
    expect(globals(values, env).noInput).toBe(refused);
  });
});

test("PM_READ_ONLY makes a call read-only", () => {
  expect(globals({}, { PM_READ_ONLY: "1" }).readOnly).toBe(true);
  expect(globals({ "read-only": true }).readOnly).toBe(true);
});

test.each<[color: string | undefined, noColor: string | undefined, expected: string | undefined]>([
  [undefined, undefined, undefined],
  [undefined, "", undefined],
  [undefined, "0", "never"],
  ["always", "1", "always"],
  ["auto", "1", "auto"],
])("--color %s with NO_COLOR=%s is %s", (color, noColor, expected) => {
  expect(globals({ color }, { NO_COLOR: noColor }).color).toBe(expected);
});

test.each([
  [undefined, false],
  ["", false],
  ["0", false],
  ["false", false],
  ["FALSE", false],
  ["1", true],
  ["true", true],
  ["no", true],
])("a variable of %j is on: %s", (value, on) => {
  expect(isOn(value)).toBe(on);
});

describe("refuses", () => {
  test.each<[name: string, values: Values]>([
    ["an empty vault", { vault: "" }],
    ["a descriptor that is no number", { "password-fd": "x" }],
    ["a negative descriptor", { "password-fd": "-1" }],
    ["a wait that is no number", { timeout: "soon" }],
    ["a negative wait", { timeout: "-1" }],
    ["a wait of years", { timeout: "1e99" }],
    ["a wait over a day", { timeout: "86401" }],
  ])("%s, with a hint", (_name, values) => {
    expect(refusal(() => globals(values))).toMatch(/^--[a-z-]+ /);
  });
});
