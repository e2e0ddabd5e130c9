/** The shape of a command: data that help, man page, completions and parser share, and `run`. */
import type { ErrorCode } from "../core/errors.ts";
import type { Context } from "./context.ts";

/** What a shell completes for an argument or a value. Entry names come from a running agent only. */
export type Completion = "entry" | "field" | "attachment" | "file" | "directory" | "command" | "none";

export interface ArgDef {
  readonly name: string;
  readonly summary: string;
  readonly required?: boolean;
  /** Takes all the remaining arguments; only the last one may. */
  readonly variadic?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completion;
  /** The words of another program, as they are: all that stands behind --, which must be there. */
  readonly foreign?: boolean;
}

interface OptionBase {
  /** One letter, without the dash. */
  readonly short?: string;
  /** One line, at most 70 characters, no final period. */
  readonly summary: string;
  /** Not shown in help, man page and completions. */
  readonly hidden?: boolean;
}

export type OptionDef =
  | (OptionBase & { readonly kind: "flag" })
  /** `--name VALUE` or `--name=VALUE`. A "list" may stand several times. */
  | (OptionBase & {
      readonly kind: "value" | "list";
      readonly hint: string;
      readonly choices?: readonly string[];
      readonly completes?: Completion;
    })
  /** `--name` or `--name=VALUE`; the next argument is never taken. */
  | (OptionBase & { readonly kind: "optional"; readonly hint: string });

/** Long names without the dashes; kebab-case. */
export type Options = Readonly<Record<string, OptionDef>>;

type ArgValue<D extends ArgDef> = D extends { variadic: true }
  ? readonly string[]
  : D extends { required: true }
    ? string
    : string | undefined;

type OptionValue<D extends OptionDef> = D extends { kind: "flag" }
  ? boolean
  : D extends { kind: "list" }
    ? readonly string[]
    : string | undefined;

export interface Input<A extends readonly ArgDef[], O extends Options> {
  readonly args: { readonly [D in A[number] as D["name"]]: ArgValue<D> };
  /** A flag is a boolean, a list an array, the rest a text or undefined ("" for a bare "optional"). */
  readonly options: { readonly [N in keyof O]: OptionValue<O[N]> };
}

export interface Example {
  /** What is typed, without the prompt sign. */
  readonly command: string;
  readonly note: string;
}

export interface CommandDef<A extends readonly ArgDef[], O extends Options> {
  readonly args: A;
  readonly options: O;
  /** Paragraphs for --help and the man page: what it does, rules, edge cases. */
  readonly details: readonly string[];
  readonly examples: readonly Example[];
  /** Failures beyond usage, auth, locked, corrupt and io, which every vault command has. */
  readonly exits?: readonly ErrorCode[];
  /**
   * "reads" never writes and never touches stdin (but for credential helpers, whose action says what they
   * do); "writes" is refused under --read-only; "none" opens no vault.
   */
  readonly vault: "none" | "reads" | "writes";
  /** The flag with which a command that "writes" only reads: it may be given under --read-only. */
  readonly readsWith?: keyof O & string;
  /** Gives an exit status only where it is that of another program. */
  run(ctx: Context, input: Input<A, O>): Promise<void> | Promise<number>;
}

/** A command as the parser and the generators see it. */
export type Command = CommandDef<readonly ArgDef[], Options>;

/** What a parser reads for one argument or option, before a definition gives it a narrower type. */
export type Value = string | boolean | readonly string[] | undefined;
export type Values = Readonly<Record<string, Value>>;

export function defineCommand<const A extends readonly ArgDef[], const O extends Options>(
  def: CommandDef<A, O>,
): Command {
  return def;
}
