/**
 * The long path from argv to a command, on commander: whatever the short path of `parse.ts` leaves,
 * which is help, mistakes and unusual spellings. Both store values by the same code.
 */
import { Command as Program, CommanderError, Option } from "commander";
import type { PmError } from "../core/errors.ts";
import type { Command, OptionDef, Options } from "./command.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import * as parse from "./parse.ts";
import { namesOf, ROWS, type Row } from "./registry.ts";
import { choiceError, misplaced, usageError } from "./usage.ts";

/** One reading of argv; commander's callbacks can only leave their result here. */
interface Reading {
  readonly globals: parse.Scope;
  request: parse.Request | undefined;
  /** The command that was being read when commander stopped. */
  words: readonly string[];
}

/** @throws PmError "usage" where the call is malformed. */
export async function parseFully(given: readonly string[]): Promise<parse.Request> {
  const argv = parse.spellOutDefault(given);
  const definitions = await loadMentioned(argv);
  const reading: Reading = { globals: parse.scopeOf(GLOBAL_OPTIONS), request: undefined, words: [] };
  const root = container(["pm"], reading).version("");
  for (const row of ROWS) attach(root, row, definitions.get(row), reading);
  try {
    root.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return requestOrThrow(error, reading.words);
  }
  return reading.request ?? { kind: "help", words: [] };
}

/** Only a command that stands in argv can be meant, so only those are loaded. */
async function loadMentioned(argv: readonly string[]): Promise<ReadonlyMap<Row, Command>> {
  const mentioned = ROWS.filter((row) => namesOf(row).some((name) => argv.includes(lastWord(name))));
  return new Map(await Promise.all(mentioned.map(async (row) => [row, await row.load()] as const)));
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}

function requestOrThrow(error: CommanderError, words: readonly string[]): parse.Request {
  if (error.code === "commander.version") return { kind: "version" };
  const isHelp = error.code === "commander.helpDisplayed";
  if (isHelp || (error.code === "commander.help" && words.length === 0)) return { kind: "help", words };
  throw usageError(error.code, error.message, words);
}

function newProgram(words: readonly string[], reading: Reading): Program {
  const program = new Program(words.at(-1))
    .helpCommand(false)
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .exitOverride((error) => {
      reading.words = words.slice(1);
      throw error;
    });
  program.helpInformation = () => "";
  return program;
}

/** `pm` itself and the first words of nested commands: options of their own only before the next word. */
function container(words: readonly string[], reading: Reading): Program {
  const program = newProgram(words, reading).enablePositionalOptions();
  addOptions(program, reading.globals, words.slice(1).join(" "));
  return program;
}

function attach(root: Program, row: Row, command: Command | undefined, reading: Reading): void {
  const words = row.name.split(" ");
  const [group, sub] = words;
  let parent = root;
  if (group !== undefined && sub !== undefined) {
    parent = root.commands.find((known) => known.name() === group) ?? container(["pm", group], reading);
    if (!root.commands.includes(parent)) root.addCommand(parent);
  }
  const leaf = newProgram(["pm", ...words], reading);
  for (const alias of namesOf(row).slice(1)) leaf.alias(lastWord(alias));
  if (command !== undefined) define(leaf, row, command, reading);
  parent.addCommand(leaf);
}

function define(leaf: Program, row: Row, command: Command, reading: Reading): void {
  const own = parse.scopeOf(command.options);
  for (const scope of [reading.globals, own]) addOptions(leaf, scope, row.name);
  for (const { name, required, variadic, picks } of command.args) {
    const label = variadic === true ? `${name}...` : name;
    leaf.argument(required === true && picks === undefined ? `<${label}>` : `[${label}]`);
  }
  const parseOptions = leaf.parseOptions.bind(leaf);
  let foreign: number | undefined;
  leaf.parseOptions = (argv) => {
    const spelled = spellOut(argv, [own, reading.globals]);
    ({ foreign } = spelled);
    return parseOptions(spelled.argv);
  };
  leaf.action(() => {
    if (parse.isMisplaced(command.args, leaf.args, foreign)) throw misplaced(row.name);
    const args = parse.bindArgs(command.args, leaf.args, foreign);
    if (args === undefined) throw badChoice(row.name, command, leaf.args);
    const input = parse.toInput(args, own.values);
    reading.request = { kind: "run", row, command, input, globals: reading.globals.values };
  });
}

