import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENV_FORMATS, formatVariables, type Variable } from "../../src/cli/env-formats.ts";
import { parseEnvFile } from "../../src/core/references/env-file.ts";
import { describeWith } from "../support/describe-with.ts";
import { seededRandom } from "../support/random.ts";

/** What breaks quoting that is nearly right. */
const VALUES = [
  "",
  "plain",
  " two  words ",
  "it's",
  "''",
  'say "x"',
  "`id` $(id) $HOME ${HOME} %PATH% !! ~ *",
  String.raw`back\slash \n \\ \' \"`,
  "# no comment",
  "a #b",
  "one\ntwo\n\nthree\n",
  "\ttab\t",
  "caf\u00e9 \u{1f511} \u2019\u201c\u2028",
  "a=b&c;d|e<f>(g)",
  "\u001b[31m\u0007",
  "-n",
];
const VARIABLES: readonly Variable[] = VALUES.map((value, index) => ({ name: `V_${index}`, value }));
const random = seededRandom("env");

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "pm-env-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Prints the variables as JSON, whatever set them. */
const PRINT = join(import.meta.dirname, "../support/print-env.mjs");

function run(program: string, args: readonly string[], variables: readonly Variable[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(program, args, {
    encoding: "utf8",
    cwd: directory,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: directory,
      LC_ALL: "C.UTF-8",
      NODE: process.execPath,
      PRINT,
    },
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  const seen = JSON.parse(stdout) as Record<string, string>;
  return variables.map(({ name }) => seen[name] ?? "(not set)");
}

const valuesOf = (variables: readonly Variable[]): readonly string[] => variables.map(({ value }) => value);

const IN_SHELL = 'eval "$(cat shell)"; exec "$NODE" "$PRINT"';

describe.skipIf(process.platform === "win32")("every value comes out as it is in", () => {
  test.each(["sh", "bash"])("%s", (shell) => {
    writeFileSync(join(directory, "shell"), formatVariables(VARIABLES, "shell", random));
    expect(run(shell, ["-c", IN_SHELL], VARIABLES)).toEqual(VALUES);
  });

  test("node --env-file", () => {
    writeFileSync(join(directory, "dotenv"), formatVariables(VARIABLES, "dotenv", random));
    expect(run(process.execPath, ["--env-file=dotenv", PRINT], VARIABLES)).toEqual(VALUES);
  });
});

describeWith(["zsh"], "zsh", () => {
  test("every value comes out as it is in", () => {
    writeFileSync(join(directory, "shell"), formatVariables(VARIABLES, "shell", random));
    expect(run("zsh", ["-f", "-c", IN_SHELL], VARIABLES)).toEqual(VALUES);
  });
});

describeWith(["fish"], "fish", () => {
  test("every value comes out as it is in", () => {
    writeFileSync(join(directory, "fish"), formatVariables(VARIABLES, "fish", random));
    const script = 'cat fish | source; exec "$NODE" "$PRINT"';
    expect(run("fish", ["--no-config", "-c", script], VARIABLES)).toEqual(VALUES);
  });
});

test("pm reads back what it writes as dotenv, but for what only backticks hold", () => {
  const variables = VARIABLES.filter(({ value }) => !(value.includes("'") && /["\\]/.test(value)));
  const read = parseEnvFile(formatVariables(variables, "dotenv", random), ".env");
  expect(read.map(({ value }) => value)).toEqual(valuesOf(variables));
});

test("json is an object", () => {
  const text = formatVariables([...VARIABLES, { name: "__proto__", value: "x" }], "json", random);
  expect(Object.values(JSON.parse(text) as object)).toEqual([...VALUES, "x"]);
});

test("docker takes the lines as they are", () => {
  const variables = VARIABLES.filter(({ value }) => !value.includes("\n"));
  const lines = formatVariables(variables, "docker", random).split("\n").slice(0, -1);
  expect(lines).toEqual(variables.map(({ name, value }) => `${name}=${value}`));
});

test("github reads between delimiters that stand in no value", () => {
  const text = formatVariables(VARIABLES, "github", random);
  const blocks = [...text.matchAll(/^(V_\d+)<<(pm_[0-9a-f]{32})\n([^]*?)\n\2\n/gm)];
  expect(blocks.map(([, , , value]) => value)).toEqual(VALUES);
  expect(new Set(blocks.map(([, , delimiter]) => delimiter)).size).toBe(VALUES.length);
  const [first, second] = [new Uint8Array(16), new Uint8Array(16).fill(1)];
  const draws = [first, second];
  const value = `x\npm_${"00".repeat(16)}\ny`;
  expect(formatVariables([{ name: "A", value }], "github", () => draws.shift() ?? first)).toMatch(
    /^A<<pm_01/,
  );
});

test.each([
  ["it's", "'it''s'"],
  ["\u2018a\u2019 \u201ab\u201b", "'\u2018\u2018a\u2019\u2019 \u201a\u201ab\u201b\u201b'"],
  ['$x `n "y"', "'$x `n \"y\"'"],
])("powershell: %s is %s", (value, expected) => {
  expect(formatVariables([{ name: "A", value }], "powershell", random)).toBe(`$env:A = ${expected}\n`);
});

test.each<[(typeof ENV_FORMATS)[number], string]>([
  ["docker", "a\nb"],
  ["docker", "a\r"],
  ["dotenv", "a\rb"],
  ["dotenv", "'\"`"],
  ["dotenv", "'\\`"],
])("%s refuses %j, and names the variable", (format, value) => {
  expect(() => formatVariables([{ name: "SOME", value }], format, random)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining("SOME") }),
  );
});

test("no variables are no text", () => {
  expect(ENV_FORMATS.map((format) => formatVariables([], format, random))).toEqual([
    "",
    "",
    "",
    "",
    "{}\n",
    "",
    "",
  ]);
});
