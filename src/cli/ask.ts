/** Questions to a person; where there is nobody to ask, an error with exit 4 that says what to type. */
import { equalBytes, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { escapeControls } from "./escape.ts";
import { requireTerminal } from "./terminal.ts";

/**
 * Goes on only with --yes or after a "yes".
 * @throws PmError "locked" where nobody can answer, "error" after a "no"
 */
export async function confirm(ctx: Context, question: string): Promise<void> {
  if (ctx.globals.yes) return;
  using terminal = requireTerminal(ctx, "this needs a yes", "-y answers yes");
  if (!(await terminal.confirm(escapeControls(question)))) throw new PmError("error", "nothing was changed");
}

/**
 * A secret typed twice without echo; the caller wipes it.
 * @throws PmError "locked" where nobody can answer, "usage" where it is empty or the two differ
 */
export async function askTwice(ctx: Context, what: string, hint: string): Promise<Uint8Array> {
  using terminal = requireTerminal(ctx, `the ${what} is needed`, hint);
  const first = await terminal.readSecret(`${what.charAt(0).toUpperCase()}${what.slice(1)}: `);
  if (first.length === 0) throw new PmError("usage", `the ${what} is empty`, { hint });
  const second = await terminal.readSecret("The same again: ");
  const isSame = equalBytes(first, second);
  wipe(second);
  if (isSame) return first;
  wipe(first);
  throw new PmError("usage", "the two entries differ", { hint: "type the same twice" });
}
