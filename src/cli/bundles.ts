/** What the commands of bundles share: how people name them, and what is said of them. */
import { PmError } from "../core/errors.ts";
import type { BundleInfo, BundleState } from "../core/vault/bundle-info.ts";
import type { Context } from "./context.ts";
import { parseExpiry } from "./dates.ts";
import { timeToJson } from "./entry-json.ts";
import { shellWord } from "./shell-word.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;
const MIN_ID_DIGITS = 4;

/** For how long a bundle is good where nobody says. */
export const DEFAULT_EXPIRY = "90d";

/**
 * The last moment of the day that `90d` or `2027-01-31` names, in UTC: the day is the same wherever the
 * bundle is opened. `12h` and `30s` end at that very moment. Null for "never".
 * @throws PmError "usage" for anything else, and for a day that is over
 */
export function parseEnd(text: string, now: number): number | null {
  if (text === "never") return null;
  const [, count = "", unit] = /^(\d{1,4})([sh])$/.exec(text) ?? [];
  if (Number(count) >= 1) return now + Number(count) * (unit === "h" ? HOUR_MS : SECOND_MS);
  const day = parseExpiry(text, now);
  const end = Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1;
  if (end >= now) return end;
  throw new PmError("usage", `${day} is over`, { hint: "90d, never, or a day to come" });
}

/** The names of fields, given once with commas or several times; null where none is given. */
export function parseFields(given: readonly string[]): readonly string[] | null {
  const names = given.flatMap((list) => list.split(",").map((name) => name.trim().normalize("NFC")));
  if (names.includes("")) throw new PmError("usage", "a field of --fields has no name");
  return names.length === 0 ? null : [...new Set(names)];
}

/**
 * The bundle that `word` names: its label, its file, its id or at least 4 digits of it.
 * @throws PmError "not-found", or "ambiguous" listing the candidates
 */
export async function findBundle(
  ctx: Pick<Context, "io">,
  bundles: readonly BundleState[],
  word: string,
): Promise<BundleState> {
  const { pathOf } = await import("../node/bundle-file.ts");
  const [label, path] = [word.normalize("NFC"), pathOf(word, ctx.io.cwd)];
  const digits = word.replace(/^id:/i, "").toLowerCase();
  const isMeant = (bundle: BundleInfo): boolean =>
    bundle.label === label ||
    bundle.path === path ||
    (digits.length >= MIN_ID_DIGITS && bundle.id.startsWith(digits));
  const matches = bundles.filter(isMeant);
  const [first, second] = matches;
  if (first === undefined) {
    throw new PmError("not-found", `no bundle is called "${word}"`, { hint: "pm bundle ls" });
  }
  if (second === undefined) return first;
  throw new PmError("ambiguous", `${matches.length} bundles match "${word}"`, {
    details: matches.map(({ id, label: name, path: file }) => `${id}  ${name}  ${file}`),
    hint: `use more of an id: ${first.id}`,
  });
}

export function isEnded({ notAfter }: Pick<BundleInfo, "notAfter">, now: number): boolean {
  return notAfter !== null && now > notAfter;
}

/** "2027-01-31" or "never". */
export function endText({ notAfter }: Pick<BundleInfo, "notAfter">): string {
  return notAfter === null ? "never" : new Date(notAfter).toISOString().slice(0, 10);
}

/** One word for people: what to do something about. */
export function stateText(bundle: BundleState, now: number): string {
  if (isEnded(bundle, now)) return "ended";
  return bundle.isStale ? "stale" : "current";
}

export function bundleToJson(bundle: BundleInfo): object {
  const { id, label, only, fields, path, created, refreshed, notAfter } = bundle;
  const times = { created: timeToJson(created), refreshed: timeToJson(refreshed) };
  const expires = notAfter === null ? null : timeToJson(notAfter);
  return { id, label, only, fields, path, ...times, expires };
}

/** The command that makes a bundle like this one. */
export function makeCommand({ only, fields, label, path, notAfter }: BundleInfo): string {
  const words = [
    ...only.flatMap((glob) => ["--only", glob]),
    ...(fields === null ? [] : ["--fields", fields.join(",")]),
    ...(notAfter === null ? ["--expires", "never"] : []),
    "--label",
    label,
    "-o",
    path,
    "-f",
  ];
  return `pm bundle ${words.map(shellWord).join(" ")}`;
}

type OpenBundle = Pick<BundleInfo, "label" | "notAfter">;

/** What people read of an opened bundle; nothing of a vault. */
export function bundleRows(bundle: OpenBundle | undefined): readonly (readonly [string, string])[] {
  if (bundle === undefined) return [];
  return [["bundle", `${bundle.label}, only read, ends ${endText(bundle)}`]];
}

/** The same in JSON. */
export function bundleFacts(bundle: OpenBundle | undefined): object {
  if (bundle === undefined) return {};
  const { label, notAfter } = bundle;
  return { bundle: { label, expires: notAfter === null ? null : timeToJson(notAfter) } };
}
