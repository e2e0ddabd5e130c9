/** Passwords and recovery codes that a person types, and how often. */
import { wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import type { Context } from "./context.ts";
import { requireTerminal } from "./terminal.ts";

export type CredentialCall = Pick<Context, "io" | "out" | "globals" | "stdin" | "crypto">;

const MAX_TRIES = 3;

export type Open<T> = (credentials: Credentials) => Promise<T>;

/** How a person is asked for a password, and what is said where that can't be. */
export interface Question {
  readonly label: string;
  readonly what: string;
  readonly hint: string;
}

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
export async function askUntilRight<T>(call: CredentialCall, open: Open<T>, question: Question): Promise<T> {
  return await askRepeatedly(
    call,
    question,
    async (typed) => await used(await fromPassword(call, typed), open),
  );
}

/** Asks up to three times, until `judge` takes what was typed; it is wiped then. */
export async function askRepeatedly<T>(
  call: Pick<CredentialCall, "io" | "globals">,
  { label, what, hint }: Question,
  judge: (typed: Uint8Array) => Promise<T>,
): Promise<T> {
  using terminal = requireTerminal(call, what, hint);
  for (let tries = 1; ; tries++) {
    const typed = await terminal.readSecret(label);
    try {
      return await judge(typed);
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

/** Takes a recovery code wherever a password is asked for; `typed` stays the caller's unless it is the password. */
export async function fromPassword(call: CredentialCall, typed: Uint8Array): Promise<Credentials> {
  if (typed.length === 0) throw emptyPassword("the password");
  const { looksLikeRecoveryCode, parseRecoveryCode } = await import("../core/vault/credentials.ts");
  if (!looksLikeRecoveryCode(typed)) return { password: typed };
  try {
    return { recovery: parseRecoveryCode(await call.crypto(), typed) };
  } finally {
    wipe(typed);
  }
}

export function emptyPassword(what: string): PmError {
  return new PmError("usage", `${what} is empty`);
}
