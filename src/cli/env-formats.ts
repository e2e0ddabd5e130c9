/** Assignments in the words of the programs that read them, so that each reads back the exact value. */
import { PmError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { toHex } from "../core/bytes.ts";

export const ENV_FORMATS = ["shell", "fish", "powershell", "dotenv", "json", "docker", "github"] as const;
export type EnvFormat = (typeof ENV_FORMATS)[number];

export interface Variable {
  readonly name: string;
  /** Without NUL. */
  readonly value: string;
}

const DELIMITER_BYTES = 16;

/** @throws PmError "usage" that names a variable whose value the format can't hold */
export function formatVariables(variables: readonly Variable[], format: EnvFormat, random: Random): string {
  if (format === "json") {
    return `${JSON.stringify(Object.fromEntries(variables.map(({ name, value }) => [name, value])))}\n`;
  }
  return variables.map((variable) => `${line(variable, format, random)}\n`).join("");
}

function line(variable: Variable, format: Exclude<EnvFormat, "json">, random: Random): string {
  const { name, value } = variable;
  switch (format) {
    case "shell":
      return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;
    case "fish":
      return `set -gx ${name} '${value.replace(/[\\']/g, String.raw`\$&`)}'`;
    case "powershell":
      // Typographic quotes end a text there, too: about_Quoting_Rules.
      return `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
    case "dotenv":
      return `${name}=${dotenvValue(variable)}`;
    case "docker":
      if (/[\r\n]/.test(value)) throw unsuited(variable, "docker", "a newline");
      return `${name}=${value}`;
    case "github":
      return githubLines(variable, random);
  }
}

/** What Node and the package dotenv read alike: no escapes, and quotes that the value leaves free. */
function dotenvValue(variable: Variable): string {
  const { value } = variable;
  // Node takes them out, wherever they stand.
  if (value.includes("\r")) throw unsuited(variable, "dotenv", "a carriage return");
  if (!value.includes("'")) return `'${value}'`;
  if (!/["\\]/.test(value)) return `"${value}"`;
  if (!value.includes("`")) return `\`${value}\``;
  throw unsuited(variable, "dotenv", "all three kinds of quotes");
}

function githubLines({ name, value }: Variable, random: Random): string {
  for (;;) {
    const delimiter = `pm_${toHex(random(DELIMITER_BYTES))}`;
    if (!value.includes(delimiter)) return `${name}<<${delimiter}\n${value}\n${delimiter}`;
  }
}

function unsuited({ name }: Variable, format: EnvFormat, what: string): PmError {
  return new PmError("usage", `the value of ${name} has ${what}, which --format ${format} can't hold`, {
    hint: `${name}=pm://…?encoding=base64, or pm run`,
  });
}
