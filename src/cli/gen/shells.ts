/** The completion scripts by the name of their shell. */
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { loadTree } from "./tree.ts";
import { zshCompletion } from "./zsh.ts";

const SCRIPTS = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

/** @throws RangeError for another shell: the choices of the command keep it out */
export async function completionOf(shell: string): Promise<string> {
  const script = SCRIPTS.get(shell);
  if (script === undefined) throw new RangeError(`"shell" has no completion: ${shell}`);
  return script(await loadTree());
}
