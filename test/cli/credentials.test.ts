import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromUtf8, toHex } from "../../src/core/bytes.ts";
import { nobleBackend } from "../../src/core/crypto/noble.ts";
import { PmError } from "../../src/core/errors.ts";
import {
  type Credentials,
  formatKeyFile,
  formatRecoveryCode,
  formatToken,
} from "../../src/core/vault/credentials.ts";
import { withCredentials } from "../../src/cli/credentials.ts";
import { toGlobals } from "../../src/cli/globals.ts";
import { createOut } from "../../src/cli/output.ts";
import { createCallInput } from "../../src/cli/stdin.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo, type TestIoOptions } from "../support/test-io.ts";

const SECRET = new Uint8Array(32).fill(7);
const KEY_FILE = formatKeyFile(nobleBackend, SECRET);
const TOKEN = formatToken(nobleBackend, { id: new Uint8Array(8).fill(1), secret: SECRET });
const CODE = formatRecoveryCode(nobleBackend, new Uint8Array(20).fill(9));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "pm-credentials-"));
  for (const [name, content, mode] of [
    ["password", "from a file\n", 0o600],
    ["open", "from a file\n", 0o644],
    ["lines", "two\nlines\n", 0o600],
    ["empty", "\n", 0o600],
    ["key", KEY_FILE, 0o600],
    ["token", `${TOKEN}\n`, 0o600],
    ["other", "anything else", 0o600],
    ["code", `${CODE}\n`, 0o600],
  ] as const) {
    writeFileSync(join(directory, name), content);
    chmodSync(join(directory, name), mode);
  }
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

type Values = Parameters<typeof toGlobals>[0];

function callOf(values: Values, options: Partial<TestIoOptions> = {}) {
  const testIo = createTestIo({ cwd: directory, random: seededRandom("credentials"), ...options });
  const globals = toGlobals(values, options.env ?? {});
  const { io } = testIo;
  const out = createOut(io, { quiet: globals.quiet, color: () => "never" });
  const stdin = createCallInput(io.stdin, globals.passwordStdin);
  return { call: { io, globals, out, stdin, crypto: async () => nobleBackend }, testIo };
}

/** What the vault would be tried with: texts for passwords, hex for keys. */
function shown(credentials: Credentials): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, bytes]: [string, Uint8Array]) => [
      name,
      name === "password" ? fromUtf8(bytes) : toHex(bytes.subarray(0, 2)),
    ]),
  );
}

async function triedWith(values: Values, options: Partial<TestIoOptions> = {}) {
  return await withCredentials(callOf(values, options).call, async (credentials) => shown(credentials));
}

const SOURCES: readonly (readonly [string, Values, Partial<TestIoOptions>, object])[] = [
  ["--password-stdin", { "password-stdin": true }, { stdin: "a b \r\nrest" }, { password: "a b " }],
  ["--password-file", { "password-file": "password" }, {}, { password: "from a file" }],
  ["PM_PASSWORD_FILE", {}, { env: { PM_PASSWORD_FILE: "password" } }, { password: "from a file" }],
  ["--password-command", { "password-command": "printf ' %s\\n' 'a  b'" }, {}, { password: " a  b" }],
  ["PM_PASSWORD_COMMAND", {}, { env: { PM_PASSWORD_COMMAND: "echo ${A}", A: "$x" } }, { password: "$x" }],
  ["PM_PASSWORD", {}, { env: { PM_PASSWORD: " p\n" } }, { password: " p" }],
  ["--key-file", { "key-file": "key" }, {}, { keyFile: "0707" }],
  ["--key-file with a machine key in it", { "key-file": "token" }, {}, { token: "0707" }],
  ["PM_KEY_FILE", {}, { env: { PM_KEY_FILE: "key" } }, { keyFile: "0707" }],
  ["PM_KEY", {}, { env: { PM_KEY: TOKEN } }, { token: "0707" }],
  ["PM_KEY with a newline", {}, { env: { PM_KEY: `${TOKEN}\n` } }, { token: "0707" }],
  ["a recovery code in place of a password", { "password-file": "code" }, {}, { recovery: "0909" }],
  [
    "a key file and a password together",
    { "key-file": "key", "password-file": "password" },
    {},
    { keyFile: "0707", password: "from a file" },
  ],
  [
    "a flag's password before a variable's machine key",
    { "password-file": "password" },
    { env: { PM_KEY: TOKEN } },
    { password: "from a file" },
  ],
  [
    "a machine key before a variable's password",
    {},
    { env: { PM_KEY: TOKEN, PM_PASSWORD_COMMAND: "false" } },
    { token: "0707" },
  ],
];

test.each(SOURCES)("takes %s", async (_source, values, options, expected) => {
  expect(await triedWith(values, options)).toEqual(expected);
});

