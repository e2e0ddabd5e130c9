/** The terminal as commands ask for it: --no-input is absolute, and so is its absence. */
import { PmError } from "../core/errors.ts";
import type { Terminal } from "../node/io.ts";
import type { Context } from "./context.ts";

type Asker = Pick<Context, "io" | "globals">;

/**
 * The terminal for a question.
 * @param what what can't be done without an answer, as a clause
 * @throws PmError "locked" where no question may be asked
 */
export function requireTerminal(call: Asker, what: string, hint: string): Terminal {
  if (call.globals.noInput) throw new PmError("locked", `${what}, and prompts are turned off`, { hint });
  const terminal = call.io.openTerminal();
  if (terminal === undefined)
    throw new PmError("locked", `${what}, and there is no terminal to ask at`, { hint });
  return terminal;
}

/**
 * The terminal for what takes a screen, and can't be given in another way.
 * @param what what is done there, as a clause
 * @throws PmError "unavailable" where nothing may be asked
 */
export function requireScreenToAsk(call: Asker, what: string, hint: string): Terminal {
  const terminal = call.globals.noInput ? undefined : call.io.openTerminal();
  if (terminal !== undefined) return terminal;
  const why = call.globals.noInput ? "prompts are turned off" : "there is none";
  throw new PmError("unavailable", `${what} at a terminal, and ${why}`, { hint });
}
