/** Which values `resolve` takes: named by number, or chosen by a person. */
import { PmError } from "../core/errors.ts";
import type { Edit } from "../core/vault/edit.ts";
import type { Conflict } from "../core/vault/session.ts";
import { choicesOf } from "./conflict-text.ts";
import type { Context } from "./context.ts";
import { requireTerminal } from "./terminal.ts";
import { shellWord } from "./shell-word.ts";

const HINT = "take one by its number: --pick N, as pm conflicts lists them";

/** The shown value of each. */
export function keepShown(conflicts: readonly Conflict[]): readonly Edit[] {
  return conflicts.map((conflict) => settle(conflict, 0));
}

/** @param pick a number from 1 @throws PmError "usage" where there is no such value, or several fields */
export function takeNumber(conflicts: readonly Conflict[], pick: string): readonly Edit[] {
  const [conflict, ...more] = conflicts;
  if (conflict === undefined) return [];
  if (more.length > 0) {
    const names = conflicts.map(({ name }) => name).join(", ");
    throw new PmError("usage", `several fields of "${conflict.path}" hold several values: ${names}`, {
      hint: `pm resolve ${shellWord(conflict.path)} ${shellWord(conflict.name)} --pick ${pick}`,
    });
  }
  const number = /^\d{1,4}$/.test(pick) ? Number(pick) : 0;
  if (number >= 1 && number <= conflict.values.length) return [settle(conflict, number - 1)];
  throw new PmError("usage", `--pick expects a number from 1 to ${conflict.values.length}, got "${pick}"`, {
    hint: `pm conflicts ${shellWord(conflict.path)}`,
  });
}

/** @throws PmError "locked" where nobody can be asked, "error" where nothing was chosen */
export async function askForEach(
  ctx: Context,
  conflicts: readonly Conflict[],
  reveal: boolean,
): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  using terminal = requireTerminal(ctx, "a value has to be chosen", HINT);
  for (const conflict of conflicts) {
    const choices = choicesOf(conflict, reveal);
    const chosen = await terminal.select(`${conflict.name} of "${conflict.path}"`, choices);
    if (chosen === undefined) throw new PmError("error", "nothing was changed");
    edits.push(settle(conflict, choices.indexOf(chosen)));
  }
  return edits;
}

function settle({ id, key }: Conflict, number: number): Edit {
  return { kind: "resolve", id, key, number };
}
