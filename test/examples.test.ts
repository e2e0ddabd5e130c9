/** Every example of a command's help, and the README's tour, run by bash as they are printed. */
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { ROWS } from "../src/cli/registry.ts";
import { cheapInternals } from "./support/cheap-kdf.ts";
import { PM } from "./support/process.ts";
import { seededRandom } from "./support/random.ts";
import { createTestIo } from "./support/test-io.ts";

const PASSWORD = "correct horse battery staple";
const EXAMPLES = (
  await Promise.all(
    ROWS.map(async ({ name, load }) => (await load()).examples.map(({ command }) => ({ name, command }))),
  )
).flat();

/** What an example takes for granted, where the vault of all of them does not have it so. */
const BEFORE: Readonly<Record<string, string>> = {
  "pm agent status": "pm agent start",
  "pm agent status --json": "pm agent start",
  "pm undo": "pm rm -y web/bank",
  "pm undo -n 2 -y": "pm rm -y web/bank; pm rm -y web/login",
  "pm init --password-file master.txt": "rm vault.pm*",
  "pm init --password-fd 3 --token-file recovery.txt 3< master.txt": "rm vault.pm*",
  "printf '%s\\n' \"$TOKEN\" | pm add ci/deploy -t api-key": "pm rm -y ci/deploy",
  "pm add web/github -u mara --url https://github.com -g": "pm rm -y web/github",
  "pm add ssh/host -t ssh-key private=@id_ed25519 public=@id_ed25519.pub": "pm rm -y ssh/host",
  "pm get web/github --rev -1": "printf two | pm set web/github password=-",
  "pm trash restore web/github": "pm rm -y web/github",
  "pm key add machine --label ci --token-file ci.key": "rm ci.key",
  "pm bundle make --only 'ci/*' --fields key -o ci.pm --token-file ci.key": "rm ci.key",
  "pm bundle refresh --all": "pm bundle --only 'ci/*' -o ci.pm",
  "pm bundle refresh ci --expires 90d": "pm bundle --only 'ci/*' -o ci.pm",
  "pm bundle rm ci -y": "pm bundle --only 'ci/*' -o ci.pm",
  "pm ssh-agent -- ssh-add -l":
    "ssh-keygen -q -t ed25519 -N '' -f new; pm add ssh/new -t ssh-key private=@new",
};

/** What can't end with 0 without a person. */
const EXITS: Readonly<Record<string, number>> = {
  "pm init": 7,
  "pm passwd": 4,
  "pm rekey": 4,
  "pm rekey --no-machine --kit kit.html": 4,
  // The vault of the examples has the cheapest key derivation there is.
  "pm doctor": 11,
  "pm doctor --deep --json": 11,
  "pm doctor --fix": 11,
  "pm key rm 3fa9c1": 3,
  // None of its fields holds several values.
  "pm resolve web/shared": 3,
  "pm resolve web/shared password --pick 2": 3,
  "pm key combine": 5,
  // There is no repository.
  "pm ssh-agent --only 'work/**' -- git push": 128,
  "cp vault.pm.bak vault.pm && pm restore --accept-rollback": 4,
};

const ENTRIES: readonly (readonly [args: readonly string[], secret: string])[] = [
  [
    [
      "web/github",
      "username=mara",
      "otp=@otp.txt",
      "password=@master.txt",
      "--url",
      "https://github.com",
      "--note",
      "n",
      "--tag",
      "work,old",
    ],
    "x",
  ],
  [["web/bank"], "abcdefgh"],
  [["web/login", "--url", "https://example.com"], "x"],
  [["ssh/host", "-t", "ssh-key"], "a private key"],
  [["ci/deploy", "-t", "api-key"], "x"],
  [["old thing"], "x"],
];

