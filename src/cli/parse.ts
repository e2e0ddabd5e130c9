/**
 * The short path from argv to a command, for plain and well-formed calls: no parsing library is
 * loaded. In any doubt it answers undefined, and `program.ts` reads the same definitions again and
 * words the error. A property test holds the two against each other.
 */
import type { ArgDef, Command, OptionDef, Options, Value, Values } from "./command.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { defaultOf, findRow, isGroup, type Row } from "./registry.ts";

/** The input of some command: checked against its definition, typed by it where it is used. */
export type AnyInput = Parameters<Command["run"]>[1];

export type Request =
  | { readonly kind: "help"; readonly words: readonly string[] }
  | { readonly kind: "version" }
  | {
      readonly kind: "run";
      readonly row: Row;
      readonly command: Command;
      readonly input: AnyInput;
      readonly globals: Values;
    };

/** Definitions with the values read so far. */
export interface Scope {
  readonly defs: Options;
  readonly values: Record<string, Value>;
}

/** A cursor on argv; `operands` are the words that are neither options nor their values. */
export interface Reader {
  readonly argv: readonly string[];
  readonly operands: string[];
  at: number;
  /** How many of the operands stand behind "--"; undefined where there is none. */
  foreign?: number;
}

/**
 * Writes out the second word of a group that has a default, where an option follows that not every command
 * has: `pm bundle --only …` is `pm bundle make --only …`. Both paths read the result.
 */
export function spellOutDefault(argv: readonly string[]): readonly string[] {
  const globals = [scopeOf(GLOBAL_OPTIONS)];
  const reader: Reader = { argv, operands: [], at: 0 };
  if (!readLeadingOptions(reader, globals)) return argv;
  const end = reader.at + 1;
  const word = defaultOf(argv[reader.at] ?? "");
  if (word === undefined) return argv;
  for (reader.at = end; ;) {
    const token = argv[reader.at];
    if (token === undefined || !isOption(token, globals) || HELP.has(token)) return argv;
    if (!readOption(reader, token, globals)) return [...argv.slice(0, end), word, ...argv.slice(end)];
  }
}

const HELP: ReadonlySet<string> = new Set(["-h", "--help", "-V", "--version", "--"]);

export async function parseShort(given: readonly string[]): Promise<Request | undefined> {
  const argv = spellOutDefault(given);
  if (argv.length === 0) return { kind: "help", words: [] };
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) return { kind: "version" };
  const globals = scopeOf(GLOBAL_OPTIONS);
  const reader: Reader = { argv, operands: [], at: 0 };
  if (!readLeadingOptions(reader, [globals])) return undefined;
  const row = readCommand(reader);
  if (row === undefined) return undefined;
  const command = await row.load();
  const own = scopeOf(command.options);
  if (!readRest(reader, [own, globals])) return undefined;
  const args = bindArgs(command.args, reader.operands, reader.foreign);
  if (args === undefined) return undefined;
  return { kind: "run", row, command, input: toInput(args, own.values), globals: globals.values };
}

export function toInput(args: Values, options: Values): AnyInput {
  return { args, options } as AnyInput;
}

/** The argument that is not there and may be picked. */
export function findLeftOut({ args: defs }: Command, input: AnyInput): ArgDef | undefined {
  const args: Values = input.args;
  return defs.find(({ name, picks }) => {
    const value = args[name];
    return picks !== undefined && (Array.isArray(value) ? value.length === 0 : value === undefined);
  });
}

/** Every option of `defs` as if it had not been given. */
export function scopeOf(defs: Options): Scope {
  const values: Record<string, Value> = {};
  for (const [name, def] of Object.entries(defs)) {
    values[name] = absent(def);
  }
  return { defs, values };
}

function absent({ kind }: OptionDef): Value {
  if (kind === "flag") return false;
  return kind === "list" ? [] : undefined;
}

const NEGATIVE_NUMBER = /^-(\d+|\d*\.\d+)([eE][+-]?\d+)?$/;

/** `-` alone is an operand, and `-5` is one where no option is a digit. */
export function isOption(token: string, scopes: readonly Scope[]): boolean {
  if (token.length < 2 || !token.startsWith("-")) return false;
  return !NEGATIVE_NUMBER.test(token) || scopes.some(({ defs }) => hasDigit(defs));
}

function hasDigit(defs: Options): boolean {
  return Object.values(defs).some(({ short = "" }) => /\d/.test(short));
}

function readLeadingOptions(reader: Reader, scopes: readonly Scope[]): boolean {
  for (;;) {
    const token = reader.argv[reader.at];
    if (token === undefined || token === "--") return false;
    if (!isOption(token, scopes)) return true;
    if (!readOption(reader, token, scopes)) return false;
  }
}

