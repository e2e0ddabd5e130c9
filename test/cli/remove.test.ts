/** The trash: what goes in, what comes out, what is gone for ever. */
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

async function lines(...argv: string[]): Promise<string> {
  return (await pm.run(argv)).stdout.trim().replaceAll("\n", " ");
}

describe("rm", () => {
  test("takes an entry that is named twice once", async () => {
    await add("a", "web/x");
    expect((await pm.run(["rm", "-y", "-r", "a", "A", "web", "web/x"])).exit).toBe(0);
    expect(await lines("trash", "ls")).toBe("a web/x");
  });

  test("-r takes the entry of a folder's name with it", async () => {
    await add("web", "web/x", "website");
    await pm.run(["rm", "-y", "-r", "web/"]);
    expect(await lines("ls")).toBe("website");
  });

  test("without -r a folder's entry goes alone", async () => {
    await add("web", "web/x");
    await pm.run(["rm", "-y", "web"]);
    expect(await lines("ls")).toBe("web/x");
  });

  test("names how many it asks about", async () => {
    await add("a", "b");
    const { terminal } = await pm.run(["rm", "a", "b"], { answers: ["y"] });
    expect(terminal).toBe("Move 2 entries to the trash?\n");
    const { terminal: purge } = await pm.run(["rm", "--purge", await trashed("a")], { answers: ["y"] });
    expect(purge).toBe('Erase "a" for ever?\n');
  });

  test("finds nothing by a name that only the trash holds", async () => {
    await add("a");
    await pm.run(["rm", "-y", "a"]);
    expect((await pm.run(["rm", "-y", "a"])).exit).toBe(3);
    const again = await pm.run(["rm", "-y", await trashed("a")]);
    expect(again).toMatchObject({ exit: 3 });
    expect(again.stderr).toContain('"a" is in the trash');
  });

  test("--purge leaves nothing of the value, in the history either", async () => {
    await pm.run(["add", "a"], { stdin: "one" });
    await pm.run(["set", "a", "password=-"], { stdin: "two" });
    const id = `id:${await lines("ls", "--format", "{id}")}`;
    await pm.run(["rm", "-y", "--purge", "a"]);
    for (const argv of [
      ["get", id],
      ["show", id],
      ["trash", "restore", id],
      ["rm", "-y", "--purge", id],
    ]) {
      expect((await pm.run(argv)).exit).toBe(3);
    }
  });

  test.each([
    ["set", "x=1"],
    ["unset", "username"],
    ["mv", "b"],
    ["cp", "b"],
  ])("what is in the trash can't be changed by pm %s", async (command, argument = "") => {
    await add("a");
    await pm.run(["rm", "-y", "a"]);
    const { exit, stderr } = await pm.run([command, await trashed("a"), argument]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/is in the trash\npm: hint: pm trash restore id:/);
  });

  test("what is in the trash can still be read by its id", async () => {
    await add("a");
    await pm.run(["rm", "-y", "a"]);
    expect(await lines("get", await trashed("a"), "username")).toBe("a");
  });
});

describe("trash restore", () => {
  test("brings back all or none", async () => {
    await add("a", "b");
    await pm.run(["rm", "-y", "a", "b"]);
    await add("b");
    expect((await pm.run(["trash", "restore", "a", "b"])).exit).toBe(7);
    expect(await lines("ls")).toBe("b");
    await pm.run(["mv", "b", "c"]);
    expect((await pm.run(["trash", "restore", "a", "B", "a"])).exit).toBe(0);
    expect(await lines("ls")).toBe("a b c");
  });

  test("takes one of two by its id", async () => {
    await add("a");
    await pm.run(["rm", "-y", "a"]);
    const first = await trashed("a");
    await add("a");
    await pm.run(["rm", "-y", "a"]);
    expect((await pm.run(["trash", "restore", "a"])).exit).toBe(6);
    expect((await pm.run(["trash", "restore", first])).exit).toBe(0);
    expect(await lines("trash", "ls")).toBe("a");
  });

  test("names the nearest, and does not take a live entry", async () => {
    await add("github", "live");
    await pm.run(["rm", "-y", "github"]);
    expect((await pm.run(["trash", "restore", "gihub"])).stderr).toContain('did you mean "github"?');
    expect((await pm.run(["trash", "restore", "live"])).exit).toBe(3);
    const id = await lines("ls", "--format", "id:{id}");
    expect((await pm.run(["trash", "restore", id])).exit).toBe(3);
  });
});

async function trashed(path: string): Promise<string> {
  const { stdout } = await pm.run(["ls", "--trash", "--format", "{path} id:{id}"]);
  return (
    stdout
      .split("\n")
      .find((line) => line.startsWith(`${path} `))
      ?.split(" ")[1] ?? ""
  );
}
