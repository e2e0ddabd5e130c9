/** What is said where nothing was copied. */
import { PmError } from "../../core/errors.ts";

export function unavailable(what: string, hint: string, cause?: unknown): PmError {
  return new PmError("unavailable", what, { hint, cause });
}
