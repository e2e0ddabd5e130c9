/** A vault that examples and the README are run on, as they are printed, by bash. */
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { main } from "../../src/cli/main.ts";
import { cheapInternals } from "./cheap-kdf.ts";
import { PM } from "./process.ts";
import { seededRandom } from "./random.ts";
import { createTestIo } from "./test-io.ts";

const PASSWORD = "correct horse battery staple";

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
const env = (home: string): Record<string, string> => ({
  PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`,
  HOME: join(home, "user"),
  PM_HOME: home,
  PM_PASSWORD: PASSWORD,
  PM_AGENT: "off",
  TOKEN: "a token",
  NEW: "a new password",
});

/** A vault for the tests of a file, with what examples name in its folder. */
export function useExampleVault(): void {
  beforeAll(makeVault);
  afterAll(() => rmSync(root, { recursive: true, force: true }));
}

async function makeVault(): Promise<void> {
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
}

/** PM_KEY for {@link bash}. */
export function byMachineKey(): Readonly<Record<string, string>> {
  return { PM_KEY: machineKey };
}

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
export function bash(
  home: string,
  script: string,
  own: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd: join(home, "data"), env: { ...env(home), ...own } };
    const child = execFile("bash", ["-o", "pipefail", "-c", script], options, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
    // Most examples never read it.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end("from standard input\n");
  });
}

/** In a copy of the vault of {@link useExampleVault}. */
export async function inCopy(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(root, "copy-"));
  // The state knows the vault by its path: a copy begins without one.
  for (const part of ["data", "user"])
    cpSync(join(root, "home", part), join(home, part), { recursive: true });
  await work(home);
}

/** In a home without a vault, with the same files. */
export async function inNewHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(root, "new-"));
  cpSync(join(root, "home/user"), join(home, "user"), { recursive: true });
  mkdirSync(join(home, "data"), { mode: 0o700 });
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(home, "data", name), content);
  await work(home);
}
