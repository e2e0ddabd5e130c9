/** What differs between copies, and what a merge brought, for people. */
import type { Difference } from "../core/vault/compare.ts";
import type { MergeReport } from "../core/vault/merge-copies.ts";
import { alignColumns } from "./columns.ts";
import { escapeControls } from "./escape.ts";
import { namesText } from "./log-text.ts";

type Words = Readonly<Record<Difference["kind"], string>>;

/** For `diff`, which takes no side. */
export const SIDE_WORDS: Words = { added: "only there", removed: "only here", changed: "changed" };
/** For `merge`: what became of this vault's entries. */
const MERGE_WORDS: Words = { added: "added", removed: "erased", changed: "changed" };
/** For `restore`: what will become of them. */
export const RESTORE_WORDS: Words = { added: "add", removed: "to the trash", changed: "change" };

/** A line for each: what it is, the path, the fields and facts. */
export function differenceLines(differences: readonly Difference[], words: Words): readonly string[] {
  return alignColumns(differences.map((difference) => cells(words[difference.kind], difference)));
}

export function differencesToJson(differences: readonly Difference[]): readonly object[] {
  return differences.map(({ id, path, kind, names }) => ({ id, path, kind, names }));
}

function cells(word: string, { path, names }: Pick<Difference, "path" | "names">): readonly string[] {
  return [word, escapeControls(path), namesText(names)];
}

export function mergeLines({ changes, revived, conflicts }: MergeReport): readonly string[] {
  return alignColumns([
    ...changes.map((change) => cells(MERGE_WORDS[change.kind], change)),
    ...revived.map((path) => cells("kept", { path, names: ["deleted in one copy, edited in the other"] })),
    ...conflicts.map((conflict) => cells("divided", conflict)),
  ]);
}
