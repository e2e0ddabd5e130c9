/** Patterns for names of entries: what `--only` takes. */
import { PmError } from "../errors.ts";

/** Whether a name is meant. Names are NFC, as every path of a vault is. */
export type NameFilter = (path: string) => boolean;

/** One character as it is, or what stands for others. */
type Token = { readonly is: string } | "one" | "some" | "some with folders";

const MAX_GLOB_CHARS = 256;

/**
 * Names that at least one pattern means: `?` is one character and `*` any number of them, both within a
 * folder; `**` crosses folders; a backslash takes the next character as it is; a pattern that ends in "/"
 * means all that is below. Upper and lower case differ.
 * @throws PmError "usage" for an empty pattern or one that is too long
 */
export function nameFilter(globs: readonly string[]): NameFilter {
  const patterns = globs.map(parse);
  return (path) => {
    const characters = [...path];
    return patterns.some((pattern) => matches(pattern, characters));
  };
}

function parse(glob: string): readonly Token[] {
  if (glob === "") throw new PmError("usage", "a pattern for names is empty", { hint: "ci/*, or **" });
  if (glob.length > MAX_GLOB_CHARS) {
    throw new PmError("usage", `a pattern for names is over ${MAX_GLOB_CHARS} characters`, {
      hint: "give several shorter ones",
    });
  }
  const whole = glob.endsWith("/") ? `${glob}**` : glob;
  const parts = whole.normalize("NFC").matchAll(/\\(.)|\*+|./gsu);
  return Array.from(parts, ([part, escaped]) => (escaped === undefined ? token(part) : { is: escaped }));
}

function token(part: string): Token {
  if (part === "?") return "one";
  if (part === "*") return "some";
  return part.startsWith("**") ? "some with folders" : { is: part };
}

/** Characters times tokens at most, whatever the pattern: a regular expression could take for ever. */
function matches(pattern: readonly Token[], characters: readonly string[]): boolean {
  // Which beginnings of the pattern the characters so far can be.
  let reached = spread(pattern, new Set([0]));
  for (const character of characters) {
    const next = new Set<number>();
    for (const at of reached) {
      const here = pattern[at];
      if (here === undefined || !takes(here, character)) continue;
      next.add(here === "some" || here === "some with folders" ? at : at + 1);
    }
    reached = spread(pattern, next);
  }
  return reached.has(pattern.length);
}

function takes(here: Token, character: string): boolean {
  if (typeof here === "object") return here.is === character;
  return here === "some with folders" || character !== "/";
}

/** What stands for any number of characters stands for none, too. */
function spread(pattern: readonly Token[], reached: Set<number>): Set<number> {
  for (const at of reached) {
    if (pattern[at] === "some" || pattern[at] === "some with folders") reached.add(at + 1);
  }
  return reached;
}
