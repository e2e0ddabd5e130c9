/** The same entries in a `pass` store behind a running gpg-agent, where both are installed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Work } from "./measure.ts";
import type { Sample } from "./vaults.ts";

const RECIPIENT = "bench@example.com";

export interface PassStore extends Disposable {
  /** `pass show` of the entry in the middle. */
  readonly show: Work;
}

/**
 * A store whose key needs no passphrase: gpg-agent has never anything to ask, which is as warm as it gets.
 * Its folder is a short one, because gpg-agent's socket stands in it.
 */
export function passStore(entries: readonly Sample[]): PassStore | undefined {
  if (["pass", "gpg"].some((program) => spawnSync(program, ["--version"]).status !== 0)) return undefined;
  const home = mkdtempSync("/tmp/pm-pass-");
  const gnupg = join(home, "gnupg");
  mkdirSync(gnupg, { mode: 0o700 });
  const env = { HOME: home, GNUPGHOME: gnupg, PASSWORD_STORE_DIR: join(home, "store") };
  const dispose = (): void => {
    spawnSync("gpgconf", ["--kill", "gpg-agent"], { env: { ...process.env, ...env } });
    rmSync(home, { recursive: true, force: true });
  };
  try {
    run("gpg", ["--batch", "--quiet", "--passphrase", "", "--quick-generate-key", RECIPIENT], env);
    run("pass", ["init", RECIPIENT], env);
    for (const { path, password } of entries) {
      const file = join(env.PASSWORD_STORE_DIR, `${path}.gpg`);
      mkdirSync(dirname(file), { recursive: true });
      run(
        "gpg",
        ["--batch", "--quiet", "--encrypt", "--recipient", RECIPIENT, "--output", file],
        env,
        password,
      );
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const entry = entries[entries.length >> 1]?.path ?? "";
  const show = { name: "pass show, warm gpg-agent", file: "pass", args: () => ["show", entry], env };
  return { show, [Symbol.dispose]: dispose };
}

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>>, input = ""): void {
  const { status, stderr } = spawnSync(file, args, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${file} ${args[0]} ended with ${status}: ${stderr}`);
}
