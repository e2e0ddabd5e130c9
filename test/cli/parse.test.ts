/** From argv to a command, or to the sentence that says what is wrong with it. */
import { describe, expect, test } from "vitest";
import { PmError } from "../../src/core/errors.ts";
import { parseShort } from "../../src/cli/parse.ts";
import { parseFully } from "../../src/cli/program.ts";
import { long, meaning } from "../support/parsing.ts";

async function refusal(argv: readonly string[]): Promise<PmError> {
  const error: unknown = await parseFully(argv).catch((caught: unknown) => caught);
  if (error instanceof PmError) return error;
  throw new Error(`was not refused: pm ${argv.join(" ")}`);
}

describe("a plain call", () => {
  test.each<[line: string, expected: object]>([
    ["get a", { args: { name: "a" } }],
    ["get", { command: "get", args: { name: undefined } }],
    ["rm -r", { command: "rm", args: { names: [] }, options: { recursive: true } }],
    ["get a b", { args: { name: "a", field: "b" } }],
    ["get a -f x --field y --field=z -fw", { options: { field: ["x", "y", "z", "w"] } }],
    ["get a -n", { options: { "no-newline": true } }],
    ["get a --clip 30", { args: { name: "a", field: "30" }, options: { clip: "" } }],
    ["get a --clip=30", { args: { name: "a" }, options: { clip: "30" } }],
    ["get a -c=30", { args: { name: "a" }, options: { clip: "30" } }],
    ["get -nc=30 a", { args: { name: "a" }, options: { "no-newline": true, clip: "30" } }],
    ["get -nc a", { args: { name: "a" }, options: { "no-newline": true, clip: "" } }],
    ["get a -o -", { options: { output: "-" } }],
    ["get -", { args: { name: "-" } }],
    ["get -5", { args: { name: "-5" } }],
    ["get -- -x", { args: { name: "-x" } }],
    ["get -y -- --", { args: { name: "--" }, globals: { yes: true } }],
    ["--json get a -q", { globals: { json: true, quiet: true } }],
    ["--vault=x get a --vault y", { globals: { vault: "y" } }],
    ["get a --no-agent", { globals: { "no-agent": true } }],
    ["key ls", { command: "key ls" }],
    ["list --tag a", { command: "ls", options: { tag: ["a"] } }],
    ["insert a", { command: "add", args: { name: "a", fields: [] } }],
    ["rm a b c", { args: { names: ["a", "b", "c"] } }],
    ["run -q -- a --json -- b", { args: { command: ["a", "--json", "--", "b"] }, globals: { quiet: true } }],
    ["run --dry-run", { args: { command: [] }, options: { "dry-run": true } }],
  ])("pm %s", async (line, expected) => {
    const argv = line.split(" ");
    const short = await parseShort(argv);
    expect(short === undefined ? undefined : meaning(short)).toMatchObject(expected);
    expect(await long(argv)).toMatchObject(expected);
  });

  test("keeps every byte of an argument", async () => {
    const argv = ["get", "  spaced \t name\n", "--vault", ""];
    expect(await long(argv)).toMatchObject({ args: { name: "  spaced \t name\n" }, globals: { vault: "" } });
  });
});

describe("the long path alone takes", () => {
  test.each<[line: string, expected: object]>([
    ["-- get a", { command: "get", args: { name: "a" } }],
    ["key --json ls", { command: "key ls", globals: { json: true } }],
    ["get a --help", { kind: "help", words: ["get"] }],
    ["get a -nh", { kind: "help", words: ["get"] }],
    ["key --help", { kind: "help", words: ["key"] }],
    ["key add --help", { kind: "help", words: ["key", "add"] }],
    ["--json", { kind: "help", words: [] }],
    ["--help", { kind: "help", words: [] }],
    ["--json --version", { kind: "version" }],
  ])("pm %s", async (line, expected) => {
    expect(await parseShort(line.split(" "))).toBeUndefined();
    expect(await long(line.split(" "))).toMatchObject(expected);
  });
});

describe("a mistake is one line that names it, and a hint", () => {
  test.each<[argv: readonly string[], message: string, hint: string]>([
    [["github"], "pm has no command github", "did you mean `pm get github`?"],
    [["my github"], "pm has no command 'my github'", "did you mean `pm get 'my github'`?"],
    [
      ["it's"],
      String.raw`pm has no command 'it'\''s'`,
      String.raw`did you mean ${"`"}pm get 'it'\''s'${"`"}?`,
    ],
    [["gett", "x"], "pm has no command gett", "did you mean `pm get`?"],
    [["ge"], "pm has no command ge", "did you mean one of gen, get?"],
    [[""], "pm has no command ''", "did you mean `pm get ''`?"],
    [["key"], "pm key needs a subcommand", "pm help key"],
    [["key", "lss"], "pm key has no command lss", "did you mean `pm key ls`?"],
    [["key", "nothing"], "pm key has no command nothing", "pm help key"],
    [["unset"], "pm unset needs NAME", "pm help unset"],
    [
      ["get", "a", "b", "c"],
      "too many arguments for pm get",
      "put a name that contains spaces in quotes, and see pm help get",
    ],
    [["get", "a", "-f"], "--field needs a value", "pm help get"],
    [["get", "a", "--fild", "x"], "pm get has no option --fild", "did you mean --field?"],
    [["get", "a", "--json=1"], "--json takes no value", "pm help get"],
    [["get", "a", "--js"], "pm get has no option --js", "did you mean --json?"],
    [["get", "a", "--insecure-arg"], "pm get has no option --insecure-arg", "pm help get"],
    [["get", "a", "-Z"], "pm get has no option -Z", "pm help get"],
    [["--nope", "get", "a"], "pm has no option --nope", "pm help"],
    [["get", "a", "--color", "pink"], "--color must be one of auto, always, never", "pm help get"],
    [["run", "a"], "pm run takes the command behind --", "pm run [OPTIONS] -- COMMAND [ARGUMENTS]"],
    [
      ["run", "a", "--", "b"],
      "pm run takes the command behind --",
      "pm run [OPTIONS] -- COMMAND [ARGUMENTS]",
    ],
    [["completion", "csh"], "SHELL must be one of bash, zsh, fish", "pm help completion"],
  ])("pm %j", async (argv, message, hint) => {
    expect(await parseShort(argv)).toBeUndefined();
    const error = await refusal(argv);
    expect({ code: error.code, message: error.message, hint: error.hint }).toEqual({
      code: "usage",
      message,
      hint,
    });
  });

  test.each([
    [["get", "a", "--password=hunter2"]],
    [["get", "a", "-phunter2"]],
    [["get", "a", "--color", "hunter2"]],
    [["get", "a", "b", "hunter2"]],
    [["completion", "hunter2"]],
  ])("never repeats a value: pm %j", async (argv) => {
    const error = await refusal(argv);
    expect([error.message, error.hint, ...error.details].join("\n")).not.toContain("hunter2");
  });
});
