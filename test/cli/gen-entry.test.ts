import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, type Caller, createCaller } from "../support/entry-calls.ts";

let pm: Caller;

beforeEach(async () => {
  pm = await createCaller();
});

afterEach(() => {
  pm[Symbol.dispose]();
});

/** The last line of what was printed, from a call that must succeed. */
async function ok(...argv: readonly string[]): Promise<string> {
  const answer = await pm.run(argv);
  expect(answer).toMatchObject({ exit: 0, stderr: "" });
  return answer.stdout.replace(/\n$/, "");
}

async function add(name: string, secret: string, ...argv: readonly string[]): Promise<void> {
  expect(await pm.run(["add", name, ...argv], { stdin: secret })).toMatchObject({ exit: 0 });
}

async function refused(exit: number, ...argv: readonly string[]): Promise<string> {
  const answer: Answer = await pm.run(argv);
  expect(answer).toMatchObject({ exit, stdout: "" });
  return answer.stderr;
}

async function shown(name: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await ok("show", name, "--json", "--all", "--reveal")) as Record<string, unknown>;
}

describe("a new entry", () => {
  test("is a login with the value that was printed as its password", async () => {
    const value = await ok("gen", "web/a", "24");
    expect(value).toMatch(/^[!-~]{24}$/);
    expect(await ok("get", "web/a", "password")).toBe(value);
    expect(await shown("web/a")).toMatchObject({ type: "login", recipe: "length=24", history: [] });
  });

  test("remembers the length also where nobody chose it", async () => {
    expect(await pm.run(["gen", "a"], { env: { PM_LENGTH: "9" } })).toMatchObject({ exit: 0 });
    expect(await shown("a")).toMatchObject({ recipe: "length=9" });
    expect(await ok("gen", "a")).toHaveLength(9);
  });

  test("has no name that another command could not take", async () => {
    expect(await refused(2, "gen", "a\tb")).toContain("control character");
    expect(await refused(2, "gen", "a//b")).toContain("empty part");
    expect(await refused(2, "gen", "")).toContain("empty");
    expect(await refused(3, "gen", "id:0123456789abcdef")).toContain("no entry matches");
  });
});

describe("an entry that exists", () => {
  test("keeps the value before in its history, and everything else", async () => {
    await add("a", "first", "username=ada", "--tag", "work");
    const second = await ok("gen", "a");
    const third = await ok("gen", "a", "--words", "4");
    const entry = await shown("a");
    expect(entry).toMatchObject({ tags: ["work"], recipe: "words=4,sep=-" });
    expect(entry["fields"]).toMatchObject([
      { name: "username", value: "ada" },
      { name: "password", value: third },
    ]);
    expect(entry["history"]).toMatchObject([{ value: second }, { value: "first" }]);
  });

  test("is found by an id, and by a name that differs only in case", async () => {
    await add("Web/A", "first");
    const byCase = await ok("gen", "web/a");
    expect(await ok("get", "Web/A")).toBe(byCase);
    const { id } = await shown("Web/A");
    const byId = await ok("gen", `id:${String(id)}`);
    expect(await ok("get", "Web/A")).toBe(byId);
    expect(await ok("ls")).toBe("Web/A");
  });

  test("follows its recipe, which any option on the value replaces whole", async () => {
    await ok("gen", "a", "30", "-n", "--require", "digit");
    expect(await shown("a")).toMatchObject({ recipe: "length=30,no-symbols,require=digit" });
    expect(await ok("gen", "a")).toMatch(/^(?=.*[0-9])[A-Za-z0-9]{30}$/);
    await ok("gen", "a", "12");
    expect(await shown("a")).toMatchObject({ recipe: "length=12" });
    await ok("gen", "a", "--sep", ",");
    expect(await ok("gen", "a")).toMatch(/^[a-z-]+(?:,[a-z-]+){5}$/);
  });

  test("follows the recipe that add was given", async () => {
    await ok("add", "a", "--gen=pin=6");
    expect(await ok("gen", "a")).toMatch(/^[0-9]{6}$/);
  });

  test("says so where its recipe is of a kind that this pm does not know", async () => {
    const entry = { path: "a", type: "login", recipe: "syllables=4", fields: [] };
    expect(await pm.run(["add", "--json"], { stdin: JSON.stringify(entry) })).toMatchObject({ exit: 0 });
    expect(await refused(2, "gen", "a")).toContain('the recipe that "a" remembers is not understood');
    expect(await ok("gen", "a", "10")).toHaveLength(10);
  });

  test("in the trash is not changed", async () => {
    await add("a", "first");
    const { id } = await shown("a");
    await ok("rm", "a", "--yes");
    expect(await refused(3, "gen", `id:${String(id)}`)).toContain("in the trash");
    await ok("gen", "a");
    expect((await shown("a"))["id"]).not.toBe(id);
  });
});

