/** Every generated file of the repository, by its path. */
import { bashCompletion } from "./bash.ts";
import { exitCodesPage } from "./exit-codes.ts";
import { fishCompletion } from "./fish.ts";
import { manPage } from "./man.ts";
import { loadTree } from "./tree.ts";
import { zshCompletion } from "./zsh.ts";

export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  const tree = await loadTree();
  return {
    "completions/pm.bash": bashCompletion(tree),
    "completions/_pm": zshCompletion(tree),
    "completions/pm.fish": fishCompletion(tree),
    "man/pm.1": manPage(tree),
    "docs/exit-codes.md": exitCodesPage(),
  };
}
