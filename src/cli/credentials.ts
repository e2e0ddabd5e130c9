/** What opens the vault of this call: read from the sources that flags and variables name, or asked for. */
import { fromUtf8, utf8, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import type { Context } from "./context.ts";
import { chooseKey, choosePassword, type KeySource, type PasswordSource } from "./password-sources.ts";
import { MAX_PASSWORD_BYTES, withoutNewline } from "./stdin.ts";
import { requireTerminal } from "./terminal.ts";

export type CredentialCall = Pick<Context, "io" | "out" | "globals" | "stdin" | "crypto">;

const MAX_TRIES = 3;

/** A child that could read these could open the vault; the command one would run itself for ever. */
const PRIVATE_VARIABLES = ["PM_PASSWORD", "PM_PASSWORD_FD", "PM_PASSWORD_COMMAND", "PM_KEY"];

/** The environment for child processes: without the secrets that were meant for pm. */
export function childEnv(env: CredentialCall["io"]["env"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PRIVATE_VARIABLES.includes(name)));
}

/**
 * Calls `open` with the credentials of the call and wipes them. Where none is named the password is
 * asked for, up to three times; a named one is judged once.
 * @throws PmError "locked" where it would have to be asked for and can't
 */
export async function withCredentials<T>(
  call: CredentialCall,
  open: Open<T>,
  { asksBesideKeyFile = false }: { readonly asksBesideKeyFile?: boolean } = {},
): Promise<T> {
  const named = await namedCredentials(call);
  if (named === undefined) return await askUntilRight(call, open, LOCKED);
  return await openWithNamed(call, open, { ...LOCKED, named, asksBesideKeyFile });
}

export type Open<T> = (credentials: Credentials) => Promise<T>;

/** How a person is asked for a password, and what is said where that can't be. */
export interface Question {
  readonly label: string;
  readonly what: string;
  readonly hint: string;
}

const LOCKED: Question = {
  label: "Master password: ",
  what: "the vault is locked",
  hint: "give the password by --password-fd N or --password-stdin, or a machine key in PM_KEY",
};

/** With credentials that were named: judged once, but for a key file that may want a password beside it. */
export async function openWithNamed<T>(
  call: CredentialCall,
  open: Open<T>,
  { named, asksBesideKeyFile, ...question }: Question & { named: Credentials; asksBesideKeyFile: boolean },
): Promise<T> {
  const { keyFile, ...others } = named;
  if (!asksBesideKeyFile || keyFile === undefined || Object.keys(others).length > 0)
    return await used(named, open);
  try {
    try {
      return await used({ keyFile: keyFile.slice() }, open);
    } catch (error) {
      if (!hasCode(error, "auth")) throw error;
    }
    const what = "the key file opens nothing without its password";
    const withKeyFile: Open<T> = (credentials) => used({ ...credentials, keyFile: keyFile.slice() }, open);
    return await askUntilRight(call, withKeyFile, { ...question, what });
  } finally {
    wipe(keyFile);
  }
}

/** Asks for a password up to three times. */
export async function askUntilRight<T>(
  call: CredentialCall,
  open: Open<T>,
  { label, what, hint }: Question,
): Promise<T> {
  using terminal = requireTerminal(call, what, hint);
  for (let tries = 1; ; tries++) {
    const typed = await terminal.readSecret(label);
    try {
      return await used(await fromPassword(call, typed), open);
    } catch (error) {
      const again = hasCode(error, "auth") || hasCode(error, "usage");
      if (!again || tries === MAX_TRIES) throw error;
      await terminal.print(`${error.message}; try again\n`);
    } finally {
      wipe(typed);
    }
  }
}

async function used<T>(credentials: Credentials, open: Open<T>): Promise<T> {
  try {
    return await open(credentials);
  } finally {
    wipe(credentials.password, credentials.keyFile, credentials.recovery, credentials.token);
  }
}

/** The credentials that flags and variables name, owned by the caller; undefined where they name none. */
async function namedCredentials(call: CredentialCall): Promise<Credentials | undefined> {
  const password = choosePassword(call.globals, call.io.env);
  return await readCredentials(call, password, chooseKey(call.globals, call.io.env));
}

/** What these sources give, owned by the caller; undefined where there is none. */
export async function readCredentials(
  call: CredentialCall,
  password: PasswordSource | undefined,
  keySource: KeySource | undefined,
): Promise<Credentials | undefined> {
  const key = keySource === undefined ? undefined : await readKey(call, keySource);
  if (password === undefined) return key;
  if (key?.token !== undefined) {
    // A machine key opens the vault by itself, so one of the two was meant: the flag.
    if (password.from === "variable") return key;
    wipe(key.token);
    if (keySource?.from === "flag") {
      throw new PmError("usage", `a machine key and ${password.name} can't be used together`, {
        hint: "give one of them",
      });
    }
    return await fromPassword(call, await readPassword(call, password));
  }
  return { ...key, ...(await fromPassword(call, await readPassword(call, password))) };
}

