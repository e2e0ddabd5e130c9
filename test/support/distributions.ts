/** What generators should give, worked out apart from how they draw, and how far they are from it. */
import { countStrings, type Space } from "../../src/core/generate/password.ts";
import { GROUPS } from "../../src/core/generate/pronounceable.ts";
import { rulesSpace, type RulesSpace } from "../../src/core/generate/rules.ts";
import { parseRecipe } from "../../src/core/generate/recipe.ts";
import { space } from "./spaces.ts";

/** The probability of each outcome. */
export type Distribution = ReadonlyMap<string, number>;

/**
 * Pearson's statistic of what was counted, as standard deviations from what it should be. Between -5 and
 * 5 for draws without bias: below, they are too even to be random.
 * @throws where something was drawn that has no probability
 */
export function misfit(counts: ReadonlyMap<string, number>, expected: Distribution): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const [outcome, count] of counts) {
    if (count > 0 && !((expected.get(outcome) ?? 0) > 0)) throw new Error(`drawn and impossible: ${outcome}`);
  }
  let chiSquare = 0;
  let cells = 0;
  // Outcomes too rare for the statistic are one cell together.
  let rare = { wanted: 0, count: 0 };
  for (const [outcome, probability] of expected) {
    const wanted = probability * total;
    const count = counts.get(outcome) ?? 0;
    if (wanted < 10) {
      rare = { wanted: rare.wanted + wanted, count: rare.count + count };
      continue;
    }
    chiSquare += (count - wanted) ** 2 / wanted;
    cells += 1;
  }
  if (rare.wanted >= 10) {
    chiSquare += (rare.count - rare.wanted) ** 2 / rare.wanted;
    cells += 1;
  }
  return cells < 2 ? 0 : standardized(chiSquare, cells - 1);
}

/** A chi-square as a standard normal variable (Wilson and Hilferty), so that few degrees of freedom do. */
function standardized(chiSquare: number, freedom: number): number {
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chiSquare / freedom) - (1 - spread)) / Math.sqrt(spread);
}

/** How often each character stood at each position. */
export class PositionCounts {
  private readonly counts: Uint32Array[] = [];

  add(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const row = (this.counts[at] ??= new Uint32Array(128));
      const code = text.charCodeAt(at);
      row[code] = (row[code] ?? 0) + 1;
    }
  }

  at(position: number): ReadonlyMap<string, number> {
    const row = this.counts[position] ?? new Uint32Array(0);
    return new Map(Array.from(row, (count, code) => [String.fromCharCode(code), count]));
  }
}

/** Where each character stands how often, for every position of what `recipe` gives. */
export function positionsOf(recipe: string): readonly Distribution[] {
  const parsed = parseRecipe(recipe);
  if (parsed.kind !== "pin" && parsed.size?.by !== "count") throw new Error("a recipe without a length");
  if (parsed.kind === "rules" && parsed.size?.by === "count") {
    return rulesPositions(rulesSpace(parsed), parsed.size.count);
  }
  if (parsed.kind === "pronounceable" && parsed.size?.by === "count")
    return spokenPositions(parsed.size.count);
  const wanted = space(recipe);
  return Array.from({ length: wanted.length }, () => firstOf(wanted));
}

/** By symmetry the same at every position. */
function firstOf(wanted: Space): Distribution {
  const total = countStrings(wanted);
  const share = (char: string): number => {
    const required = wanted.required.filter((chars) => !chars.includes(char));
    return ratio(countStrings({ ...wanted, required, length: wanted.length - 1 }), total);
  };
  return new Map(wanted.alphabet.map((char) => [char, share(char)]));
}

/** How many characters of `chars` a string of the space has. */
export function numberOf(chars: string, wanted: Space): Distribution {
  const alphabet = wanted.alphabet.filter((char) => !chars.includes(char));
  const inside = BigInt(wanted.alphabet.length - alphabet.length);
  const isRequired = wanted.required.some((set) => set.every((char) => chars.includes(char)));
  const required = wanted.required.filter((set) => !set.every((char) => chars.includes(char)));
  const total = countStrings(wanted);
  const counts = new Map<string, number>();
  for (let k = isRequired ? 1 : 0; k <= wanted.length; k++) {
    const outside = countStrings({ alphabet, required, length: wanted.length - k });
    counts.set(`${k}`, ratio(binomial(wanted.length, k) * inside ** BigInt(k) * outside, total));
  }
  return counts;
}

function binomial(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 1; i <= k; i++) value = (value * BigInt(n - i + 1)) / BigInt(i);
  return value;
}

function ratio(part: bigint, whole: bigint): number {
  return Number((part * 10n ** 18n) / whole) / 1e18;
}

interface State {
  readonly char: string;
  readonly step: number;
  readonly run: number;
  readonly met: number;
}

