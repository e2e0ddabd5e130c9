/** The editor that the user has chosen. */
import type { Env } from "./globals.ts";
import { splitCommand } from "./split-command.ts";

/**
 * The words of $VISUAL, else of $EDITOR; undefined where neither says anything.
 * @throws PmError "usage" where they can't be split
 */
export function editorCommand(env: Env): readonly string[] | undefined {
  const variable = ["VISUAL", "EDITOR"].find((name) => (env[name] ?? "").trim() !== "");
  return variable === undefined ? undefined : splitCommand(env[variable] ?? "", env, variable);
}
