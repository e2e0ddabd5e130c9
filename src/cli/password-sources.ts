/** Which source gives the password and which the key, where flags and variables name several. */
import { PmError } from "../core/errors.ts";
import type { Env, Globals } from "./globals.ts";

interface SourceBase {
  /** The flag or variable, for messages. */
  readonly name: string;
  readonly from: "flag" | "variable";
}

export type PasswordSource = SourceBase &
  (
    | { readonly kind: "stdin" }
    | { readonly kind: "fd"; readonly fd: number }
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "command"; readonly command: string }
    | { readonly kind: "text"; readonly text: string }
  );

/** A file may hold a key file's content or a machine key. */
export type KeySource = SourceBase &
  ({ readonly kind: "file"; readonly path: string } | { readonly kind: "text"; readonly text: string });

/** @throws PmError "usage" where two flags, or two variables and no flag, name a password */
export function choosePassword(globals: Globals, env: Env): PasswordSource | undefined {
  const { passwordFd, passwordFile, passwordCommand } = globals;
  const flags: PasswordSource[] = [];
  if (globals.passwordStdin) flags.push({ ...flag("--password-stdin"), kind: "stdin" });
  if (passwordFd !== undefined) flags.push(descriptor(flag("--password-fd"), String(passwordFd)));
  if (passwordFile !== undefined) {
    flags.push({ ...flag("--password-file"), kind: "file", path: passwordFile });
  }
  if (passwordCommand !== undefined) {
    flags.push({ ...flag("--password-command"), kind: "command", command: passwordCommand });
  }
  const fromFlag = onlyOne(flags);
  return fromFlag ?? onlyOne(passwordVariables(env));
}

function passwordVariables(env: Env): PasswordSource[] {
  return [
    ...variable(env, "PM_PASSWORD_FD", descriptor),
    ...variable(env, "PM_PASSWORD_FILE", (base, path) => ({ ...base, kind: "file", path }) as const),
    ...variable(
      env,
      "PM_PASSWORD_COMMAND",
      (base, command) => ({ ...base, kind: "command", command }) as const,
    ),
    ...variable(env, "PM_PASSWORD", (base, text) => ({ ...base, kind: "text", text }) as const),
  ];
}

/** @throws PmError "usage" where both variables are set and there is no flag */
export function chooseKey(globals: Globals, env: Env): KeySource | undefined {
  if (globals.keyFile !== undefined) return { ...flag("--key-file"), kind: "file", path: globals.keyFile };
  return onlyOne<KeySource>([
    ...variable(env, "PM_KEY_FILE", (base, path) => ({ ...base, kind: "file", path }) as const),
    ...variable(env, "PM_KEY", (base, text) => ({ ...base, kind: "text", text }) as const),
  ]);
}

export interface NewPasswordOptions {
  readonly "new-password-stdin": boolean;
  readonly "new-password-fd": string | undefined;
  readonly "new-password-file": string | undefined;
}

/** @throws PmError "usage" where two flags name the new password */
export function chooseNewPassword(options: NewPasswordOptions): PasswordSource | undefined {
  return otherPassword("--new-password", {
    stdin: options["new-password-stdin"],
    fd: options["new-password-fd"],
    file: options["new-password-file"],
  });
}

/**
 * The source of a password that is not the vault's.
 * @param prefix of the three flags: "--new-password"
 * @throws PmError "usage" where two of them are given
 */
export function otherPassword(
  prefix: string,
  { stdin, fd, file }: { stdin: boolean; fd: string | undefined; file: string | undefined },
): PasswordSource | undefined {
  const flags: PasswordSource[] = [];
  if (stdin) flags.push({ ...flag(`${prefix}-stdin`), kind: "stdin" });
  if (fd !== undefined) flags.push(descriptor(flag(`${prefix}-fd`), fd));
  if (file !== undefined) flags.push({ ...flag(`${prefix}-file`), kind: "file", path: file });
  return onlyOne(flags);
}

function flag(name: string): SourceBase {
  return { name, from: "flag" };
}

/** A variable that is set and empty is a mistake (a CI secret that is missing), not an absent one. */
function variable<S>(env: Env, name: string, build: (base: SourceBase, value: string) => S): S[] {
  const value = env[name];
  if (value === undefined) return [];
  if (value === "") {
    throw new PmError("usage", `${name} is set and empty`, { hint: `give it a value, or: unset ${name}` });
  }
  return [build({ name, from: "variable" }, value)];
}

function descriptor(base: SourceBase, text: string): PasswordSource {
  if (!/^\d{1,6}$/.test(text)) {
    throw new PmError("usage", `${base.name} needs the number of a file descriptor`, {
      hint: "3, with 3< FILE",
    });
  }
  const fd = Number(text);
  if (fd > 2) return { ...base, kind: "fd", fd };
  throw new PmError("usage", `${base.name} can't read descriptor ${fd}, a standard stream`, {
    hint: /^--(new|copy)-/.test(base.name)
      ? base.name.replace(/fd$/, "stdin")
      : "--password-stdin, or descriptor 3 and above",
  });
}

function onlyOne<S extends SourceBase>(sources: readonly S[]): S | undefined {
  const [first, second] = sources;
  if (first === undefined || second === undefined) return first;
  throw new PmError("usage", `${first.name} and ${second.name} both name a source of the same secret`, {
    hint: "give one of them",
  });
}
