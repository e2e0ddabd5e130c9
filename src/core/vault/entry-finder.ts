/** Entries by a few letters of what the index says of them: to be offered, never to be used. Loaded for a picker. */
import fuzzysort from "fuzzysort";
import type { Row } from "./model.ts";
import { nearest } from "./nearest.ts";

/** More are not looked through; one more word narrows them down. */
const MAX_FOUND = 200;

/**
 * What finds entries by words that stand in their path, user name, hosts and tags: letters may be left out between
 * those of a word, the words are in any order, accents and capitals don't count. Best first; where there is none,
 * what differs in a few letters. All of them, in their order, for no words.
 */
export function entryFinder(rows: readonly Row[]): (words: string) => readonly Row[] {
  const targets = rows.map((row) => ({ row, text: textOf(row) }));
  return (words) => {
    const wanted = words.trim();
    if (wanted === "") return rows.slice(0, MAX_FOUND);
    const found = fuzzysort.go(wanted, targets, { key: "text", limit: MAX_FOUND, threshold: 0 });
    return found.length > 0 ? found.map(({ obj }) => obj.row) : alike(wanted, rows);
  };
}

function textOf({ path, username, hosts, tags }: Row): string {
  return [path, username, ...hosts, ...tags].join(" ");
}

function alike(wanted: string, rows: readonly Row[]): readonly Row[] {
  const paths = nearest(wanted, new Set(rows.map(({ path }) => path)));
  return paths.flatMap((path) => rows.filter((row) => row.path === path));
}