/** Takes a recovery code wherever a password is asked for; `typed` stays the caller's unless it is the password. */
async function fromPassword(call: CredentialCall, typed: Uint8Array): Promise<Credentials> {
  if (typed.length === 0) throw emptyPassword("the password");
  const { looksLikeRecoveryCode, parseRecoveryCode } = await import("../core/vault/credentials.ts");
  if (!looksLikeRecoveryCode(typed)) return { password: typed };
  const recovery = parseRecoveryCode(await call.crypto(), typed);
  wipe(typed);
  return { recovery };
}

function emptyPassword(what: string): PmError {
  return new PmError("usage", `${what} is empty`);
}

/**
 * The password that a source gives, one trailing newline removed; never empty, never of two lines.
 * The caller owns it.
 */
export async function readPassword(call: CredentialCall, source: PasswordSource): Promise<Uint8Array> {
  const bytes = await readSource(call, source);
  const password = withoutNewline(bytes).slice();
  wipe(bytes);
  if (password.length === 0) throw emptyPassword(`the password from ${source.name}`);
  if (password.includes(0x0a)) {
    wipe(password);
    throw new PmError("usage", `the password from ${source.name} has more than one line`, {
      hint: "the password must stand there alone",
    });
  }
  return password;
}

async function readSource(call: CredentialCall, source: PasswordSource): Promise<Uint8Array> {
  switch (source.kind) {
    case "stdin":
      return source.name === "--password-stdin"
        ? await call.stdin.password()
        : await call.stdin.newPassword(source.name);
    case "fd": {
      const { readFdLine } = await import("../node/secret-input.ts");
      return await readFdLine(source.fd, MAX_PASSWORD_BYTES);
    }
    case "file":
      return await readFile(call, source);
    case "command":
      return await runCommand(call, source);
    case "text":
      if (call.io.stderr.isTTY) {
        await call.out.warn(`${source.name} can be read by other programs; --password-fd can't`);
      }
      return utf8(source.text);
  }
}

async function readFile(
  call: CredentialCall,
  source: { readonly name: string; readonly path: string },
): Promise<Uint8Array> {
  const { readSecretFile } = await import("../node/secret-input.ts");
  const { bytes, exposed } = await readSecretFile(source.path, {
    cwd: call.io.cwd,
    limit: MAX_PASSWORD_BYTES,
  });
  if (exposed) await call.out.warn(`others can read ${source.path}; run: chmod 600 ${source.path}`);
  return bytes;
}

async function runCommand(
  call: CredentialCall,
  source: { readonly name: string; readonly command: string },
): Promise<Uint8Array> {
  const [{ runForSecret }, { splitCommand }] = await Promise.all([
    import("../node/secret-input.ts"),
    import("./split-command.ts"),
  ]);
  return await runForSecret(splitCommand(source.command, call.io.env, source.name), {
    env: childEnv(call.io.env),
    cwd: call.io.cwd,
    signal: call.io.signal,
    limit: MAX_PASSWORD_BYTES,
    name: `the command of ${source.name}`,
    // A person may have to see "touch your key"; a script's stderr is pm's own.
    showErrors: call.io.stderr.isTTY && !call.globals.json,
  });
}

/** The secret of the key file of this call, read once more; the caller wipes it. Undefined where it names none. */
export async function callKeyFile(call: CredentialCall): Promise<Uint8Array | undefined> {
  const source = chooseKey(call.globals, call.io.env);
  return source?.kind === "file" ? (await readKey(call, source)).keyFile : undefined;
}

/** The secret of the key file at `path`; the caller wipes it. @throws PmError "auth" where it is none */
export async function readKeyFile(call: CredentialCall, path: string): Promise<Uint8Array> {
  const bytes = await readFile(call, { name: "the key file", path });
  try {
    const { parseKeyFile } = await import("../core/vault/credentials.ts");
    return parseKeyFile(await call.crypto(), bytes);
  } finally {
    wipe(bytes);
  }
}

async function readKey(call: CredentialCall, source: KeySource): Promise<Credentials> {
  const bytes = source.kind === "file" ? await readFile(call, source) : utf8(source.text);
  try {
    return await parseKey(await call.crypto(), source, bytes);
  } finally {
    wipe(bytes);
  }
}

async function parseKey(crypto: CryptoBackend, source: KeySource, bytes: Uint8Array): Promise<Credentials> {
  const { parseKeyFile, parseToken } = await import("../core/vault/credentials.ts");
  const text = fromUtf8(withoutNewline(bytes)) ?? "";
  if (source.kind === "file" && !text.startsWith("pmt1_")) return { keyFile: parseKeyFile(crypto, bytes) };
  return { token: parseToken(crypto, text).secret };
}
