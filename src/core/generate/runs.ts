/**
 * How many strings there are whose runs are short enough, counted exactly. A run is one character over
 * and over ("aaa"), or neighbours of a-z, A-Z or 0-9 going up ("abc") or down ("321").
 */
import { PRINTABLE } from "./rules-syntax.ts";

export interface RunLimits {
  readonly repeating: number;
  readonly sequential: number;
}

type RunKind = "same" | "up" | "down";

/** A character at the end of a string, and how long the run that it ends may be at most. */
export interface Ending {
  /** The index of the character in {@link PRINTABLE}. */
  readonly char: number;
  /** Undefined: as long as the limits say. */
  readonly run: { readonly kind: RunKind; readonly atMost: number } | undefined;
}

export interface RunCounts {
  /** How many strings of this length there are. */
  total(length: number): bigint;
  /** How many of them end like that. */
  ending(length: number, ending: Ending): bigint;
}

/** For each character, how many strings of one length end with it: all, and those where it begins a run. */
interface Row {
  readonly total: bigint;
  readonly all: readonly bigint[];
  readonly begins: Readonly<Record<RunKind, readonly bigint[]>>;
}

const KINDS = ["same", "up", "down"] as const;
const STEP: Readonly<Record<RunKind, number>> = { same: 0, up: 1, down: -1 };

const ZEROS: readonly bigint[] = Array.from(PRINTABLE, () => 0n);
const NO_ROW: Row = { total: 0n, all: ZEROS, begins: { same: ZEROS, up: ZEROS, down: ZEROS } };
/** The row of the length 0, where there is the empty string. */
const FIRST_ROW: Row = { ...NO_ROW, total: 1n };

interface Alphabet {
  readonly chars: ReadonlySet<string>;
  readonly limits: RunLimits;
}

/**
 * The counts for strings over `chars`, characters of {@link PRINTABLE}; rows are made as they are asked
 * for. Every row takes some additions for each character, whatever the limits: the strings that may not
 * be made longer are those whose run began exactly so many characters before.
 */
export function countRuns(chars: ReadonlySet<string>, limits: RunLimits): RunCounts {
  const rows: Row[] = [FIRST_ROW];
  const rowOf = (length: number): Row => {
    while (rows.length <= length) rows.push(nextRow(rows, { chars, limits }));
    return rows[length] ?? NO_ROW;
  };
  return {
    total: (length) =>
      limits.repeating >= length && limits.sequential >= length
        ? BigInt(chars.size) ** BigInt(length)
        : rowOf(length).total,
    ending(length, { char, run }) {
      const row = rowOf(length);
      if (run === undefined) return row.all[char] ?? 0n;
      let count = 0n;
      for (let back = 0; back < Math.min(run.atMost, length); back++) {
        if (!hasRun(chars, { char, kind: run.kind, steps: back })) break;
        count += rows[length - back]?.begins[run.kind][char - STEP[run.kind] * back] ?? 0n;
      }
      return count;
    },
  };
}

function nextRow(rows: readonly Row[], alphabet: Alphabet): Row {
  const last = rows.at(-1) ?? NO_ROW;
  const all = [...ZEROS];
  const begins = { same: [...ZEROS], up: [...ZEROS], down: [...ZEROS] };
  let total = 0n;
  for (const [char, text] of Array.from(PRINTABLE).entries()) {
    if (!alphabet.chars.has(text)) continue;
    const continued = KINDS.map((kind) => countContinued(rows, alphabet, { char, kind }));
    const broken = KINDS.reduce((sum, kind) => sum + (last.all[stepBack(char, kind) ?? -1] ?? 0n), 0n);
    const count = continued.reduce((sum, strings) => sum + strings, last.total - broken);
    all[char] = count;
    for (const [i, kind] of KINDS.entries()) begins[kind][char] = count - (continued[i] ?? 0n);
    total += count;
  }
  return { total, all, begins };
}

/** How many strings of the length after the last row end with `char` and continue a run there. */
function countContinued(
  rows: readonly Row[],
  { chars, limits }: Alphabet,
  { char, kind }: { readonly char: number; readonly kind: RunKind },
): bigint {
  const from = stepBack(char, kind);
  if (from === undefined) return 0n;
  const steps = limitOf(limits, kind);
  const start = rows.length - steps;
  const isReached = start >= 1 && hasRun(chars, { char, kind, steps });
  const full = isReached ? rows[start]?.begins[kind][char - STEP[kind] * steps] : undefined;
  return (rows.at(-1)?.all[from] ?? 0n) - (full ?? 0n);
}

/** How a string may end without its last character, `ending`, where it has characters of `indices`. */
export function endingsBefore(
  { char, run }: Ending,
  { indices, limits }: { readonly indices: readonly number[]; readonly limits: RunLimits },
): readonly Ending[] {
  return indices.map((i) => {
    const kind = KINDS.find((candidate) => stepBack(char, candidate) === i);
    if (kind === undefined) return { char: i, run: undefined };
    const atMost = (run?.kind === kind ? run.atMost : limitOf(limits, kind)) - 1;
    return { char: i, run: { kind, atMost } };
  });
}

/** Whether no run of `text` is longer than the limits say. */
export function keepsLimits(text: string, limits: RunLimits): boolean {
  const length = { same: 1, up: 1, down: 1 };
  let last = PRINTABLE.indexOf(text.charAt(0));
  for (let i = 1; i < text.length; i++) {
    const char = PRINTABLE.indexOf(text.charAt(i));
    for (const kind of KINDS) {
      length[kind] = stepBack(char, kind) === last ? length[kind] + 1 : 1;
      if (length[kind] > limitOf(limits, kind)) return false;
    }
    last = char;
  }
  return true;
}

function limitOf(limits: RunLimits, kind: RunKind): number {
  return kind === "same" ? limits.repeating : limits.sequential;
}

/** The character that stands before `char` in a run of that kind; undefined where there is none. */
function stepBack(char: number, kind: RunKind): number | undefined {
  const from = char - STEP[kind];
  if (kind === "same") return from;
  return RANGE_OF[char] !== undefined && RANGE_OF[char] === RANGE_OF[from] ? from : undefined;
}

interface Run {
  /** The last character. */
  readonly char: number;
  readonly kind: RunKind;
  /** How many characters are before it. */
  readonly steps: number;
}

function hasRun(chars: ReadonlySet<string>, { char, kind, steps }: Run): boolean {
  if (kind === "same") return chars.has(PRINTABLE.charAt(char));
  let at: number | undefined = char;
  for (let step = 0; step <= steps; step++) {
    if (at === undefined || !chars.has(PRINTABLE.charAt(at))) return false;
    at = stepBack(at, kind);
  }
  return true;
}

/** Which of a-z, A-Z and 0-9 each character is in. */
const RANGE_OF: readonly (string | undefined)[] = Array.from(PRINTABLE, (char) => {
  if (/[a-z]/.test(char)) return "lower";
  if (/[A-Z]/.test(char)) return "upper";
  return /[0-9]/.test(char) ? "digit" : undefined;
});
