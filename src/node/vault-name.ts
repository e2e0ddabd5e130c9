/** Which vault a word on the command line means. */
import { resolve, sep } from "node:path";
import { PmError } from "../core/errors.ts";
import { fs } from "./fs.ts";
import { isVaultName } from "./settings.ts";

export interface Locating {
  readonly cwd: string;
  /** Asked only where the word may be a name: a damaged settings file must not keep a path from working. */
  readonly vaults: () => ReadonlyMap<string, string> | undefined;
  /** "create" also takes a word with the ending `.pm` for the file to make. */
  readonly intent: "open" | "create";
}

/**
 * The absolute path of the vault that `word` means: with a path separator it is a path, else a name that was
 * given, else a file in the working directory. The names come first, so that no folder that one happens to
 * stand in can put another vault in the place of a known one.
 * @throws PmError "not-found" where the word is none of them
 */
export function locateVault(word: string, { cwd, vaults, intent }: Locating): string {
  const path = resolve(cwd, word);
  if (word.includes("/") || word.includes(sep)) return path;
  const named = vaults()?.get(word);
  if (named !== undefined) return named;
  const isNew = intent === "create" && word.endsWith(".pm");
  if (isNew || isThere(path)) return path;
  throw new PmError("not-found", `there is no vault called "${word}"`, {
    hint: isVaultName(word)
      ? `pm config vault add ${word} gives one this name; --vault ./${word} is a file`
      : "pm config vault ls shows the names",
  });
}

/** What can't be looked at is left to the opening to tell. */
function isThere(path: string): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The name of the vault at this absolute path, where it has one. */
export function nameOfVault(
  path: string,
  vaults: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  return [...vaults].find(([, known]) => known === path)?.[0];
}
