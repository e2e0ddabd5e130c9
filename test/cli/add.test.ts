/** Where the secret of a new entry comes from, and what is refused before anything is saved. */
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CallOptions, type Caller, createCaller } from "../support/entry-calls.ts";

const PASSWORD = "correct horse battery staple";
const PERSON = ["stdin", "stdout", "stderr"] as const;

let pm: Caller;
beforeEach(async () => {
  pm = await createCaller();
});
afterEach(() => pm[Symbol.dispose]());

function fields(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `f${index}=x`);
}

/** The exit status and what stderr says of a call that prints nothing on stdout. */
async function refused(argv: readonly string[], options?: CallOptions): Promise<string> {
  const { exit, stdout, stderr } = await pm.run(argv, options);
  expect(stdout).toBe("");
  return `${exit} ${stderr}`;
}

async function get(...argv: string[]): Promise<string> {
  const { exit, stdout, stderr } = await pm.run(["get", ...argv]);
  return exit === 0 ? stdout : `${exit} ${stderr}`;
}

describe("with --password-stdin", () => {
  const env = { PM_PASSWORD: "" };

  test("the rest of standard input is the secret", async () => {
    const stdin = `${PASSWORD}\nline one\nline two\r\n`;
    expect((await pm.run(["add", "a", "--password-stdin"], { stdin, env })).exit).toBe(0);
    expect(await get("a", "-n")).toBe("line one\nline two");
  });

  test("field=- takes the rest, too", async () => {
    const stdin = `${PASSWORD}\nKEY`;
    await pm.run(["add", "a", "--password-stdin", "otp=-", "--no-secret"], { stdin, env });
    expect(await get("a", "otp")).toBe("KEY\n");
  });

  test("no rest is empty input", async () => {
    expect(await refused(["add", "a", "--password-stdin"], { stdin: `${PASSWORD}\n`, env })).toMatch(
      /^2 pm: error: standard input is empty/,
    );
  });
});

describe("a person", () => {
  test("is asked once for what nothing else gives", async () => {
    const { terminal } = await pm.run(["add", "a"], { ttys: PERSON, answers: ["s", "s"] });
    expect(terminal).toBe("Password of a: \nThe same again: \n");
    expect(await get("a")).toBe("s\n");
  });

  test("is asked although another field comes from a file", async () => {
    writeFileSync(`${pm.directory}/otp`, "KEY\n");
    await pm.run(["add", "a", "otp=@otp"], { ttys: PERSON, answers: ["s", "s"] });
    expect(await get("a")).toBe("s\n");
  });

  test.each([["-g"], ["--no-secret"], ["password=@file"], ["-t", "identity", "name=Ada"]])(
    "is not asked with %j",
    async (...options) => {
      writeFileSync(`${pm.directory}/file`, "x");
      const { exit, terminal } = await pm.run(["add", "a", ...options], { ttys: PERSON, answers: [] });
      expect([exit, terminal]).toEqual([0, ""]);
    },
  );

  test("is told of a taken name before anything is asked", async () => {
    await pm.run(["add", "a", "--no-secret"]);
    expect(await refused(["add", "a"], { ttys: PERSON, answers: [] })).toMatch(/^7 /);
  });

  test("is not asked under --no-input", async () => {
    expect(await refused(["add", "a", "--no-input"], { ttys: ["stdin"], answers: [] })).toMatch(
      /^4 pm: error: the password of a is needed.*\npm: hint: password=- /,
    );
  });

  test("can't type a private key", async () => {
    const env = { PM_PASSWORD: "wrong" };
    expect(await refused(["add", "a", "-t", "ssh-key"], { ttys: ["stdin"], answers: [], env })).toMatch(
      /^2 .*\npm: hint: private=@FILE/,
    );
  });
});

