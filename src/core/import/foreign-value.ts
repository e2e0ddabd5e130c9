/** Values of JSON that another program wrote, taken for what they are: a member of another type loses nothing. */

export type Members = Readonly<Record<string, unknown>>;

/** The members of an object; none where it is none. */
export function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text that a value is; of a number its digits, of a structure its JSON; empty where there is none. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