function addOptions(program: Program, scope: parse.Scope, command: string): void {
  for (const [name, def] of Object.entries(scope.defs)) {
    const option = new Option(`${def.short === undefined ? "" : `-${def.short}, `}--${name}${suffix(def)}`);
    // To commander `--no-input` is the opposite of an option `--input`; here it is a flag of its own.
    option.negate = false;
    option.hideHelp(def.hidden === true);
    program.addOption(option);
    program.on(`option:${name}`, (text: unknown) => {
      const stored =
        def.kind === "flag" || def.kind === "optional"
          ? parse.store(scope, name, typeof text === "string" ? text : def.kind === "flag")
          : parse.storeText(scope, name, String(text));
      if (!stored) throw choiceError(command, `--${name}`, "choices" in def ? def.choices : []);
    });
  }
}

function suffix(def: OptionDef): string {
  if (def.kind === "flag") return "";
  return def.kind === "optional" ? " [value]" : " <value>";
}

/** The one check that commander leaves to this file. */
function badChoice(name: string, { args }: Command, operands: readonly string[]): PmError {
  const wrong = args.find((def, i) =>
    operands.slice(i, def.variadic === true ? undefined : i + 1).some((text) => !parse.allows(def, text)),
  );
  return choiceError(name, wrong?.name.toUpperCase() ?? "the argument", wrong?.choices);
}

interface SpelledOut {
  readonly argv: string[];
  /** How many words stand behind "--"; undefined where there is none. */
  readonly foreign: number | undefined;
}

/**
 * Writes every option that argv may give in short or without its optional value in full, because
 * commander would take the next argument for the value of a bare `--clip`.
 */
function spellOut(argv: readonly string[], scopes: readonly parse.Scope[]): SpelledOut {
  const scratch = scopes.map(({ defs }) => parse.scopeOf(defs));
  const reader: parse.Reader = { argv, operands: [], at: 0 };
  const spelled: string[] = [];
  for (let start = 0; start < argv.length; start = reader.at) {
    const token = argv[start] ?? "";
    if (token === "--") return { argv: [...spelled, ...argv.slice(start)], foreign: argv.length - start - 1 };
    if (!parse.isOption(token, scopes)) reader.at++;
    else if (!parse.readOption(reader, token, scratch))
      return { argv: [...spelled, ...argv.slice(start)], foreign: undefined };
    spelled.push(...spellToken(token, scopes), ...argv.slice(start + 1, reader.at));
  }
  return { argv: spelled, foreign: undefined };
}

function spellToken(token: string, scopes: readonly parse.Scope[]): string[] {
  if (!parse.isOption(token, scopes)) return [token];
  if (token.startsWith("--")) return [isBareOptional(token.slice(2), scopes) ? `${token}=` : token];
  const spelled: string[] = [];
  for (let i = 1; i < token.length; i++) {
    const found = parse.findShort(scopes, token.charAt(i));
    if (found?.def.kind !== "flag" && found?.def.kind !== "optional")
      return [...spelled, `-${token.slice(i)}`];
    const attached = found.def.kind === "optional" && token[i + 1] === "=";
    if (attached) return [...spelled, `--${found.name}=${token.slice(i + 2)}`];
    spelled.push(found.def.kind === "flag" ? `--${found.name}` : `--${found.name}=`);
  }
  return spelled;
}

function isBareOptional(name: string, scopes: readonly { readonly defs: Options }[]): boolean {
  return scopes.some(({ defs }) => Object.hasOwn(defs, name) && defs[name]?.kind === "optional");
}
