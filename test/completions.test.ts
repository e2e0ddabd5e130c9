/** The committed completions in the real shells: each offers the same. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { loadTree, nextWords, visibleOptions } from "../src/cli/gen/tree.ts";
import { describeWith } from "./support/describe-with.ts";
import { temporaryDirectory } from "./support/process.ts";
import { offers, type Shell } from "./support/shells.ts";

const tree = await loadTree();

const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  [
    "pm ",
    nextWords(tree)
      .filter(({ parent }) => parent === "")
      .map(({ word }) => word),
  ],
  ["pm ge", ["gen", "get"]],
  ["pm key ", ["add", "combine", "ls", "rm", "split"]],
  ["pm key add ", ["keyfile", "machine", "password", "password-keyfile", "recovery"]],
  ["pm --vault x ge", ["gen", "get"]],
  ["pm --vault=x --json key a", ["add"]],
  ["pm --ver", ["--verbose", "--version"]],
  ["pm get --o", ["--output", "--overwrite"]],
  ["pm list --ty", ["--type"]],
  ["pm get --type s", ["ssh-key"]],
  ["pm get --type=s", ["ssh-key"]],
  ["pm get x --color a", ["always", "auto"]],
  ["pm get -n --color a", ["always", "auto"]],
  ["pm get --color never --o", ["--output", "--overwrite"]],
  ["pm key --color never l", ["ls"]],
  ["pm completion ", ["bash", "fish", "zsh"]],
  ["pm help ke", ["key"]],
  ["pm help key ", ["add", "combine", "ls", "rm", "split"]],
  ["pm help exi", ["exit-codes"]],
  // Only an agent knows these names (test/e2e/tab.test.ts).
  ["pm get ", []],
  ["pm get name ", []],
  ["pm nothing ", []],
  ["pm get -- --o", []],
];

const SHELLS: readonly Shell[] = process.platform === "win32" ? [] : ["bash", "zsh", "fish"];

for (const shell of SHELLS) {
  describeWith(shell === "bash" ? [] : [shell], `the completion of ${shell}`, () => {
    test("offers what can stand there", () => {
      const offered = offers(
        shell,
        CASES.map(([line]) => line),
        temporaryDirectory(),
      );
      const shown = CASES.map(([line], i) => [line, offered[i]?.map(withoutOption)]);
      expect(shown).toEqual(CASES.map(([line, words]) => [line, words.toSorted()]));
    });

    test("offers every option of every command", () => {
      const lines = tree.commands.map(({ row }) => `pm ${row.name} --`);
      const shared = [...visibleOptions(tree.globals).map(([name]) => name), "help"];
      const expected = tree.commands.map(({ command }) =>
        [...visibleOptions(command.options).map(([name]) => name), ...shared]
          .map((name) => `--${name}`)
          .toSorted(),
      );
      expect(offers(shell, lines, temporaryDirectory())).toEqual(expected);
    });

    test("offers files where a file is meant", () => {
      const folder = temporaryDirectory();
      writeFileSync(join(folder, "file one"), "");
      writeFileSync(join(folder, "file-two"), "");
      mkdirSync(join(folder, "files"));
      const lines = ["pm get x --vault file-t", "pm get x --output=file-t", `pm --key-file ${folder}/file-t`];
      const offered = offers(shell, lines, folder).map((words) =>
        words.map((word) => basename(withoutOption(word))),
      );
      expect(offered).toEqual([["file-two"], ["file-two"], ["file-two"]]);
    });
  });
}

/** fish offers the whole word of `--option=value`. */
function withoutOption(word: string): string {
  return word.replace(/^--[a-z-]+=/, "");
}
