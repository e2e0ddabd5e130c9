/** How long a copied secret stays in the clipboard. */
import type { Context } from "./context.ts";
import { parseCount } from "./values.ts";

export const DEFAULT_CLIP_SECONDS = 45;
const RANGE = { min: 1, max: 86_400 };

/** The value of `--clip` ("" where it stands bare), else PM_CLIP_TIME, else the setting, else 45. */
export function clipSeconds(ctx: Context, option: string): number {
  if (option !== "") return parseCount(option, "--clip", RANGE);
  const variable = ctx.io.env["PM_CLIP_TIME"];
  if (variable !== undefined && variable !== "") return parseCount(variable, "PM_CLIP_TIME", RANGE);
  return ctx.settings().clipTime ?? DEFAULT_CLIP_SECONDS;
}
