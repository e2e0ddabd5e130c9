/** A new master password: from the source that was named, or typed twice with its strength shown. */
import { equalBytes, fromUtf8, wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { Terminal } from "../node/io.ts";
import type { CredentialCall } from "./ask-password.ts";
import { readPassword } from "./credentials.ts";
import type { PasswordSource } from "./password-sources.ts";
import { requireTerminal } from "./terminal.ts";

/** The options of a command that takes a new password beside the one that opens the vault. */
export const NEW_PASSWORD_OPTIONS = {
  "new-password-stdin": { kind: "flag", summary: "Read the new password from the next line of stdin" },
  "new-password-fd": { kind: "value", hint: "N", summary: "Read the new password from a file descriptor" },
  "new-password-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Read the new password from a file",
  },
} as const;

const MAX_TRIES = 3;

export interface NewPassword {
  /** Owned by the caller. */
  readonly bytes: Uint8Array;
  /** Whether a person typed it just now, and so can answer more questions. */
  readonly typed: boolean;
}

/** What a new password is for, as people are asked for it. */
interface Subject {
  /** "New master password". */
  readonly label: string;
  /** "a new master password". */
  readonly what: string;
}

const MASTER: Subject = { label: "New master password", what: "a new master password" };
export const OF_EXPORT: Subject = { label: "Password of the export", what: "a password for the export" };

/**
 * @param source where it comes from; undefined asks at the terminal
 * @param hint what to type where nobody can be asked
 * @throws PmError "usage" where it may not protect a vault, "locked" where it can't be asked for
 */
export async function newPassword(
  call: CredentialCall,
  source: PasswordSource | undefined,
  hint: string,
  subject: Subject = MASTER,
): Promise<NewPassword> {
  if (source === undefined) return { bytes: await askNewPassword(call, hint, subject), typed: true };
  const bytes = await readPassword(call, source);
  try {
    await requireStrong(bytes);
  } catch (error) {
    wipe(bytes);
    throw error;
  }
  return { bytes, typed: false };
}

async function requireStrong(password: Uint8Array): Promise<void> {
  const [{ masterPasswordProblem }, { looksLikeRecoveryCode }] = await Promise.all([
    import("../core/generate/strength.ts"),
    import("../core/vault/credentials.ts"),
  ]);
  const problem = await masterPasswordProblem(password);
  if (problem !== undefined) {
    throw new PmError("usage", problem, { hint: "take four words or more, such as pm gen --words 5 prints" });
  }
  if (!looksLikeRecoveryCode(password)) return;
  throw new PmError("usage", "a password can't look like a recovery code: it would be read as one", {
    hint: "begin it differently",
  });
}

async function askNewPassword(
  call: CredentialCall,
  hint: string,
  { label, what }: Subject,
): Promise<Uint8Array> {
  using terminal = requireTerminal(call, `${what} is needed`, hint);
  for (let tries = 1; ; tries++) {
    try {
      return await askOnce(terminal, label);
    } catch (error) {
      if (!hasCode(error, "usage") || tries === MAX_TRIES) throw error;
      await terminal.print(`${error.message}${error.hint === undefined ? "" : `; ${error.hint}`}\n`);
    }
  }
}

async function askOnce(terminal: Terminal, label: string): Promise<Uint8Array> {
  const first = await terminal.readSecret(`${label}: `);
  try {
    await requireStrong(first);
    await terminal.print(`Strength: ${await strengthWord(first)}\n`);
    const second = await terminal.readSecret("The same again: ");
    const isSame = equalBytes(first, second);
    wipe(second);
    if (isSame) return first.slice();
    throw new PmError("usage", "the two passwords differ", { hint: "type the same twice" });
  } finally {
    wipe(first);
  }
}

async function strengthWord(password: Uint8Array): Promise<string> {
  const { SCORE_WORDS, strength } = await import("../core/generate/strength.ts");
  return SCORE_WORDS[(await strength(fromUtf8(password) ?? "")).score];
}
