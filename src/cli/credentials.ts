/** What opens the vault of this call: read from the sources that flags and variables name, or asked for. */
import { fromUtf8, utf8, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { PmError } from "../core/errors.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import {
  askUntilRight,
  type CredentialCall,
  emptyPassword,
  fromPassword,
  type Open,
  openWithNamed,
  type Question,
} from "./ask-password.ts";
import { isAgentOff } from "./open-session.ts";
import { chooseKey, choosePassword, type KeySource, type PasswordSource } from "./password-sources.ts";
import { MAX_PASSWORD_BYTES, withoutNewline } from "./stdin.ts";

const SOURCES = "give the password by --password-fd N or --password-stdin, or a machine key in PM_KEY";

function locked(call: CredentialCall, isOwn: boolean): Question {
  const hint = isAgentOff(call) || isOwn ? SOURCES : `pm unlock in a terminal; or ${SOURCES}`;
  const what = isOwn ? "this takes the vault's password or key itself" : "the vault is locked";
  return { label: "Master password: ", what, hint };
}

export interface WithCredentials {
  readonly asksBesideKeyFile?: boolean;
  /** The command takes them itself, also where the agent holds the key: unlocking would not help it. */
  readonly isOwn?: boolean;
  readonly question?: Question;
}

/**
 * Calls `open` with the credentials of the call and wipes them. Where none is named the password is
 * asked for, up to three times; a named one is judged once.
 * @throws PmError "locked" where it would have to be asked for and can't
 */
export async function withCredentials<T>(
  call: CredentialCall,
  open: Open<T>,
  { asksBesideKeyFile = false, isOwn = false, question = locked(call, isOwn) }: WithCredentials = {},
): Promise<T> {
  const named = await namedCredentials(call);
  if (named === undefined) return await askUntilRight(call, open, question);
  return await openWithNamed(call, open, { ...question, named, asksBesideKeyFile });
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
  try {
    return { ...key, ...(await fromPassword(call, await readPassword(call, password))) };
  } catch (error) {
    wipe(key?.keyFile);
    throw error;
  }
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
  const [{ runForSecret }, { splitCommand }, { childEnv }] = await Promise.all([
    import("../node/secret-input.ts"),
    import("./split-command.ts"),
    import("./child-env.ts"),
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
