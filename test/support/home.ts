/** Homes with a vault, made in this process with Argon2id at its minimum and then used by real ones. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/cli/main.ts";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { parseToken } from "../../src/core/vault/credentials.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { openVault } from "../../src/node/local-session.ts";
import type { OpenOptions } from "../../src/node/vault-store.ts";
import { cheapInternals, cheapProfiles } from "./cheap-kdf.ts";
import { type Finished, runPm, type RunOptions, temporaryDirectory } from "./process.ts";
import { createTestIo } from "./test-io.ts";

export const PASSWORD = "correct horse battery staple";

export interface Home {
  /** PM_HOME. */
  readonly directory: string;
  /** The vault file. */
  readonly vault: string;
  /** A machine key that opens the vault. */
  readonly token: string;
  /** The real pm, which opens the vault with that key. */
  readonly pm: (args: readonly string[], options?: Omit<RunOptions, "home">) => Promise<Finished>;
}

/** A home with an empty vault, opened by {@link PASSWORD} and by a machine key. */
export async function createHome(directory: string = temporaryDirectory()): Promise<Home> {
  await callHere(["init", "--no-recovery"], directory);
  const token = (await callHere(["key", "add", "machine", "--label", "test"], directory)).trim();
  const pm: Home["pm"] = (args, options = {}) =>
    runPm(args, { ...options, home: directory, env: { PM_KEY: token, ...options.env } });
  return { directory, vault: join(directory, "data", "vault.pm"), token, pm };
}

/** pm in this process. */
export async function callHere(
  argv: readonly string[],
  home: string,
  env: Readonly<Record<string, string>> = { PM_PASSWORD: PASSWORD },
): Promise<string> {
  const test = createTestIo({
    env: { PM_HOME: home, HOME: home, ...env },
    cwd: home,
    now: Date.now,
    random: trueRandom,
  });
  const exit = await main(argv, test.io, cheapInternals);
  if (exit !== 0) throw new Error(`pm ${argv.join(" ")} ended with ${exit}: ${test.stderr()}`);
  return fromUtf8(test.stdout()) ?? "";
}

/** For what no command does, or not at once. */
export async function openHome(home: Home): Promise<VaultSession> {
  return await openVault(openOptions(home));
}

export function openOptions({ directory, vault, token }: Home): OpenOptions {
  return {
    crypto: nativeBackend,
    random: trueRandom,
    now: Date.now,
    path: vault,
    stateDir: join(directory, "state"),
    command: "test",
    warn: () => undefined,
    lockTimeoutMs: 10_000,
    breakLock: false,
    kdfProfiles: cheapProfiles,
    credentials: { token: parseToken(nativeBackend, token).secret },
  };
}

/** Everything below a directory: mode, and the bytes or the target. */
export function contentsOf(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    paths.map((path) => {
      const facts = lstatSync(join(directory, path));
      return [path, `${(facts.mode & 0o777).toString(8)} ${contentOf(join(directory, path), facts)}`];
    }),
  );
}

function contentOf(path: string, facts: Stats): string {
  if (facts.isFile()) return readFileSync(path).toString("base64");
  return facts.isSymbolicLink() ? readlinkSync(path) : "";
}

function trueRandom(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let from = 0; from < length; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, from + 65_536));
  return bytes;
}
