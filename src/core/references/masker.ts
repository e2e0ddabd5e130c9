/** Secrets taken out of a stream of bytes: `<pm:NAME>` stands in their place. */
import { concat, joined, utf8, wipe } from "../bytes.ts";
import { createAutomaton } from "./automaton.ts";
import { createFinder } from "./finder.ts";
import { isMaskable } from "./forms.ts";

export interface Secret {
  readonly bytes: Uint8Array;
  /** What to look for instead, in all its forms; `bytes` is one of them. */
  readonly value?: Uint8Array;
  /** Entry and field, as "web/github/password". */
  readonly name: string;
}

export interface Masker {
  /** What can be shown by now: a view of the chunk where it may be shown as it is. */
  push(chunk: Uint8Array): Uint8Array;
  /** After a pause: also what was held back because it might have been the beginning of a secret. */
  idle(): Uint8Array;
  /** At the end of the stream: the rest. */
  end(): Uint8Array;
}

/** What overlaps is one place, so that nothing of either secret is left over. */
interface Place {
  start: number;
  end: number;
  /** Of the longest secret in it. */
  length: number;
  secret: number;
}

/** Joins it with those that it overlaps. They come in the order of their ends. */
function addPlace(places: Place[], found: Readonly<Place>): void {
  const place = { ...found };
  for (let last = places.at(-1); last !== undefined && last.end > place.start; last = places.at(-1)) {
    places.pop();
    place.start = Math.min(place.start, last.start);
    if (last.length >= place.length) Object.assign(place, { length: last.length, secret: last.secret });
  }
  places.push(place);
}

/**
 * Each form of every secret (`formsOf`) is replaced; too short ones (`isMaskable`) are not looked for. At most
 * the longest form less a byte is held back, and only while it goes on matching.
 * @throws PmError "limit" where the secrets are too many
 */
export function createMasker(secrets: readonly Secret[]): Masker {
  const wanted = secrets
    .map(({ bytes, value = bytes, name }) => ({ value, name }))
    .filter(({ value }) => isMaskable(value));
  const finder = createFinder(createAutomaton(wanted.map(({ value }) => value)));
  const places: Place[] = [];
  /** The bytes from `shown` on that are in no place that has begun. */
  let held: Uint8Array = new Uint8Array(0);
  let shown = 0;

  /** Shows what is known of everything before `safe`. @param bytes those from `shown` on */
  const release = (bytes: Uint8Array, safe: number): Uint8Array => {
    const parts: Uint8Array[] = [];
    let at = shown;
    for (let place = places[0]; place !== undefined && place.end <= safe; place = places[0]) {
      places.shift();
      if (place.start > at) parts.push(bytes.subarray(at - shown, place.start - shown));
      parts.push(utf8(`<pm:${wanted[place.secret]?.name ?? ""}>`));
      at = place.end;
    }
    const until = Math.min(safe, places[0]?.start ?? safe);
    if (until > at) parts.push(bytes.subarray(at - shown, until - shown));
    wipe(held);
    held = bytes.slice(safe - shown);
    shown = safe;
    const [only, second] = parts;
    return only !== undefined && second === undefined ? only : joined(parts);
  };

  const flush = (): Uint8Array => release(held.slice(), finder.position);
  return {
    push(chunk) {
      finder.feed(chunk, ({ start, end, secret }) => {
        addPlace(places, { start: Math.max(start, shown), end, length: end - start, secret });
      });
      const bytes = held.length === 0 ? chunk : concat(held, chunk);
      return release(bytes, Math.max(shown, finder.position - finder.open));
    },
    idle: flush,
    end: flush,
  };
}