/** Ways into each state times ways out of it, state by state: char, run, requirements met. */
function rulesPositions(wanted: RulesSpace, length: number): readonly Distribution[] {
  const full = 2 ** wanted.required.length - 1;
  const chars = [...wanted.alphabet];
  const enter = (char: string, before?: State): State | undefined => {
    let met = before?.met ?? 0;
    for (const [i, set] of wanted.required.entries()) if (set.has(char)) met |= 1 << i;
    if (before === undefined) return { char, step: 9, run: 1, met };
    const step = stepBetween(before.char, char);
    if (step === undefined) return { char, step: 9, run: 1, met };
    const run = step === before.step ? before.run + 1 : 2;
    return run > (step === 0 ? wanted.limits.repeating : wanted.limits.sequential)
      ? undefined
      : { char, step, run, met };
  };
  const keyOf = (state: State): string => `${state.char}${state.step},${state.run},${state.met}`;
  const layers: Map<string, { state: State; ways: number }>[] = [];
  for (let at = 0; at < length; at++) {
    const layer = new Map<string, { state: State; ways: number }>();
    const sources = at === 0 ? [undefined] : [...(layers[at - 1]?.values() ?? [])];
    for (const source of sources) {
      for (const char of chars) {
        const state = enter(char, source?.state);
        if (state === undefined) continue;
        const known = layer.get(keyOf(state)) ?? { state, ways: 0 };
        known.ways += source?.ways ?? 1;
        layer.set(keyOf(state), known);
      }
    }
    layers.push(layer);
  }
  let out = new Map<string, number>();
  for (const [key, { state }] of layers.at(-1) ?? []) out.set(key, state.met === full ? 1 : 0);
  const positions: Distribution[] = [];
  for (let at = length - 1; at >= 0; at--) {
    const layer = layers[at] ?? new Map<string, { state: State; ways: number }>();
    if (at < length - 1) {
      const next = out;
      out = new Map();
      for (const [key, { state }] of layer) {
        let ways = 0;
        for (const char of chars) {
          const after = enter(char, state);
          if (after !== undefined) ways += next.get(keyOf(after)) ?? 0;
        }
        out.set(key, ways);
      }
    }
    const shares = new Map<string, number>();
    for (const [key, { state, ways }] of layer) {
      shares.set(state.char, (shares.get(state.char) ?? 0) + ways * (out.get(key) ?? 0));
    }
    positions.unshift(normalized(shares));
  }
  return positions;
}

/** 0, 1 or -1 where `next` goes on a run after `char`. */
function stepBetween(char: string, next: string): number | undefined {
  if (char === next) return 0;
  const step = next.charCodeAt(0) - char.charCodeAt(0);
  const pair = char + next;
  const isInRange = /^(?:[a-z]{2}|[A-Z]{2}|[0-9]{2})$/.test(pair);
  return isInRange && Math.abs(step) === 1 ? step : undefined;
}

function normalized(shares: ReadonlyMap<string, number>): Distribution {
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return new Map([...shares].map(([outcome, share]) => [outcome, share / total]));
}

/** Ways up to each group times ways on from it, for each letter that the group has. */
function spokenPositions(length: number): readonly Distribution[] {
  const inner = [...GROUPS.onsets, ...GROUPS.joints];
  /** Ways to write what is before a place, and after it; by whether a vowel or a consonant goes next to it. */
  const before = { vowel: [1], consonant: [1] };
  const after = { vowel: [0], consonant: [1] };
  const sum = (groups: readonly string[], ways: readonly number[], at: number): number =>
    groups.reduce((total, group) => total + (ways[at - group.length] ?? 0), 0);
  for (let at = 1; at <= length; at++) {
    // What may stand before a consonant group ends with a vowel, and the other way round.
    before.consonant[at] = sum(GROUPS.vowels, before.vowel, at);
    const opening = GROUPS.onsets.filter((group) => group.length === at).length;
    before.vowel[at] =
      opening + inner.reduce((total, group) => total + insideWays(before.consonant, at - group.length), 0);
    after.vowel[at] = sum(GROUPS.vowels, after.consonant, at);
    const closing = GROUPS.codas.filter((group) => group.length === at).length;
    after.consonant[at] = closing + sum(inner, after.vowel, at);
  }
  const positions = Array.from({ length }, () => new Map<string, number>());
  const count = (group: string, start: number, ways: number): void => {
    for (const [i, char] of Array.from(group).entries()) {
      const row = positions[start + i];
      row?.set(char, (row.get(char) ?? 0) + ways);
    }
  };
  for (let start = 0; start < length; start++) {
    const rest = (group: string): number => length - start - group.length;
    for (const group of GROUPS.vowels) {
      count(group, start, (before.vowel[start] ?? 0) * (after.consonant[rest(group)] ?? 0));
    }
    const leading = start === 0 ? GROUPS.onsets : inner;
    const ways = start === 0 ? 1 : insideWays(before.consonant, start);
    for (const group of leading) count(group, start, ways * (after.vowel[rest(group)] ?? 0));
    if (start === 0) continue;
    for (const group of GROUPS.codas) if (rest(group) === 0) count(group, start, ways);
  }
  return positions.map(normalized);
}

/** A group inside has something before it. */
function insideWays(ways: readonly number[], at: number): number {
  return at < 1 ? 0 : (ways[at] ?? 0);
}
