/** What the README shows, run by bash as it is printed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bash, byMachineKey, inCopy, inNewHome, useExampleVault } from "./support/example-vault.ts";

useExampleVault();

/** The lines of the first shell block below a heading. */
function block(heading: string): string[] {
  const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  const [, text = ""] = /```sh\n([^]*?)```/.exec(readme.slice(readme.indexOf(`\n${heading}\n`))) ?? [];
  return text.split("\n").filter((line) => line !== "");
}

/** Where a person would be asked there is none, and perhaps no clipboard. */
function possibleExits(line: string): readonly number[] {
  if (/^pm (passwd|rekey|restore|rm) /.test(line)) return [4];
  // What is wrong with a machine is not the tour's.
  if (line.startsWith("pm doctor")) return [0, 11];
  // No editor, and nobody to use one.
  if (line.startsWith("pm edit")) return [4];
  return line.includes("get -c") ? [0, 12] : [0];
}

test.skipIf(process.platform === "win32")(
  "the README's tour",
  async () => {
    await inNewHome(async (home) => {
      const lines = ["## A tour", "### When something goes wrong", "### Two copies"].map(block);
      for (const part of lines) expect(part.length).toBeGreaterThan(5);
      let key = {};
      for (const line of lines.flat()) {
        const { exit, output } = await bash(home, line, line.startsWith("pm passwd") ? {} : key);
        expect(possibleExits(line), `${line}\n${output}`).toContain(exit);
        if (line.startsWith("pm init"))
          key = { PM_KEY: (await bash(home, "pm key add machine")).output.trim() };
        if (line.startsWith("pm rm ")) await bash(home, line.replace("pm rm", "pm rm -y"), key);
      }
    });
  },
  120_000,
);

const PROJECT_FILES: Readonly<Record<string, string>> = {
  ".env": "TOKEN=a token of the project\n",
  "config.tpl": "password = {{ pm://db/prod/password }}\n",
  "ci.env": "KEY=pm://ci/deploy/key\n",
  Makefile: 'all:\n\t@echo building\ndeploy:\n\t@test "$$KEY" = x\n',
};

/** By then config.toml holds a secret that was asked for. */
const README_EXITS: Readonly<Record<string, number>> = { "pm scan .": 11 };

test.skipIf(process.platform === "win32")(
  "the README on the agent, other programs and CI",
  { timeout: 60_000 },
  async () => {
    await inCopy(async (home) => {
      for (const [name, content] of Object.entries(PROJECT_FILES)) {
        writeFileSync(join(home, "data", name), content);
      }
      await bash(home, "rm ci.key; printf 'of the database' | pm add db/prod", byMachineKey());
      const sections = ["### Unlock once", "### Use secrets without showing them", "### In CI"].map(block);
      for (const part of sections) expect(part.length).toBeGreaterThan(3);
      // As where the password was typed: the agent has the key, and nobody else.
      const unlocked = { PM_AGENT: "on" };
      for (const line of sections.flat()) {
        const typed = line.replace(/^pm unlock(?! --check)/, `PM_PASSWORD_FILE=master.txt pm unlock`);
        const { exit, output } = await bash(home, `unset PM_PASSWORD; ${typed}`, unlocked);
        const [command = ""] = line.split(/ +#/);
        expect({ line, exit, output }).toEqual({ line, exit: README_EXITS[command] ?? 0, output });
        if (/^pm (?:lock|unlock --only)/.test(line)) await bash(home, "pm unlock", unlocked);
      }
      expect(readFileSync(join(home, "data", ".env"), "utf8")).toBe("TOKEN=pm://data/env/TOKEN\n");
      expect(readFileSync(join(home, "data", "config.toml"), "utf8")).toBe("password = of the database\n");
      await bash(home, "pm agent stop", { PM_AGENT: "on" });
    });
  },
);

const EXPORT = {
  encrypted: false,
  items: [{ type: 1, name: "bank", login: { username: "ada", password: "of the bank" } }],
};

const DAILY_FILES: Readonly<Record<string, string>> = {
  "export.json": JSON.stringify(EXPORT),
  "uri.txt": "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ", // not-a-secret
  known_hosts: "host ssh-ed25519 AAAA\n",
  "set-db-password": "#!/bin/sh\n",
};

/** What takes a person, another manager's files, or finds something. */
const DAILY_EXITS: Readonly<Record<string, number>> = {
  "pm import ~/.password-store": 3,
  "pm init --from passwords.kdbx": 7,
  "pm export -o copy.pm": 4,
  "pm export --plaintext --format bitwarden-json -o out.json": 4,
  'pm get "$(pm pick)"': 2,
  "pm get wifi/home --qr": 12,
  "pm audit": 11,
};

test.skipIf(process.platform === "win32")("the README on moving in, and every day", async () => {
  await inCopy(async (home) => {
    for (const [name, content] of Object.entries(DAILY_FILES))
      writeFileSync(join(home, "data", name), content, { mode: 0o700 });
    await bash(home, "printf old | pm add db/app", byMachineKey());
    const lines = ["### Moving in", "### Every day"].map(block);
    for (const part of lines) expect(part.length).toBeGreaterThan(5);
    for (const line of lines.flat()) {
      const { exit, output } = await bash(home, line, byMachineKey());
      const [command = ""] = line.split(/ +#/);
      expect({ line, exit, output }).toEqual({ line, exit: DAILY_EXITS[command] ?? 0, output });
    }
    const { output } = await bash(home, "pm get bank && pm get db/app", byMachineKey());
    expect(output).toMatch(/^of the bank\n(?!old).+\n$/);
  });
});
