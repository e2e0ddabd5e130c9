/**
 * Multi-value registers with dots (docs/format.md section 6.4): the unit of merging. A register holds
 * the values that no later write has replaced; two of them only after concurrent writes.
 */
import { isArray, isCount, isString, type Json } from "./json.ts";

/** When and where a value was written. All writes of one save share one stamp. */
export interface Stamp {
  /** 16 hex digits. */
  readonly replica: string;
  /** The save's number within its replica, from 1. */
  readonly seq: number;
  /** Hybrid logical clock: epoch milliseconds, or one more than the highest seen. */
  readonly hlc: number;
}

export interface Sibling<T extends Json = Json> extends Stamp {
  readonly value: T;
}

/** Newest first where there are several. */
export type Register<T extends Json = Json> = readonly Sibling<T>[];

/** A register that has been overwritten by one value. */
export function writeRegister<T extends Json>(value: T, stamp: Stamp): Register<T> {
  return [{ value, replica: stamp.replica, seq: stamp.seq, hlc: stamp.hlc }];
}

/** The value that people see: the highest (hlc, replica, value). Undefined for a register never written. */
export function shownValue<T extends Json>(register: Register<T> | undefined): T | undefined {
  return shownSibling(register)?.value;
}

/** Whether concurrent writes left different values. */
export function isDivided(register: Register): boolean {
  const [first, ...others] = register;
  if (first === undefined || others.length === 0) return false;
  const text = JSON.stringify(first.value);
  return others.some(({ value }) => JSON.stringify(value) !== text);
}

/** Of siblings with the same value the shown one, in the order in which they are shown. */
export function distinctSiblings(register: Register): readonly Sibling[] {
  const sorted = register.toSorted((a, b) => compareSiblings(b, a));
  const texts = sorted.map(({ value }) => JSON.stringify(value));
  return sorted.filter((_, n) => texts.indexOf(texts[n] ?? "") === n);
}

export function shownSibling<T extends Json>(register: Register<T> | undefined): Sibling<T> | undefined {
  let shown: Sibling<T> | undefined;
  for (const sibling of register ?? []) {
    if (shown === undefined || compareSiblings(sibling, shown) > 0) shown = sibling;
  }
  return shown;
}

/** The order in which siblings are shown: by (hlc, replica, JSON text of the value), then by their number. */
export function compareSiblings(a: Sibling, b: Sibling): number {
  if (a.hlc !== b.hlc) return a.hlc - b.hlc;
  if (a.replica !== b.replica) return a.replica < b.replica ? -1 : 1;
  const [x, y] = [JSON.stringify(a.value), JSON.stringify(b.value)];
  if (x !== y) return x < y ? -1 : 1;
  return a.seq - b.seq;
}

export const REPLICA: RegExp = /^[0-9a-f]{16}$/;

/** `[value, replica, seq, hlc]`, or undefined where it is not one. */
export function parseSibling<T extends Json>(
  json: Json | undefined,
  parseValue: (value: Json) => T | undefined,
): Sibling<T> | undefined {
  if (!isArray(json) || json.length !== 4) return undefined;
  const [raw, replica, seq, hlc] = json;
  const value = raw === undefined ? undefined : parseValue(raw);
  if (value === undefined || !isString(replica) || !REPLICA.test(replica)) return undefined;
  if (!isCount(seq) || seq < 1 || !isCount(hlc)) return undefined;
  return { value, replica, seq, hlc };
}

export function siblingJson({ value, replica, seq, hlc }: Sibling): Json {
  return [value, replica, seq, hlc];
}