const FILES: Readonly<Record<string, string>> = {
  ".env": "API_TOKEN=a token\nPORT=3000\nDEBUG=true\nKEY=pm://ci/deploy/key\n",
  "app.conf.tpl": "key = {{ pm://ci/deploy/key }}\n",
  "master.txt": PASSWORD,
  "old.txt": PASSWORD,
  "new.txt": "another good long sentence",
  "otp.txt": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
  "code.txt": "PMR1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG", // not-a-secret
  "shares.txt":
    "PMK1-M2GT-58R2-041H-A9SN-8DEP-YZC3-JPKV-BGZD-ZW6G-6D97-AMZ7-EX9J-QZ66\n" + // not-a-secret
    "PMK1-M2GT-58R2-0C2K-TVAS-SQPV-V2CE-PVKD-4HHP-0R4J-AZAD-V68A-F1SX-08TR", // not-a-secret
  "uri.txt": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
  id_ed25519: "a private key\n",
  "id_ed25519.pub": "a public key\n",
};

let root = "";
/** Opens the vault without an Argon2id of full cost, and without renewing the cheap slot. */
let machineKey = "";
/** What nobody would type with the agent turned off. */
const ABOUT_AGENT = /^pm (?:unlock|lock|agent)\b/;
/** What is about the password that opened the vault. */
const BY_PASSWORD = ["pm passwd --upgrade-kdf --kdf strong"];
const env = (home: string): Record<string, string> => ({
  PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`,
  HOME: join(home, "user"),
  PM_HOME: home,
  PM_PASSWORD: PASSWORD,
  PM_AGENT: "off",
  TOKEN: "a token",
  NEW: "a new password",
});

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "pm-examples-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin", "pm"), `#!/bin/sh\nexec '${process.execPath}' '${PM}' "$@"\n`);
  chmodSync(join(root, "bin", "pm"), 0o755);
  const home = join(root, "home");
  mkdirSync(join(home, "user/.local/share/man/man1"), { recursive: true });
  mkdirSync(join(home, "data"), { mode: 0o700 });
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(home, "data", name), content);
  await pm(home, ["init"]);
  for (const [args, secret] of ENTRIES) await pm(home, ["add", ...args], secret);
  await pm(home, ["key", "add", "machine", "--label", "ci", "--token-file", "ci.key"]);
  machineKey = readFileSync(join(home, "data", "ci.key"), "utf8").trim();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** In this process, where the key derivation can be cheap. */
async function pm(home: string, argv: readonly string[], stdin = ""): Promise<void> {
  const random = seededRandom(argv.join(" "));
  const call = createTestIo({ env: env(home), cwd: join(home, "data"), stdin, random, now: Date.now });
  const exit = await main(argv, call.io, cheapInternals);
  if (exit !== 0) throw new Error(`pm ${argv.join(" ")}: ${call.stderr()}`);
}

interface Finished {
  readonly exit: number;
  readonly output: string;
}

/** The vault's own folder is the working directory: examples name files in it. */
function bash(home: string, script: string, key: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd: join(home, "data"), env: { ...env(home), ...key } };
    const child = execFile("bash", ["-o", "pipefail", "-c", script], options, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
    // Most examples never read it.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end("from standard input\n");
  });
}

async function inCopy(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(root, "copy-"));
  // The state knows the vault by its path: a copy begins without one.
  for (const part of ["data", "user"])
    cpSync(join(root, "home", part), join(home, part), { recursive: true });
  await work(home);
}

describe.skipIf(process.platform === "win32")("examples", () => {
  test.concurrent.each(EXAMPLES)("$name: $command", async ({ command }) => {
    await inCopy(async (home) => {
      const needsAgent = ABOUT_AGENT.test(command);
      const key = {
        ...(BY_PASSWORD.includes(command) ? {} : { PM_KEY: machineKey }),
        ...(needsAgent ? { PM_AGENT: "on" } : {}),
      };
      const before = BEFORE[command];
      if (before !== undefined) expect(await bash(home, before, key)).toMatchObject({ exit: 0 });
      const { exit, output } = await bash(home, command, key);
      if (needsAgent) await bash(home, "pm agent stop");
      expect({ exit, output }).toEqual({ exit: EXITS[command] ?? 0, output });
    });
  });
});

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
    const home = mkdtempSync(join(root, "tour-"));
    cpSync(join(root, "home/user"), join(home, "user"), { recursive: true });
    mkdirSync(join(home, "data"), { mode: 0o700 });
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(home, "data", name), content);
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
      await bash(home, "rm ci.key; printf 'of the database' | pm add db/prod", { PM_KEY: machineKey });
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
