/** Folders: moved and copied as a whole, also into themselves and out of themselves. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Caller, createCaller } from "../support/entry-calls.ts";

let pm: Caller;
beforeEach(async () => {
  pm = await createCaller();
});
afterEach(() => pm[Symbol.dispose]());

async function add(...paths: string[]): Promise<void> {
  for (const path of paths) await pm.run(["add", path, "--no-secret", "-u", path]);
}

/** Each entry as "where it is=where it was added". */
async function entries(...options: string[]): Promise<string> {
  return (await pm.run(["ls", "--format", "{path}={username}", ...options])).stdout
    .trim()
    .replaceAll("\n", " ");
}

describe("mv of a folder", () => {
  test.each<[string, readonly string[], string, string, string]>([
    ["renames it", ["a/x", "a/y/z", "ab"], "a/", "b/", "ab=ab b/x=a/x b/y/z=a/y/z"],
    ["needs no / at the new name", ["a/x"], "a/", "b", "b/x=a/x"],
    ["into itself", ["a/x", "a/b/x", "a/b/b/x"], "a/", "a/b/", "a/b/b/b/x=a/b/b/x a/b/b/x=a/b/x a/b/x=a/x"],
    ["out of itself", ["a/a/x", "a/a/a/x", "a/y"], "a/a/", "a/", "a/a/x=a/a/a/x a/x=a/a/x a/y=a/y"],
    ["to the top", ["a/x", "a/y/z"], "a/", "/", "x=a/x y/z=a/y/z"],
    ["of everything below the top", ["x", "y/z"], "/", "all/", "all/x=x all/y/z=y/z"],
    ["leaves an entry of its own name", ["a", "a/x"], "a/", "b/", "a=a b/x=a/x"],
  ])("%s", async (_what, paths, from, to, expected) => {
    await add(...paths);
    const { exit, stderr } = await pm.run(["mv", from, to]);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(await entries()).toBe(expected);
  });

  test("does nothing where one name is taken", async () => {
    await add("a/1", "a/2", "a/3", "b/2");
    expect((await pm.run(["mv", "a/", "b/"])).exit).toBe(7);
    expect(await entries()).toBe("a/1=a/1 a/2=a/2 a/3=a/3 b/2=b/2");
  });

  test("with -f takes what is in the way to the trash", async () => {
    await add("a/1", "a/2", "b/2");
    expect((await pm.run(["mv", "-f", "a/", "b/"])).exit).toBe(0);
    expect(await entries()).toBe("b/1=a/1 b/2=a/2");
    expect(await entries("--trash")).toBe("b/2=b/2");
  });

  test("with -f never trashes an entry that moves away itself", async () => {
    await add("a/x", "a/b/x");
    expect((await pm.run(["mv", "-f", "a/", "a/b/"])).exit).toBe(0);
    expect(await entries()).toBe("a/b/b/x=a/b/x a/b/x=a/x");
    expect(await entries("--trash")).toBe("");
  });

  test("refuses a name that becomes too long, and moves nothing", async () => {
    await add("a/1", `a/${"x".repeat(600)}`);
    expect((await pm.run(["mv", "a/", `${"y".repeat(600)}/`])).exit).toBe(2);
    expect((await pm.run(["ls", "a"])).stdout.split("\n")).toHaveLength(3);
  });
});

describe("cp of a folder", () => {
  test("copies everything below it", async () => {
    await add("a/x", "a/y/z");
    expect((await pm.run(["cp", "a/", "a/b/"])).exit).toBe(0);
    expect(await entries()).toBe("a/b/x=a/x a/b/y/z=a/y/z a/x=a/x a/y/z=a/y/z");
  });

  test("copies nothing where one name is taken", async () => {
    await add("a/1", "a/2", "b/2");
    expect((await pm.run(["cp", "a/", "b/"])).exit).toBe(7);
    expect(await entries()).toBe("a/1=a/1 a/2=a/2 b/2=b/2");
  });
});

describe("names", () => {
  test.each<[readonly string[], number, string]>([
    [["mv", "a", "a"], 2, '"a" is there already'],
    [["mv", "A", "a"], 2, "is there already"],
    [["mv", "web", "x"], 3, '"web" is a folder, not an entry'],
    [["cp", "web", "x"], 3, 'write it as "web/"'],
    [["mv", "a", "id:0000"], 2, "id:"],
    [["mv", "a//", "x"], 2, "empty part"],
    [["mv", "id:", "x"], 2, "an id has"],
  ])("%j is refused", async (argv, exit, message) => {
    await add("a", "web/x");
    const answer = await pm.run(argv);
    expect(answer).toMatchObject({ exit, stdout: "" });
    expect(answer.stderr).toContain(message);
  });

  test("an entry can change only its case", async () => {
    await add("github");
    expect((await pm.run(["mv", "github", "GitHub"])).exit).toBe(0);
    expect(await entries()).toBe("GitHub=github");
  });
});