describe("which field is the secret", () => {
  test.each<[type: string, field: string]>([
    ["wifi", "password"],
    ["api-key", "key"],
    ["custom", "password"],
  ])("of a %s it is %s", async (type, field) => {
    await add("a", "first", "-t", type);
    const value = await ok("gen", "a");
    expect(await ok("get", "a", field)).toBe(value);
    expect(await ok("get", "a")).toBe(value);
  });

  test("of a custom entry with one secret field it is that", async () => {
    await add("a", "first", "-t", "custom", "--no-secret", "token:secret=-");
    const value = await ok("gen", "a");
    expect(await ok("get", "a", "token")).toBe(value);
    expect(await ok("get", "a")).toBe(value);
  });

  test("a custom entry with one plain field gets a password", async () => {
    await ok("add", "a", "-t", "custom", "--no-secret", "colour=red");
    const value = await ok("gen", "a");
    expect(await ok("get", "a", "password")).toBe(value);
    expect(await ok("get", "a", "colour")).toBe("red");
  });

  test.each(["card", "note", "ssh-key"])("of a %s only -f replaces it", async (type) => {
    await add("a", "first", "-t", type);
    expect(await refused(2, "gen", "a")).toContain(`is of type ${type}`);
    expect(await ok("get", "a")).toBe("first");
    expect(await ok("gen", "a", "-f", "--pin", "16")).toMatch(/^[0-9]{16}$/);
  });

  test("an identity has none", async () => {
    await ok("add", "a", "-t", "identity", "name=Ada");
    expect(await refused(2, "gen", "a", "-f")).toContain("no secret to generate");
  });
});

async function notice(): Promise<string> {
  return (await pm.run(["gen", "a"], { ttys: ["stderr"] })).stderr;
}

describe("what is told", () => {
  test("--json: the entry, the value, and how it was made", async () => {
    const said = JSON.parse(await ok("gen", "a", "--pin", "4", "--json")) as Record<string, unknown>;
    const { id } = await shown("a");
    expect(said).toEqual({
      v: 1,
      id,
      path: "a",
      field: "password",
      value: await ok("get", "a"),
      bits: 4 * Math.log2(10),
      recipe: "pin=4",
      created: true,
      durable: true,
    });
    expect(JSON.parse(await ok("gen", "a", "--json"))).toMatchObject({ id, recipe: "pin=4", created: false });
  });

  test("a notice, to a person", async () => {
    expect(await notice()).toMatch(/^added "a"$/m);
    expect(await notice()).toMatch(/^replaced the password of "a"$/m);
  });
});

describe("nothing is saved", () => {
  test("under --read-only", async () => {
    await refused(13, "gen", "a", "--read-only");
    expect(await ok("ls")).toBe("");
  });

  test("by a recipe that can't be followed, and no password is asked for", async () => {
    const wrong = { env: { PM_PASSWORD: "not the password" } };
    expect(await pm.run(["gen", "a", "1", "--require", "upper,digit"], wrong)).toMatchObject({
      exit: 2,
      stdout: "",
    });
    expect(await pm.run(["gen", "a", "2", "--require", "upper,digit"], wrong)).toMatchObject({
      exit: 5,
      stdout: "",
    });
  });
});
