/** Looking into JSON of others: whatever is not what it should be counts as not there. */

export type ForeignObject = Readonly<Record<string, unknown>>;

const MAX_FLAT_DEPTH = 8;

export function objectOf(value: unknown): ForeignObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as ForeignObject)
    : undefined;
}

/** The member of that name that the object has itself. */
export function member(value: unknown, name: string): unknown {
  const object = objectOf(value);
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Texts as they are, numbers and truth values as JSON writes them, "" for everything else. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Seconds since 1970 as milliseconds; undefined where they are no time that a clock could have shown. */
export function millisecondsOf(seconds: unknown): number | undefined {
  const whole = Math.trunc(numberOf(seconds) ?? 0) * 1000;
  return whole > 0 && Number.isSafeInteger(whole) ? whole : undefined;
}

/**
 * Everything that a value holds, with names joined by dots: `{a: {b: 1}}` under "x" is "x.a.b". What stands
 * deeper than eight levels comes as JSON.
 */
export function flattened(name: string, value: unknown, depth = 0): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [[name, textOf(value)]];
  if (depth === MAX_FLAT_DEPTH) return [[name, JSON.stringify(value)]];
  const members = Array.isArray(value)
    ? value.map((item: unknown, n) => [n === 0 ? name : `${name}.${n + 1}`, item] as const)
    : Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner] as const);
  return members.flatMap(([inner, content]) => flattened(inner, content, depth + 1));
}