const REFUSED: readonly (readonly [string, Values, Partial<TestIoOptions>, string])[] = [
  ["an empty password", { "password-file": "empty" }, {}, "usage"],
  ["an empty first line", { "password-stdin": true }, { stdin: "\nx\n" }, "usage"],
  ["a password of two lines", { "password-file": "lines" }, {}, "usage"],
  ["a missing password file", { "password-file": "none" }, {}, "io"],
  ["a command that fails", { "password-command": "false" }, {}, "auth"],
  ["a command that does not exist", { "password-command": "pm-no-such" }, {}, "io"],
  ["a command that can't be split", { "password-command": "echo 'x" }, {}, "usage"],
  ["any other file as a key file", { "key-file": "other" }, {}, "auth"],
  ["a machine key with a typing mistake", {}, { env: { PM_KEY: `${TOKEN.slice(0, -1)}_` } }, "auth"],
  ["a recovery code with a typing mistake", {}, { env: { PM_PASSWORD: `${CODE.slice(0, -1)}*` } }, "auth"],
  [
    "a machine key and a password by flags",
    { "key-file": "token", "password-file": "password" },
    {},
    "usage",
  ],
  ["two sources", { "password-stdin": true, "password-file": "password" }, { stdin: "x\n" }, "usage"],
  ["a prompt without a terminal", {}, {}, "locked"],
  ["a prompt under --no-input", { "no-input": true }, { answers: [] }, "locked"],
  ["a prompt on a build machine", {}, { answers: [], env: { CI: "true" } }, "locked"],
];

test.each(REFUSED)("refuses %s", async (_what, values, options, code) => {
  await expect(triedWith(values, options)).rejects.toMatchObject({ code });
});

test("a file that others may read and PM_PASSWORD at a terminal are warned about, once", async () => {
  const open = callOf({ "password-file": "open" });
  await withCredentials(open.call, async () => undefined);
  expect(open.testIo.stderr()).toMatch(/^pm: warning: others can read open; run: chmod 600 open\n$/);
  const seen = callOf({}, { env: { PM_PASSWORD: "x" }, ttys: new Set(["stderr"]) });
  await withCredentials(seen.call, async () => undefined);
  expect(seen.testIo.stderr()).toMatch(/^pm: warning: PM_PASSWORD .*\n$/);
  const script = callOf({}, { env: { PM_PASSWORD: "x" } });
  await withCredentials(script.call, async () => undefined);
  expect(script.testIo.stderr()).toBe("");
});

const wrong = async (): Promise<never> => {
  throw new PmError("auth", "wrong password or key");
};

test("a typed password is asked for three times", async () => {
  const { call, testIo } = callOf({}, { answers: ["a", "b", "c"] });
  await expect(withCredentials(call, wrong)).rejects.toMatchObject({ code: "auth" });
  expect(testIo.unused()).toEqual([]);
  expect(testIo.terminal().match(/Master password/g)).toHaveLength(3);
  expect(testIo.terminal().match(/wrong password or key; try again/g)).toHaveLength(2);
});

test("the second try may be right, and an empty one or a bad code only costs a try", async () => {
  const { call } = callOf({}, { answers: ["", "PMR1-ABCD", "right"] });
  expect(await withCredentials(call, async (credentials) => shown(credentials))).toEqual({
    password: "right",
  });
});

test("a recovery code may be typed", async () => {
  const { call } = callOf({}, { answers: [CODE.toLowerCase()] });
  expect(await withCredentials(call, async (credentials) => shown(credentials))).toEqual({
    recovery: "0909",
  });
});

test("a named password is tried once, also at a terminal", async () => {
  const { call, testIo } = callOf({ "password-file": "password" }, { answers: ["x"] });
  let tries = 0;
  const failing = async (): Promise<never> => {
    tries++;
    return await wrong();
  };
  await expect(withCredentials(call, failing)).rejects.toMatchObject({ code: "auth" });
  expect(tries).toBe(1);
  expect(testIo.unused()).toEqual(["x"]);
});

const damaged = async (): Promise<never> => {
  throw new PmError("body-corrupt", "damaged");
};

test("other failures are not asked about again, and Ctrl-C ends it", async () => {
  await expect(withCredentials(callOf({}, { answers: ["a"] }).call, damaged)).rejects.toMatchObject({
    code: "body-corrupt",
  });
  await expect(withCredentials(callOf({}, { answers: ["^C"] }).call, wrong)).rejects.toMatchObject({
    code: "interrupted",
  });
});

test("what was tried is wiped, whatever came of it", async () => {
  const kept: Uint8Array[] = [];
  const keep = async ({ password, keyFile }: Credentials): Promise<void> => {
    kept.push(password ?? new Uint8Array(0), keyFile ?? new Uint8Array(0));
    return await wrong();
  };
  const { call } = callOf({ "password-file": "password", "key-file": "key" });
  await expect(withCredentials(call, keep)).rejects.toMatchObject({ code: "auth" });
  expect(kept.map((bytes) => bytes.length)).toEqual([11, 32]);
  expect(kept.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
});
