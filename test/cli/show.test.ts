/** Entries as people read them, warnings, and the paths that `ls` reads in pages. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entryLines } from "../../src/cli/entry-text.ts";
import { PLAIN } from "../../src/cli/style.ts";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { binary, entryOf, plain, secret } from "../support/entries.ts";

const entry = entryOf({
  fields: [
    plain("username", "mara"),
    secret("password", "hunter2"),
    plain("notes", "one\r\ntwo\n"),
    binary("blob", "/w=="),
  ],
  tags: ["dev", "work"],
  expires: "2027-01-31",
  favourite: true,
  useOnly: true,
  recipe: "length=20",
  conflicts: ["password"],
  history: [{ field: "password", value: secret("password", "old\nlines"), written: Date.UTC(2026, 0, 1) }],
});

/** Without times, which depend on the time zone. */
function lines(options: { reveal: boolean; history: boolean }): string[] {
  return entryLines(entry, options, PLAIN).map((line) =>
    line.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME"),
  );
}

describe("an entry", () => {
  test("is shown with its secrets masked", () => {
    expect(lines({ reveal: false, history: false })).toEqual([
      "web/github",
      "username     mara",
      "password     ••••••••",
      "notes        one",
      "             two",
      "blob         ••••••••",
      "(type)       login",
      "(tags)       dev, work",
      "(expires)    2027-01-31",
      "(favourite)  yes",
      "(use-only)   yes",
      "(recipe)     length=20",
      "(conflicts)  password",
      "(created)    TIME",
      "(modified)   TIME",
      "(id)         0123456789abcdef0123456789abcdef",
    ]);
  });

  test("is shown with secrets and history where asked to", () => {
    const shown = lines({ reveal: true, history: true });
    expect(shown).toContain("password         hunter2");
    expect(shown).toContain("blob             (1 bytes that are no text)");
    expect(shown.slice(-2)).toEqual(["password before  TIME  old", "                 lines"]);
  });

  test("keeps earlier values masked as well", () => {
    expect(lines({ reveal: false, history: true }).at(-1)).toBe("password before  TIME  ••••••••");
  });
});

describe("in use", () => {
  let pm: Caller;
  beforeEach(async () => {
    pm = await createCaller();
  });
  afterEach(() => pm[Symbol.dispose]());

  test("an expired entry is read with a warning, on the day after", async () => {
    await pm.run(["add", "old", "--expires", "2025-12-30"], { stdin: "secret" });
    await pm.run(["add", "new", "--expires", "1d"], { stdin: "secret" });
    const old = await pm.run(["get", "old"]);
    expect([old.stdout, old.stderr]).toEqual(["secret\n", 'pm: warning: "old" expired on 2025-12-30\n']);
    expect((await pm.run(["get", "new"])).stderr).toBe("");
  });

  test.each([
    ["-y", ["stdin", "stdout"]],
    ["--no-input", ["stdin", "stdout"]],
    ["--json", ["stdin", "stdout"]],
    ["-q", ["stdout"]],
    ["-q", ["stdin"]],
  ] as const)("the nearest names are not offered with %s and %j as terminals", async (option, ttys) => {
    await pm.run(["add", "github", "--no-secret"]);
    const { exit, terminal } = await pm.run(["get", "gihub", option], { ttys, answers: [] });
    expect([exit, terminal]).toEqual([3, ""]);
  });

  test("an offer that is turned down is a missing entry", async () => {
    await pm.run(["add", "github", "--no-secret"]);
    const answer = await pm.run(["show", "gihub"], { ttys: ["stdin", "stdout"], answers: ["none of them"] });
    expect(answer).toMatchObject({ exit: 3, stdout: "" });
  });

  test("get refuses two destinations", async () => {
    for (const options of [["-c", "--json"], ["-o", "f", "-c"], ["-o", "f", "--json"], ["--overwrite"]]) {
      expect((await pm.run(["get", "x", ...options])).exit).toBe(2);
    }
    expect((await pm.run(["get", "x", "--chars", "1", "--json"])).exit).toBe(2);
  });

  test.each(["get", "set", "unset", "rm", "mv"])("%s refuses an empty name", async (command) => {
    const { exit, stderr } = await pm.run([command, "", "x=1"], { env: { PM_PASSWORD: "wrong" } });
    expect([exit, stderr.split("\n")[0]]).toEqual([2, "pm: error: the name of the entry is empty"]);
  });

  test("get --type takes only that type", async () => {
    await pm.run(["add", "a", "-t", "wifi"], { stdin: "secret" });
    expect((await pm.run(["get", "a", "--type", "wifi"])).stdout).toBe("secret\n");
    const { exit, stderr } = await pm.run(["get", "a", "--type", "login"]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^pm: error: "a" is a wifi, not a login\npm: hint: .*--type wifi\n$/);
  });

  test("get -o - and several fields keep the order", async () => {
    await pm.run(["add", "a", "-u", "mara"], { stdin: "secret" });
    expect((await pm.run(["get", "a", "-o", "-"])).stdout).toBe("secret");
    expect((await pm.run(["get", "a", "user", "-f", "password", "-o", "-"])).stdout).toBe("mara\nsecret\n");
  });

  test("pages of ls hold every entry once", async () => {
    const names = ["A", "a", "a/b", "a b", "z", "é"];
    for (const name of names) await pm.run(["add", name, "--no-secret"]);
    const seen: string[] = [];
    for (;;) {
      const after = seen.at(-1);
      const page = await pm.run(["ls", "--limit", "2", ...(after === undefined ? [] : ["--after", after])]);
      if (page.stdout === "") break;
      seen.push(...page.stdout.trimEnd().split("\n"));
    }
    expect(seen).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});
