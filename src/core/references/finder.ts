/** An automaton on a stream that comes in chunks: where secrets are, by their positions in the whole. */
import type { Automaton } from "./automaton.ts";

/** A secret was found from `start` to `end`; the second of two with the same end is not told. */
export type OnFound = (found: {
  readonly start: number;
  readonly end: number;
  readonly secret: number;
}) => void;

export interface Finder {
  feed(chunk: Uint8Array, onFound: OnFound): void;
  /** How many bytes were fed. */
  readonly position: number;
  /** How many of the last ones may be the beginning of a secret. */
  readonly open: number;
}

/** Forms are longer, so that nothing ends before them. */
const TRIPLE = 3;

export function createFinder(automaton: Automaton): Finder {
  const { depth, ending, secret, triples } = automaton;
  let position = 0;
  let state = 0;
  return {
    get position() {
      return position;
    },
    get open() {
      return depth[openState(automaton, state)] as number;
    },
    feed(chunk, onFound) {
      for (let at = 0; at < chunk.length;) {
        const known = depth[state] as number;
        if (known < TRIPLE && at >= known) {
          const place = nextTriple(triples, chunk, at - known);
          at = Math.min(place + TRIPLE, chunk.length);
          state = stateAfter(automaton, chunk.subarray(place, at));
          continue;
        }
        state = step(automaton, state, chunk[at++] as number);
        const form = ending[state] as number;
        if (form === 0) continue;
        const end = position + at;
        onFound({ start: end - (depth[form] as number), end, secret: secret[form] as number });
      }
      position += chunk.length;
    },
  };
}

/**
 * The first place from `from` on where three bytes begin a form, else the one of the last two bytes. Most of any
 * text is passed over here, and this decides how fast all of it is.
 */
function nextTriple(triples: Uint8Array, chunk: Uint8Array, from: number): number {
  const last = chunk.length - 2;
  let place = from;
  while (place < last) {
    const triple =
      ((chunk[place] as number) << 16) | ((chunk[place + 1] as number) << 8) | (chunk[place + 2] as number);
    if (((triples[triple >> 3] as number) & (1 << (triple & 7))) !== 0) return place;
    place++;
  }
  return place;
}

/** Of a form that is complete and begins no longer one, only an end may begin another. */
function openState({ child, fail }: Automaton, state: number): number {
  let open = state;
  while (open !== 0 && child[open] === 0) open = fail[open] as number;
  return open;
}

function stateAfter(automaton: Automaton, bytes: Uint8Array): number {
  let state = 0;
  for (const byte of bytes) state = step(automaton, state, byte);
  return state;
}

function step({ next, fail }: Automaton, state: number, byte: number): number {
  let found = next(state, byte);
  for (let shorter = state; found === 0 && shorter !== 0;) {
    shorter = fail[shorter] as number;
    found = next(shorter, byte);
  }
  return found;
}
