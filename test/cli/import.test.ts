/** What `pm import --json` prints is what docs/json.md says; and where a bad export ends. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { readDefinitions, violations } from "../support/json-schema.ts";

const definitions = readDefinitions(readFileSync(new URL("../../docs/json.md", import.meta.url), "utf8"));

let pm: Caller;

beforeAll(async () => {
  pm = await createCaller();
});

afterAll(() => pm[Symbol.dispose]());

describe("--json", () => {
  test.each(["--dry-run", "--quiet", "--quiet"])("prints an import with %s", async (option) => {
    writeFileSync(
      `${pm.directory}/moved.csv`,
      "name,url,username,password\na/b,,mara,one\nb,,,\na/b,,mara,two\nb,,,\n",
    );
    const { exit, stdout } = await pm.run(["import", "moved.csv", option, "--json"], { stdin: "" });
    expect(exit).toBe(0);
    expect(violations(JSON.parse(stdout), { $ref: "#/$defs/imported" }, definitions)).toEqual([]);
  });
});

/** Each ends with 2, says what is wrong in one line, and leaves the file as it was. */
const BAD: readonly (readonly [name: string, content: () => string | Uint8Array, message: RegExp])[] = [
  [
    "a million columns",
    () => `name,url,username,password\n${",".repeat(1_000_000)}\n`,
    /line 2 .* 512 columns/,
  ],
  ["a million columns in the header", () => "a,".repeat(1_000_000), /512 columns|columns pm does not know/],
  ["JSON nested 100,000 deep", () => `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, /64 levels/],
  ["a member twice", () => '{"items":[],"\\u0069tems":[]}', /names a member twice/],
  ["items that are none", () => '{"encrypted":false,"items":[]}', /^$/],
  ["NUL bytes", () => "name,url,username,password\na,\0,b,c\n", /no format that pm knows/],
  ["bytes of no format", () => Uint8Array.of(0xff, 0xfe, 0x00), /no format that pm knows/],
  ["a header cut in half", () => "name,url,user", /columns pm does not know/],
];

test.each(BAD)("%s", async (_, content, message) => {
  writeFileSync(`${pm.directory}/bad`, content());
  const vault = `${pm.directory}/home/data/vault.pm`;
  const before = readFileSync(vault);
  const { exit, stdout, stderr } = await pm.run(["import", "bad"], { stdin: "" });
  expect(stderr.split("\n")[0]).toMatch(message);
  expect({ exit, stdout }).toEqual({ exit: stderr === "" ? 0 : 2, stdout: "" });
  expect(readFileSync(vault)).toEqual(before);
});
