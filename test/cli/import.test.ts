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

describe("everything of an item", () => {
  const items = [
    {
      type: 1,
      name: "kept",
      deletedDate: "2024-01-01T00:00:00.000Z",
      login: { username: "mara", password: "in the trash" },
    },
    {
      type: 1,
      name: "kept",
      favorite: true,
      creationDate: "2020-01-02T03:04:05.000Z",
      login: { username: "mara", password: "now", fido2Credentials: [{ rpId: "a.example", keyValue: "K" }] },
      passwordHistory: [{ lastUsedDate: "2022-01-01T00:00:00.000Z", password: "before" }],
      fields: Array.from({ length: 70 }, (_, n) => ({ name: `field ${n}`, value: `${n}`, type: 0 })),
    },
  ];

  test("is in the vault, the trash and the attachments, and comes once", async () => {
    writeFileSync(`${pm.directory}/all.json`, JSON.stringify({ encrypted: false, folders: [], items }));
    const vault = `${pm.directory}/home/data/vault.pm`;
    expect((await pm.run(["import", "all.json"])).exit).toBe(0);
    const show = async (name: string): Promise<unknown> =>
      JSON.parse((await pm.run(["show", name, "--reveal", "--all", "--json"])).stdout);
    expect(await show("kept")).toMatchObject({
      favourite: true,
      created: "2020-01-02T03:04:05.000Z",
      history: [{ field: "password", value: "before" }],
      attachments: [{ name: "more-fields.json" }],
    });
    expect((await pm.run(["get", "kept", "passkey"])).stdout).toBe('{"rpId":"a.example","keyValue":"K"}\n');
    const trash = JSON.parse((await pm.run(["trash", "ls", "--json"])).stdout) as {
      entries: { id: string }[];
    };
    expect(await show(`id:${trash.entries[0]?.id}`)).toMatchObject({ path: "kept", trashed: true });

    const before = readFileSync(vault);
    expect((await pm.run(["import", "all.json"])).stdout).toBe("same  2  entries\n");
    expect(readFileSync(vault)).toEqual(before);
    expect((await pm.run(["undo"])).exit).toBe(0);
    expect((await pm.run(["get", "kept"])).exit).toBe(3);
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
