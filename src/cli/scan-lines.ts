/** Secrets in a text that comes in pieces, by the lines in which they begin. */
import type { Automaton } from "../core/references/automaton.ts";
import { createFinder } from "../core/references/finder.ts";

const LF = 0x0a;

export interface LineScanner {
  /** @param onFound told once for each secret of a line; the first line is 1 */
  feed(chunk: Uint8Array, onFound: (line: number, secret: number) => void): void;
}

export function createLineScanner(automaton: Automaton): LineScanner {
  const finder = createFinder(automaton);
  const seen = new Set<string>();
  let line = 1;
  /** Places of the newlines within what may be the beginning of a secret. */
  let recent: readonly number[] = [];
  return {
    feed(chunk, onFound) {
      const from = finder.position;
      const lineAt = (place: number): number =>
        place < from
          ? line - recent.filter((newline) => newline >= place).length
          : line + newlinesIn(chunk, 0, place - from).length;
      finder.feed(chunk, ({ start, secret }) => {
        const key = `${lineAt(start)} ${secret}`;
        if (seen.has(key)) return;
        seen.add(key);
        onFound(lineAt(start), secret);
      });
      const open = finder.position - finder.open;
      line += newlinesIn(chunk, 0, chunk.length).length;
      recent = [
        ...recent.filter((place) => place >= open),
        ...newlinesIn(chunk, Math.max(0, open - from), chunk.length).map((place) => place + from),
      ];
    },
  };
}

function newlinesIn(chunk: Uint8Array, from: number, to: number): readonly number[] {
  const places: number[] = [];
  for (let at = chunk.indexOf(LF, from); at !== -1 && at < to; at = chunk.indexOf(LF, at + 1))
    places.push(at);
  return places;
}
