/** The NAME of a call that was left out: picked at a terminal, a usage error anywhere else. */
import { PmError } from "../core/errors.ts";
import type { ArgDef } from "./command.ts";
import type { Context } from "./context.ts";
import { isForPerson, pickEntry } from "./pick-entry.ts";

/** What the command takes in its place. */
type Given = string | readonly string[];

/**
 * @returns asks which entry is meant, once that is to be known
 * @throws PmError "usage" where nobody can be asked, before the vault is looked at
 */
export function entryPicker(ctx: Context, { name, variadic }: ArgDef): () => Promise<Given> {
  const terminal = isForPerson(ctx) ? ctx.io.openTerminal() : undefined;
  if (terminal === undefined) {
    throw new PmError("usage", `pm ${ctx.command} needs ${name.toUpperCase()}`, {
      hint: `pm help ${ctx.command}`,
    });
  }
  return async () => {
    using open = terminal;
    const rows = await (await ctx.vault()).list({});
    if (rows.length === 0)
      throw new PmError("not-found", "the vault has no entries", { hint: "pm add NAME adds one" });
    const row = await pickEntry(open, { question: "Which entry?", rows, words: "" });
    if (row === undefined) throw new PmError("interrupted", "no entry was picked");
    return variadic === true ? [`id:${row.id}`] : `id:${row.id}`;
  };
}
