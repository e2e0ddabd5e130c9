/** What to do about an error that has no hint of its own: every failure comes with one. */
import { PmError } from "../core/errors.ts";

/** The same error with a hint; `command` is the one that failed, where it is known. */
export function withAdvice(error: PmError, command: string | undefined): PmError {
  const hint = error.hint ?? adviceOn(error, command);
  if (hint === undefined) return error;
  const { code, message, details, cause } = error;
  return new PmError(code, message, { hint, details, cause });
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
