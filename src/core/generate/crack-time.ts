/** How long an attacker takes for a number of guesses, at two rates that are stated. */

export interface CrackSeconds {
  /** Against a stolen vault. */
  readonly vault: number;
  /** Against a site that lets few guesses through. */
  readonly online: number;
}

/**
 * One guess at a vault of the default cost writes 384 MiB and reads twice as much: a graphics card that
 * moves a terabyte a second makes fewer than 900 of them. This is a dozen such cards.
 */
const VAULT_GUESSES_PER_SECOND = 10_000;
/** What zxcvbn takes for a throttled login. */
const ONLINE_GUESSES_PER_HOUR = 100;

const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const CENTURY_S = 3_155_760_000;

export function crackSeconds(guesses: number): CrackSeconds {
  return { vault: guesses / VAULT_GUESSES_PER_SECOND, online: (guesses / ONLINE_GUESSES_PER_HOUR) * 3600 };
}

/** As people say it: "3 hours", "centuries". */
export function inWords(seconds: number): string {
  if (seconds < 1) return "less than a second";
  if (seconds >= CENTURY_S) return "centuries";
  const [name, unit] = UNITS.find(([, length]) => seconds >= length) ?? ["second", 1];
  const count = Math.round(seconds / unit);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
