import { expect, test } from "vitest";
import type { Globals } from "../../src/cli/globals.ts";
import { toGlobals } from "../../src/cli/globals.ts";
import { chooseKey, chooseNewPassword, choosePassword } from "../../src/cli/password-sources.ts";

type Values = Parameters<typeof toGlobals>[0];

const globals = (values: Values): Globals => toGlobals(values, {});

const FLAGS: readonly (readonly [string, Values, object])[] = [
  ["--password-stdin", { "password-stdin": true }, { kind: "stdin" }],
  ["--password-fd", { "password-fd": "3" }, { kind: "fd", fd: 3 }],
  ["--password-file", { "password-file": "f" }, { kind: "file", path: "f" }],
  ["--password-command", { "password-command": "c" }, { kind: "command", command: "c" }],
];

const VARIABLES: readonly (readonly [string, string, object])[] = [
  ["PM_PASSWORD_FD", "4", { kind: "fd", fd: 4 }],
  ["PM_PASSWORD_FILE", "f", { kind: "file", path: "f" }],
  ["PM_PASSWORD_COMMAND", "c", { kind: "command", command: "c" }],
  ["PM_PASSWORD", "p", { kind: "text", text: "p" }],
];

test.each(FLAGS)("%s is a source", (name, values, source) => {
  expect(choosePassword(globals(values), {})).toMatchObject({ name, from: "flag", ...source });
});

test.each(VARIABLES)("%s is a source", (name, value, source) => {
  expect(choosePassword(globals({}), { [name]: value })).toMatchObject({ name, from: "variable", ...source });
});

test.each(FLAGS)("%s wins over every variable", (name, values) => {
  const env = Object.fromEntries(VARIABLES);
  expect(choosePassword(globals(values), env)).toMatchObject({ name });
});

const PAIRS = FLAGS.flatMap((a, i) =>
  FLAGS.slice(i + 1).map((b) => [a[0], b[0], { ...a[1], ...b[1] }] as const),
);

test.each(PAIRS)("%s and %s exclude each other", (a, b, values) => {
  expect(() => choosePassword(globals(values), {})).toThrow(`${a} and ${b}`);
});

test("two variables exclude each other", () => {
  expect(() => choosePassword(globals({}), { PM_PASSWORD: "p", PM_PASSWORD_FILE: "f" })).toThrow(
    "PM_PASSWORD_FILE and PM_PASSWORD both name",
  );
  expect(() => chooseKey(globals({}), { PM_KEY: "k", PM_KEY_FILE: "f" })).toThrow("PM_KEY_FILE and PM_KEY");
});

test("nothing named is no source", () => {
  expect(choosePassword(globals({}), {})).toBeUndefined();
  expect(chooseKey(globals({}), {})).toBeUndefined();
});

test.each(["PM_PASSWORD", "PM_PASSWORD_FD", "PM_PASSWORD_FILE", "PM_PASSWORD_COMMAND"])(
  "%s set to nothing is a mistake, not an absent source",
  (name) => {
    expect(() => choosePassword(globals({}), { [name]: "" })).toThrow(`${name} is set and empty`);
  },
);

test.each(["PM_KEY", "PM_KEY_FILE"])("%s set to nothing is a mistake, too", (name) => {
  expect(() => chooseKey(globals({}), { [name]: "" })).toThrow(`${name} is set and empty`);
});

test("--key-file wins over the variables", () => {
  const key = chooseKey(globals({ "key-file": "a" }), { PM_KEY: "k", PM_KEY_FILE: "f" });
  expect(key).toMatchObject({ kind: "file", path: "a", from: "flag" });
});

test.each(["0", "1", "2", "x", "-3", "3.5", "1e3", "9999999"])("descriptor %s is refused", (fd) => {
  expect(() => choosePassword(globals({}), { PM_PASSWORD_FD: fd })).toThrow("PM_PASSWORD_FD");
});

test("the new password has sources of its own, one at a time", () => {
  const none = { "new-password-stdin": false, "new-password-fd": undefined, "new-password-file": undefined };
  expect(chooseNewPassword(none)).toBeUndefined();
  expect(chooseNewPassword({ ...none, "new-password-stdin": true })).toMatchObject({ kind: "stdin" });
  expect(chooseNewPassword({ ...none, "new-password-fd": "5" })).toMatchObject({ kind: "fd", fd: 5 });
  expect(() => chooseNewPassword({ ...none, "new-password-stdin": true, "new-password-file": "f" })).toThrow(
    "--new-password-stdin and --new-password-file",
  );
});
