/** Help pages, from the definitions. */
import { describe, expect, test } from "vitest";
import { commandHelp, exitCodesHelp, groupHelp, rootHelp } from "../../src/cli/gen/help.ts";
import { loadTree } from "../../src/cli/gen/tree.ts";
import { EXIT_STATUSES } from "../../src/cli/exit.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/globals.ts";
import { findRow, ROWS } from "../../src/cli/registry.ts";

const { commands } = await loadTree();
const WIDTH = 80;

async function pageOf(name: string): Promise<string> {
  const row = findRow(name);
  if (row === undefined) throw new Error(`no command ${name}`);
  return commandHelp({ row, command: await row.load() }).join("\n");
}

test("the page of pm lists every command and every option for all", () => {
  const page = rootHelp(ROWS).join("\n");
  for (const { name, summary } of ROWS) {
    expect(page).toMatch(new RegExp(`^  ${name} +${RegExp.escape(summary)}$`, "m"));
  }
  for (const [name, { hidden }] of Object.entries(GLOBAL_OPTIONS)) {
    expect({ name, isShown: page.includes(`--${name}`) }).toEqual({ name, isShown: hidden !== true });
  }
});

test("the page of a group lists its commands", () => {
  expect(groupHelp("key", ROWS).join("\n")).toMatch(
    /^Usage: pm key COMMAND[^]*key add [^]*key ls [^]*key rm /,
  );
});

describe("the page of a command", () => {
  test("begins with what it does and how it is called", async () => {
    expect(await pageOf("get")).toMatch(
      /^Print one field of an entry\n\nUsage: pm get \[OPTIONS\] NAME \[FIELD\]\n/,
    );
    expect(await pageOf("rm")).toContain("Usage: pm rm [OPTIONS] NAMES...");
  });

  test("names its aliases, but not those for other programs' habits", async () => {
    expect(await pageOf("ls")).toContain("Also: pm list\n");
    expect(await pageOf("add")).not.toContain("insert");
  });

  test("shows how each kind of option is written", async () => {
    const page = await pageOf("get");
    expect(page).toMatch(/^ {2}-f, --field FIELD +Field/m);
    expect(page).toMatch(/^ {2}-c, --clip\[=SECONDS\] +Copy/m);
    expect(page).toMatch(/^ {6}--overwrite +Let/m);
  });

  test("lists choices that its texts do not", async () => {
    expect((await pageOf("get")).replaceAll(/\s+/g, " ")).toContain(
      "Only an entry of this type: custom, login, note",
    );
    expect(await pageOf("completion")).toContain("The shell: bash, zsh, fish");
  });

  test.each(commands.map((node) => [node.row.name, node] as const))(
    "of %s has no line over 80 characters",
    (_name, node) => {
      const wide = commandHelp(node).filter((line) => line.length > WIDTH);
      // An example is for copying, so it stays in one line.
      const examples = node.command.examples.map(({ command }) => `  ${command}`);
      expect(wide.filter((line) => !examples.includes(line))).toEqual([]);
    },
  );
});

test("the exit codes are listed by number and name", () => {
  const page = exitCodesHelp().join("\n");
  for (const { code, name } of EXIT_STATUSES)
    expect(page).toMatch(new RegExp(`^  ${code} ${name} +\\S`, "m"));
});
