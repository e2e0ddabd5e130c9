/**
 * JSON inside the sealed body. One value has one text: what `JSON.stringify` makes of it. That refuses
 * duplicate keys, odd numbers and white space at once, and lets members that this version does not
 * know be written back byte for byte.
 */
import { fromUtf8, utf8 } from "../bytes.ts";
import type { PmError } from "../errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const MAX_DEPTH = 16;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Makes the error to throw, given the rule that was broken. */
export type Invalid = (rule: string) => PmError;

/**
 * The JSON object that `bytes` are, at most 16 levels deep, numbers integers from 0 to 2^53 - 1 only.
 * @param members with which it begins, in this order
 */
export function parseCanonicalObject(
  bytes: Uint8Array,
  members: readonly string[],
  invalid: Invalid,
): JsonObject {
  const text = fromUtf8(bytes);
  if (text === undefined) throw invalid("it is not UTF-8");
  const value = parseJson(text, invalid);
  if (!isObject(value)) throw invalid("it is not an object");
  requireMembers(value, members, invalid);
  requireLimits(value, 1, invalid);
  if (JSON.stringify(value) !== text) throw invalid("it is not in canonical form");
  return value;
}

/** The JSON value of `text`, not yet checked for limits. */
export function parseJson(text: string, invalid: Invalid): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The parser's own message quotes its input, which may be secret.
    throw invalid("it is not JSON");
  }
}

export function encodeJson(value: Json): Uint8Array {
  return utf8(JSON.stringify(value));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A non-negative safe integer. */
export function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isString(value: Json | undefined): value is string {
  return typeof value === "string";
}

/**
 * Throws unless the object begins with `members`, in this order. JavaScript moves members that are named
 * like array indices to the front, so these are refused too.
 */
export function requireMembers(value: JsonObject, members: readonly string[], invalid: Invalid): void {
  const keys = Object.keys(value);
  if (members.some((member, n) => keys[n] !== member)) throw invalid("its members are not the known ones");
}

/** Throws where a value that stands `depth` levels deep breaks the limits of {@link parseCanonicalObject}. */
export function requireLimits(value: Json, depth: number, invalid: Invalid): void {
  if (typeof value === "number" && !isCount(value)) throw invalid("a number is not an integer from 0");
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_DEPTH) throw invalid(`it is more than ${MAX_DEPTH} levels deep`);
  if (isArray(value)) {
    for (const member of value) requireLimits(member, depth + 1, invalid);
    return;
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw invalid("it has a forbidden key");
  }
  for (const member of Object.values(value)) requireLimits(member, depth + 1, invalid);
}

/** Whether arrays and objects nest more than `levels` deep. */
export function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
