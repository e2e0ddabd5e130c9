/** The options that every command takes, before or after its name. */
import { PmError } from "../core/errors.ts";
import type { Options, Values } from "./command.ts";

export const GLOBAL_OPTIONS: Options = {
  vault: {
    kind: "value",
    hint: "VAULT",
    completes: "file",
    summary: "Vault to work on: its file, or its name (PM_VAULT)",
  },
  "password-stdin": { kind: "flag", summary: "Read the master password from the first line of stdin" },
  "password-fd": {
    kind: "value",
    hint: "N",
    summary: "Read the master password from a file descriptor (PM_PASSWORD_FD)",
  },
  "password-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Read the master password from a file (PM_PASSWORD_FILE)",
  },
  "password-command": {
    kind: "value",
    hint: "COMMAND",
    summary: "Take the master password from a program (PM_PASSWORD_COMMAND)",
  },
  "key-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Open with a key file or a machine key (PM_KEY_FILE, PM_KEY)",
  },
  "no-agent": { kind: "flag", summary: "Open the vault in this process" },
  "no-input": { kind: "flag", summary: "Never prompt; fail with exit 4 instead (PM_NO_INPUT=1)" },
  yes: { kind: "flag", short: "y", summary: "Answer yes to questions" },
  "read-only": { kind: "flag", summary: "Refuse to write, with exit 13 (PM_READ_ONLY=1)" },
  json: { kind: "flag", summary: "Print JSON, errors included" },
  quiet: { kind: "flag", short: "q", summary: "No notices and warnings on stderr" },
  verbose: { kind: "flag", short: "v", summary: "Notices on stderr also where it is no terminal" },
  color: {
    kind: "value",
    hint: "MODE",
    choices: ["auto", "always", "never"],
    summary: "Use colours: auto, always or never (NO_COLOR)",
  },
  timeout: { kind: "value", hint: "SECONDS", summary: "Wait this long for the vault's lock (10)" },
  "break-lock": { kind: "flag", summary: "Take over a lock that another machine left behind" },
  "insecure-argv": { kind: "flag", hidden: true, summary: "Accept secrets as arguments (for tests)" },
};

export type ColorMode = "auto" | "always" | "never";

export interface Globals {
  readonly vault?: string;
  readonly passwordStdin: boolean;
  readonly passwordFd?: number;
  readonly passwordFile?: string;
  readonly passwordCommand?: string;
  readonly keyFile?: string;
  readonly noAgent: boolean;
  readonly noInput: boolean;
  readonly yes: boolean;
  readonly readOnly: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** What the call or NO_COLOR asks for; undefined leaves it to the settings. */
  readonly color?: ColorMode;
  /** Undefined leaves it to the settings. */
  readonly timeoutMs?: number;
  readonly breakLock: boolean;
  readonly insecureArgv: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Each of them names what opens the vault for one call. */
export const CREDENTIAL_VARIABLES: readonly string[] = [
  "PM_PASSWORD",
  "PM_PASSWORD_FD",
  "PM_PASSWORD_FILE",
  "PM_PASSWORD_COMMAND",
  "PM_KEY",
  "PM_KEY_FILE",
];

const MAX_TIMEOUT_S = 86_400;

/**
 * The options of a call joined with the environment. The password sources are not: which of them is
 * meant where several are set is decided where the password is read.
 */
export function toGlobals(values: Values, env: Env): Globals {
  const color = colorMode(values["color"], env);
  const wait = timeoutMs(values["timeout"]);
  return {
    ...texts(values),
    ...(color === undefined ? {} : { color }),
    ...(wait === undefined ? {} : { timeoutMs: wait }),
    passwordStdin: values["password-stdin"] === true,
    noAgent: values["no-agent"] === true,
    noInput: values["no-input"] === true || isOn(env["PM_NO_INPUT"]) || isKeylessCi(values, env),
    yes: values["yes"] === true,
    readOnly: values["read-only"] === true || isOn(env["PM_READ_ONLY"]),
    json: values["json"] === true,
    quiet: values["quiet"] === true,
    verbose: values["verbose"] === true,
    breakLock: values["break-lock"] === true,
    insecureArgv: values["insecure-argv"] === true,
  };
}

type Texts = Pick<Globals, "vault" | "passwordFile" | "passwordCommand" | "keyFile" | "passwordFd">;

function texts(values: Values): Texts {
  const vault = text(values, "vault");
  const passwordFile = text(values, "password-file");
  const passwordCommand = text(values, "password-command");
  const keyFile = text(values, "key-file");
  const passwordFd = text(values, "password-fd");
  return {
    ...(vault === undefined ? {} : { vault }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(passwordCommand === undefined ? {} : { passwordCommand }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(passwordFd === undefined ? {} : { passwordFd: descriptor(passwordFd) }),
  };
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  if (typeof value !== "string") return undefined;
  if (value === "") throw new PmError("usage", `--${name} is empty`, { hint: `leave --${name} out` });
  return value;
}

function descriptor(value: string): number {
  if (!/^\d{1,6}$/.test(value)) {
    throw new PmError("usage", "--password-fd needs a file descriptor number", {
      hint: "pm get NAME --password-fd 3 3<password.txt",
    });
  }
  return Number(value);
}

function timeoutMs(value: Values[string]): number | undefined {
  if (value === undefined) return undefined;
  const seconds = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(seconds <= MAX_TIMEOUT_S)) {
    throw new PmError("usage", `--timeout needs a number of seconds from 0 to ${MAX_TIMEOUT_S}`, {
      hint: "--timeout 30",
    });
  }
  return Math.round(seconds * 1000);
}

function colorMode(value: Values[string], env: Env): ColorMode | undefined {
  if (value === "auto" || value === "always" || value === "never") return value;
  // https://no-color.org: present and not empty, whatever its value.
  return env["NO_COLOR"] ? "never" : undefined;
}

/** A build machine without a key can only hang at a prompt. */
function isKeylessCi(values: Values, env: Env): boolean {
  const hasKey = values["key-file"] !== undefined || Boolean(env["PM_KEY"] || env["PM_KEY_FILE"]);
  return isOn(env["CI"]) && !hasKey;
}

/** Off only where unset, empty, 0 or false: a wrong guess then refuses something, and loses nothing. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.toLowerCase());
}
