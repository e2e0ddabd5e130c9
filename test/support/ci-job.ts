/** A checkout with a bundle and its key, as a build machine has them. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callHere } from "./home.ts";

export interface Checkout {
  /** The folder that the job works in; the bundle in it is ci.pm, which everyone may read. */
  readonly directory: string;
  readonly bundle: string;
  /** The machine key as text, and the file that has it. */
  readonly key: string;
  readonly keyFile: string;
}

/**
 * @param secrets of the vault: the password of each entry by its name
 * @param args of `pm bundle make`, beside the files
 */
export async function makeCheckout(
  home: string,
  secrets: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Checkout> {
  const directory = join(home, "checkout");
  const [bundle, keyFile, secret] = [join(directory, "ci.pm"), join(home, "ci.key"), join(home, "secret")];
  mkdirSync(directory);
  await callHere(["init", "--no-recovery"], home);
  for (const [name, text] of Object.entries(secrets)) {
    writeFileSync(secret, text, { mode: 0o600 });
    await callHere(["add", name, "-u", `user of ${name}`, `password=@${secret}`], home);
  }
  rmSync(secret);
  await callHere(["bundle", ...args, "-o", bundle, "--token-file", keyFile], home);
  chmodSync(bundle, 0o644);
  return { directory, bundle, key: readFileSync(keyFile, "utf8").trim(), keyFile };
}
