/** What to do about an error that has no hint of its own: every failure comes with one. */
import { PmError } from "../core/errors.ts";
import type { Value } from "./command.ts";
import { shellWord } from "./shell-word.ts";

export interface Failed {
  /** The one that failed, where it is known. */
  readonly command: string | undefined;
  /** What --vault named. */
  readonly vault?: Value;
}

/** The same error with a hint that can be typed as it stands. */
export function withAdvice(error: PmError, { command, vault }: Failed): PmError {
  const hint = error.hint ?? adviceOn(error, command);
  if (hint === undefined) return error;
  const { code, message, details, cause } = error;
  return new PmError(code, message, { hint: onVault(hint, vault), details, cause });
}

/** The commands of a hint, but for those that work on no vault, or on that which a bundle was made from. */
const ON_VAULT =
  /(?<![\w./-]|where it was made: )pm (?=[a-z])(?!(?:agent st\w+|completion|config|help|man|strength|version)\b)/g;

/** Without --vault the commands would work on another vault than the call did. */
function onVault(hint: string, vault: Value): string {
  if (typeof vault !== "string" || vault === "" || hint.includes("--vault")) return hint;
  return hint.replaceAll(ON_VAULT, () => `pm --vault ${shellWord(vault)} `);
}

function adviceOn({ code }: PmError, command: string | undefined): string | undefined {
  switch (code) {
    case "usage":
      return ["pm help", command].join(" ").trim();
    case "limit":
      return "make it shorter, or split it";
    case "not-found":
      return "pm ls shows all the names";
    case "auth":
      return "pm status shows which keys open the vault";
    case "io":
      return "PM_DEBUG=1 shows where it happened";
    // The person has just decided so.
    case "interrupted":
    case "error":
      return undefined;
    default:
      return `pm help exit-codes explains "${code}"`;
  }
}
