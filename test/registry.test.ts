/** The rules that every row of the command table and every definition keeps. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { OptionDef, Options } from "../src/cli/command.ts";
import { type CommandNode, groupWords, loadTree } from "../src/cli/gen/tree.ts";
import { GLOBAL_OPTIONS } from "../src/cli/globals.ts";
import { findRow, GROUPS, isGroup, namesOf, ROWS } from "../src/cli/registry.ts";

const tree = await loadTree();
const COMMANDS = tree.commands.map((node) => [node.row.name, node] as const);

/** Letters and names that mean the same with every command. */
const RESERVED_SHORTS = ["h", "V", ...shortsOf(GLOBAL_OPTIONS)];
const RESERVED_NAMES = ["help", "version", ...Object.keys(GLOBAL_OPTIONS)];

function shortsOf(options: Options): string[] {
  return Object.values(options).flatMap(({ short }) => (short === undefined ? [] : [short]));
}

function duplicates(items: readonly string[]): string[] {
  return items.filter((item, i) => items.indexOf(item) !== i);
}

describe("the table", () => {
  test("has every name and alias once", () => {
    expect(duplicates(ROWS.flatMap(namesOf))).toEqual([]);
  });

  test("has no command that is the first word of others", () => {
    expect(groupWords(tree).filter((word) => findRow(word) !== undefined)).toEqual([]);
    expect(groupWords(tree).filter((word) => !isGroup(word))).toEqual([]);
  });

  test("keeps the aliases of its nested commands in their group", () => {
    const strayed = ROWS.filter((row) => {
      const group = row.name.includes(" ") ? row.name.split(" ")[0] : undefined;
      return namesOf(row).some((name) => (name.includes(" ") ? name.split(" ")[0] : undefined) !== group);
    });
    expect(strayed).toEqual([]);
  });

  test("finds by whole names only", () => {
    expect(findRow("ge")).toBeUndefined();
    expect(findRow("constructor")).toBeUndefined();
    expect(findRow("list")?.name).toBe("ls");
  });

  test("keeps the aliases that people and scripts use", () => {
    const aliases = ROWS.flatMap((row) =>
      namesOf(row)
        .slice(1)
        .map((alias) => `${alias} is ${row.name}`),
    );
    expect(aliases).toEqual(
      expect.arrayContaining([
        "insert is add",
        "create is add",
        "new is add",
        "generate is gen",
        "list is ls",
        "search is find",
        "remove is rm",
        "delete is rm",
        "key list is key ls",
        "trash list is trash ls",
      ]),
    );
  });

  test("puts every command into a group that help shows", () => {
    expect([...new Set(ROWS.map(({ group }) => group))].toSorted()).toEqual(Object.keys(GROUPS).toSorted());
  });
});

describe.each(COMMANDS)("pm %s", (name, { row, command }: CommandNode) => {
  const options = Object.entries(command.options);

  test("says what it does in a line without a period", () => {
    expect(row.summary).toMatch(/^[A-Z].{5,59}$/);
    expect(row.summary).not.toMatch(/\.$/);
    expect(command.details.length).toBeGreaterThan(0);
  });

  test("describes every option in a line of at most 70 characters without a period", () => {
    expect(
      options.filter(([, { summary }]) => !/^[A-Z0-9].{3,69}$/.test(summary) || summary.endsWith(".")),
    ).toEqual([]);
  });

  test("names its options in kebab-case, with a capital hint for the value", () => {
    expect(options.filter(([long]) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(long))).toEqual([]);
    const hints = options.flatMap(([, def]) => (def.kind === "flag" ? [] : [def.hint]));
    expect(hints.filter((hint) => !/^[^a-z\s]+$/.test(hint))).toEqual([]);
  });

  test("has each short flag once, and takes none that all commands have", () => {
    const shorts = shortsOf(command.options);
    expect(shorts.filter((short) => short.length !== 1)).toEqual([]);
    expect(duplicates([...RESERVED_SHORTS, ...shorts])).toEqual([]);
    expect(duplicates([...RESERVED_NAMES, ...Object.keys(command.options)])).toEqual([]);
  });

  test("has choices where there are some", () => {
    const offers: readonly (OptionDef | (typeof command.args)[number])[] = [
      ...Object.values(command.options),
      ...command.args,
    ];
    const empty = offers.filter((def) => "choices" in def && def.choices?.length === 0);
    expect(empty).toEqual([]);
  });

  test("has its required arguments first, and only the last one takes many", () => {
    const required = command.args.map((def) => def.required === true);
    expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
    expect(command.args.slice(0, -1).filter(({ variadic }) => variadic === true)).toEqual([]);
    expect(duplicates(command.args.map((def) => def.name))).toEqual([]);
  });

  test("picks at most the one argument that it requires, the first", () => {
    const required = command.args.filter((def) => def.required === true);
    const picked = command.args.filter((def) => def.picks !== undefined);
    expect(picked.length === 0 || (required.length === 1 && picked[0] === command.args[0])).toBe(true);
    expect(picked.filter((def) => !required.includes(def))).toEqual([]);
  });

  test("has an example of itself", () => {
    expect(command.examples.length).toBeGreaterThan(0);
    expect(command.examples.filter(({ command: typed }) => !typed.includes(`pm ${name}`))).toEqual([]);
  });

  const file = name.replace(" ", "-");
  test.each([`docs/commands/${file}.md`, `test/script/${file}.txt`, `src/cli/commands/${file}.ts`])(
    "has %s",
    (path) => {
      expect(existsSync(new URL(`../${path}`, import.meta.url))).toBe(true);
    },
  );
});
