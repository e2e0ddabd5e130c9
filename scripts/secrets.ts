// Looks for secrets in the files that git tracks, or with --staged in what the next commit will hold.
// A line that carries `not-a-secret` is let through, and so are the published vectors in test/vectors/.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

export interface Finding {
  readonly line: number;
  readonly what: string;
}

const ALLOW_MARK = "not-a-secret";
const ALLOWED_FILES = /^(test\/vectors\/|package-lock\.json$)/;
/** The bytes 00 01 02 … as the worked examples of docs/format.md print them, in any code. */
const PUBLISHED = ["40R4-0M30-E209-185G-R38E-1W81", "AAECAwQFBgcAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0e"];
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** A match counts where its first group, or all of it, looks random enough: placeholders do not. */
interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  /** Shannon entropy in bits a character. */
  readonly minEntropy: number;
}

const RULES: readonly Rule[] = [
  {
    what: "a private key",
    pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g,
    minEntropy: 0,
  },
  { what: "an age secret key", pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g, minEntropy: 3.5 },
  // 44 bytes as base64url.
  { what: "a pm machine token", pattern: /\bpmt1_([A-Za-z0-9_-]{59})(?![A-Za-z0-9_-])/g, minEntropy: 4 },
  // 180 bits as Crockford base32 in nine groups.
  {
    what: "a pm recovery code or secret key",
    pattern: /\bPM[RS]1-((?:[0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4})\b/gi,
    minEntropy: 3.5,
  },
  { what: "an AWS key id", pattern: /\b(?:AKIA|ASIA)([0-9A-Z]{16})\b/g, minEntropy: 3 },
  {
    what: "a GitHub token",
    pattern: /\b(?:gh[pousr]_([A-Za-z0-9]{36,})|github_pat_[A-Za-z0-9_]{60,})\b/g,
    minEntropy: 3.5,
  },
  { what: "a GitLab token", pattern: /\bglpat-([A-Za-z0-9_-]{20,})/g, minEntropy: 3.5 },
  { what: "an npm token", pattern: /\bnpm_([A-Za-z0-9]{36})\b/g, minEntropy: 3.5 },
  { what: "a Slack token", pattern: /\bxox[abeoprs]-([A-Za-z0-9-]{20,})/g, minEntropy: 3 },
  {
    what: "a Slack web hook",
    pattern: /hooks\.slack\.com\/services\/(T\w{8,}\/B\w{8,}\/\w{20,})/g,
    minEntropy: 3.5,
  },
  {
    what: "a secret in an assignment",
    pattern:
      /(?:secret|token|passw(?:or)?d|passphrase|api[_-]?key|private[_-]?key|credential)\w*["']?\s*(?:=>|[:=])\s*["'`]?([A-Za-z0-9+/_=-]{24,})(?=["'`\s;,]|$)/gi,
    minEntropy: 4.2,
  },
];

/** What in `text` looks like a secret; never the secret itself. */
export function findSecrets(text: string): Finding[] {
  return text
    .split("\n")
    .flatMap((content, index) =>
      content.includes(ALLOW_MARK)
        ? []
        : RULES.filter((rule) => matches(rule, content)).map(({ what }) => ({ line: index + 1, what })),
    );
}

function matches({ pattern, minEntropy }: Rule, content: string): boolean {
  return [...content.matchAll(pattern)].some(
    (match) =>
      entropy(match[1] ?? match[0]) >= minEntropy && !PUBLISHED.some((sample) => match[0].includes(sample)),
  );
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: 1 << 28 });
}

function* files(staged: boolean): Generator<readonly [path: string, text: string]> {
  const list = staged
    ? git("diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z")
    : git("ls-files", "-z");
  for (const path of list.split("\0")) {
    if (path === "" || ALLOWED_FILES.test(path)) continue;
    if (staged) yield [path, git("show", `:${path}`)];
    else if ((statSync(path, { throwIfNoEntry: false })?.size ?? Infinity) <= MAX_FILE_BYTES)
      yield [path, readFileSync(path, "utf8")];
  }
}

if (import.meta.main) {
  process.chdir(git("rev-parse", "--show-toplevel").trim());
  let count = 0;
  for (const [path, text] of files(process.argv.includes("--staged"))) {
    for (const { line, what } of findSecrets(text)) {
      count++;
      process.stderr.write(`${path}:${line}: looks like ${what}\n`);
    }
  }
  if (count > 0) {
    process.stderr.write(`secrets: ${count} found; a sample carries "${ALLOW_MARK}" on its line\n`);
    process.exitCode = 1;
  }
}
