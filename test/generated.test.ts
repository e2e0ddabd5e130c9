/** The committed files are what the command table says today, and their readers accept them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../src/cli/gen/files.ts";
import { loadTree } from "../src/cli/gen/tree.ts";
import { VERSION } from "../src/cli/version.ts";
import { describeWith } from "./support/describe-with.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const files = await generatedFiles();

describe("npm run gen would change nothing", () => {
  test.each(Object.entries(files))("in %s", async (path, text) => {
    await expect(text).toMatchFileSnapshot(`../${path}`);
  });
});

test("the version is that of the package", () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { version: string };
  expect(VERSION).toBe(version);
});

/** Runs a checker, which says nothing where all is well. */
function complaints(program: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout + stderr : `exit ${status}\n${stdout}${stderr}`;
}

describe.skipIf(process.platform === "win32")("bash", () => {
  test("parses its completion", () => {
    expect(complaints("bash", "-n", "completions/pm.bash")).toBe("");
  });
});

describeWith(["zsh"], "zsh", () => {
  test("parses its completion", () => {
    expect(complaints("zsh", "-n", "completions/_pm")).toBe("");
  });
});

describeWith(["fish"], "fish", () => {
  test("parses its completion", () => {
    expect(complaints("fish", "--no-config", "-n", "completions/pm.fish")).toBe("");
  });
});

describeWith(["mandoc"], "mandoc", () => {
  test("finds nothing to say about the manual page", () => {
    const lint = complaints("mandoc", "-Tlint", "-Wwarning", "man/pm.1");
    // A date would change with every release, and say nothing.
    expect(
      lint.split("\n").filter((line) => line.startsWith("mandoc") && !line.includes("missing date")),
    ).toEqual([]);
  });

  test("shows every command and every option", async () => {
    const { commands } = await loadTree();
    const printed = complaints("mandoc", "-Tutf8", "-Owidth=200", "man/pm.1");
    // Bold is a letter, a backspace, and the letter again.
    const page = printed.split("\b").reduce((text, part) => text.slice(0, -1) + part);
    for (const { row, command } of commands) {
      expect(page).toContain(`pm ${row.name}`);
      for (const [name, { hidden }] of Object.entries(command.options)) {
        if (hidden !== true) expect(page).toContain(`--${name}`);
      }
      for (const example of command.examples)
        expect(page.replaceAll(/\s+/g, " ")).toContain(example.command.replaceAll(/\s+/g, " "));
    }
    expect(page).not.toContain("insecure-argv");
  });
});