describe("a script", () => {
  test("adds no secret where another field is read", async () => {
    writeFileSync(`${pm.directory}/otp`, "KEY");
    await pm.run(["add", "a", "otp=@otp"], { stdin: "not read" });
    expect(await get("a")).toMatch(/^3 .*has no field "password"/);
  });

  test.each<[string, readonly string[]]>([
    ["-g and --no-secret", ["-g", "--no-secret"]],
    ["password= and -g", ["password=-", "-g"]],
    ["password= and --no-secret", ["password=-", "--no-secret"]],
  ])("can't ask for %s", async (what, options) => {
    expect(await refused(["add", "a", ...options], { stdin: "x" })).toContain(
      `2 pm: error: ${what} exclude each other`,
    );
  });

  test.each(["note", "card", "identity", "ssh-key"])("can't generate a %s", async (type) => {
    expect(await refused(["add", "a", "-g", "-t", type])).toMatch(/^2 pm: error: -g has nothing to generate/);
  });

  test("remembers the recipe", async () => {
    await pm.run(["add", "a", "--gen=pin=8"]);
    expect(await get("a")).toMatch(/^\d{8}\n$/);
    const { stdout } = await pm.run(["show", "a", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ recipe: "pin=8" });
  });

  test.each<[string, readonly string[], string]>([
    ["a bad recipe", ["--gen=nonsense"], "recipe"],
    ["--otp with a literal", ["--no-secret", "--otp", "hunter2"], 'field "otp" is secret'],
    ["--note of a note", ["-t", "note", "--note", "hunter2"], 'field "notes" is secret'],
    ["--user beside username=", ["-u", "a", "username=b"], 'field "username" is given twice'],
    ["a bad day", ["--expires", "never"], '"never" is not a day'],
  ])("is refused %s before the vault is opened", async (_what, options, message) => {
    const answer = await refused(["add", "a", ...options], { env: { PM_PASSWORD: "wrong" } });
    expect(answer).toMatch(/^2 /);
    expect(answer).toContain(message);
    expect(answer).not.toContain("hunter2");
  });
});

describe("limits", () => {
  test("64 fields are saved, the 65th is refused", async () => {
    expect((await pm.run(["add", "a", "--no-secret", ...fields(64)])).exit).toBe(0);
    expect(await refused(["add", "b", "--no-secret", ...fields(65)])).toMatch(/^2 pm: error: 65 fields/);
    expect(await refused(["add", "b", ...fields(64)], { stdin: "x" })).toMatch(/^2 /);
    expect(await refused(["set", "a", "more=x"])).toMatch(/^2 .*64 fields/);
    expect((await pm.run(["ls"])).stdout).toBe("a\n");
  });

  test("standard input is read up to the limit of a value", async () => {
    const largest = "x".repeat(256 * 1024);
    expect((await pm.run(["add", "a"], { stdin: `${largest}\r\n` })).exit).toBe(0);
    expect(await get("a", "-n")).toBe(largest);
    expect(await refused(["add", "b"], { stdin: `${largest}x` })).toMatch(/^2 .*limit/);
  });
});

describe("--json", () => {
  test("takes NAME, else the path of the object", async () => {
    await pm.run(["add", "--json"], { stdin: '{"path":"a","fields":[{"name":"password","value":"1"}]}' });
    await pm.run(["add", "b", "--json"], {
      stdin: '{"path":"a","fields":[{"name":"password","value":"2"}]}',
    });
    expect([await get("a"), await get("b")]).toEqual(["1\n", "2\n"]);
    expect(await refused(["add", "--json"], { stdin: "{}" })).toContain("needs the name");
  });

  test.each([["-g"], ["--tag", "x"], ["a=b"], ["-t", "note"], ["--gen="]])(
    "has no place for %s beside it",
    async (...options) => {
      expect(await refused(["add", "a", "--json", ...options], { stdin: "{}" })).toContain(
        "has no place beside --json",
      );
    },
  );

  test("a whole entry survives the way out and in again", async () => {
    writeFileSync(`${pm.directory}/blob`, Uint8Array.of(0xff, 0, 10));
    await pm.run([
      "add",
      "a",
      "-g",
      "blob=@blob",
      "pin:plain=@@x",
      "--tag",
      "t",
      "--expires",
      "1y",
      "--fav",
      "--keep-newline",
    ]);
    const original = (await pm.run(["show", "a", "--json", "--reveal"])).stdout;
    await pm.run(["add", "b", "--json"], { stdin: original });
    const copy = (await pm.run(["show", "b", "--json", "--reveal"])).stdout;
    const {
      id: _id,
      path: _path,
      created: _created,
      modified: _modified,
      ...rest
    } = JSON.parse(original) as Record<string, unknown>;
    expect(JSON.parse(copy)).toMatchObject(rest);
  });
});
