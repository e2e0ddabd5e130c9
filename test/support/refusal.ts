/** What a call is refused with. */
import { hasCode } from "../../src/core/errors.ts";

/** The message of the usage error that `run` throws, which must come with a hint. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (hasCode(error, "usage") && error.hint !== undefined) return error.message;
    throw error;
  }
  throw new Error("was not refused");
}