function readCommand(reader: Reader): Row | undefined {
  const word = reader.argv[reader.at++] ?? "";
  return isGroup(word) ? findRow(`${word} ${reader.argv[reader.at++] ?? ""}`) : findRow(word);
}

function readRest(reader: Reader, scopes: readonly Scope[]): boolean {
  while (reader.at < reader.argv.length) {
    const token = reader.argv[reader.at] ?? "";
    if (token === "--") {
      const foreign = reader.argv.slice(reader.at + 1);
      reader.operands.push(...foreign);
      reader.foreign = foreign.length;
      return true;
    }
    if (!isOption(token, scopes)) {
      reader.operands.push(token);
      reader.at++;
    } else if (!readOption(reader, token, scopes)) {
      return false;
    }
  }
  return true;
}

export function readOption(reader: Reader, token: string, scopes: readonly Scope[]): boolean {
  reader.at++;
  return token.startsWith("--") ? readLong(reader, token, scopes) : readShorts(reader, token, scopes);
}

function readLong(reader: Reader, token: string, scopes: readonly Scope[]): boolean {
  const equals = token.indexOf("=");
  const name = equals < 0 ? token.slice(2) : token.slice(2, equals);
  const inline = equals < 0 ? undefined : token.slice(equals + 1);
  const scope = scopes.find(({ defs }) => Object.hasOwn(defs, name));
  const def = scope?.defs[name];
  if (scope === undefined || def === undefined) return false;
  if (def.kind === "flag") return inline === undefined && store(scope, name, true);
  if (def.kind === "optional") return store(scope, name, inline ?? "");
  return storeText(scope, name, inline ?? reader.argv[reader.at++]);
}

/** `-x`, `-xy` where x takes no value, `-l 24` and `-l24`, `-c` and `-c=30`. */
function readShorts(reader: Reader, token: string, scopes: readonly Scope[]): boolean {
  for (let i = 1; i < token.length; i++) {
    const found = findShort(scopes, token.charAt(i));
    if (found === undefined) return false;
    const { scope, name, def } = found;
    if (def.kind === "value" || def.kind === "list") {
      const rest = token.slice(i + 1);
      return storeText(scope, name, rest === "" ? reader.argv[reader.at++] : rest);
    }
    if (def.kind === "optional" && token[i + 1] === "=") return store(scope, name, token.slice(i + 2));
    store(scope, name, def.kind === "flag" ? true : "");
  }
  return true;
}

export function findShort(
  scopes: readonly Scope[],
  letter: string,
): { readonly scope: Scope; readonly name: string; readonly def: OptionDef } | undefined {
  for (const scope of scopes) {
    for (const name of Object.keys(scope.defs)) {
      const def = scope.defs[name];
      if (def?.short === letter) return { scope, name, def };
    }
  }
  return undefined;
}

export function store(scope: Scope, name: string, value: Value): true {
  scope.values[name] = value;
  return true;
}

export function storeText(scope: Scope, name: string, text: string | undefined): boolean {
  const def = scope.defs[name];
  if (text === undefined || def === undefined || !allows(def, text)) return false;
  const earlier = scope.values[name];
  return store(scope, name, Array.isArray(earlier) ? [...earlier, text] : text);
}

/**
 * What may be picked is not missed here: main.ts sees to it.
 * @param foreign how many of the operands stand behind "--"; undefined where there is none
 */
export function bindArgs(
  defs: readonly ArgDef[],
  operands: readonly string[],
  foreign?: number,
): Values | undefined {
  if (isMisplaced(defs, operands, foreign)) return undefined;
  const args: Record<string, Value> = {};
  for (const [i, def] of defs.entries()) {
    const given = def.variadic === true ? operands.slice(i) : operands.slice(i, i + 1);
    if (def.required === true && def.picks === undefined && given.length === 0) return undefined;
    if (!given.every((text) => allows(def, text))) return undefined;
    args[def.name] = def.variadic === true ? given : given[0];
  }
  const takesAll = defs.at(-1)?.variadic === true;
  return takesAll || operands.length <= defs.length ? args : undefined;
}

/** Whether words of another program stand before "--", or pm's own behind it. */
export function isMisplaced(
  defs: readonly ArgDef[],
  operands: readonly string[],
  foreign: number | undefined,
): boolean {
  if (defs.at(-1)?.foreign !== true) return false;
  return operands.length - (foreign ?? 0) > defs.length - 1;
}

/** Whether `text` is among the choices, where there are any. */
export function allows(def: ArgDef | OptionDef, text: string): boolean {
  return !("choices" in def) || def.choices === undefined || def.choices.includes(text);
}
