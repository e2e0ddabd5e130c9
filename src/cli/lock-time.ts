/** How long an unlocked vault stays so without being used. */
import type { Context } from "./context.ts";
import { parseCount } from "./values.ts";

export const DEFAULT_LOCK_SECONDS = 900;
/** The agent's ceiling. */
export const MAX_UNLOCKED_SECONDS = 43_200;
const RANGE = { min: 1, max: MAX_UNLOCKED_SECONDS };
const SECOND_MS = 1000;

/** PM_LOCK_TIMEOUT, else the setting, else a quarter of an hour. @throws PmError "usage" where the variable is no such number */
export function lockTimeoutMs(ctx: Pick<Context, "io" | "settings">): number {
  const variable = ctx.io.env["PM_LOCK_TIMEOUT"];
  if (variable !== undefined && variable !== "") {
    return SECOND_MS * parseCount(variable, "PM_LOCK_TIMEOUT", RANGE);
  }
  return SECOND_MS * (ctx.settings().lockTimeout ?? DEFAULT_LOCK_SECONDS);
}
