/** New keys beside the password: the secret for a key slot, and its printed form for the person. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { randomInt } from "../core/random.ts";
import type { NewSlot } from "../core/vault/session.ts";
import type { Terminal } from "../node/io.ts";
import type { Context } from "./context.ts";

export const KEY_WORDS = ["machine", "keyfile", "recovery"] as const;
export type KeyWord = (typeof KEY_WORDS)[number];

const MAX_LABEL_BYTES = 128;

export interface NewKey {
  readonly slot: NewSlot & { readonly secret: Uint8Array };
  /** What opens the slot later, as it is printed. */
  readonly text: string;
}

/** Draws a key; the caller wipes `slot.secret`. */
export async function newKey(
  call: Pick<Context, "io" | "crypto">,
  type: KeyWord,
  label: string,
): Promise<NewKey> {
  const keys = await import("../core/vault/credentials.ts");
  const crypto = await call.crypto();
  const { random } = call.io;
  switch (type) {
    case "machine": {
      const token = keys.newToken(random);
      return { slot: { type, secret: token.secret, label }, text: keys.formatToken(crypto, token) };
    }
    case "keyfile": {
      const secret = random(keys.KEY_FILE_SECRET_BYTES);
      return { slot: { type, secret, label }, text: keys.formatKeyFile(crypto, secret) };
    }
    case "recovery": {
      const secret = random(keys.RECOVERY_SECRET_BYTES);
      return { slot: { type, secret, label }, text: keys.formatRecoveryCode(crypto, secret) };
    }
  }
}

/**
 * The label of a key slot as typed, or the word for its type.
 * @throws PmError "usage" or "limit"
 */
export function parseLabel(text: string | undefined, fallback: string): string {
  if (text === undefined) return fallback;
  if (text.trim() === "" || /\p{Cc}/u.test(text) || !text.isWellFormed()) {
    throw new PmError("usage", "the label is empty or has a control character in it");
  }
  const label = text.normalize("NFC");
  if (utf8(label).length > MAX_LABEL_BYTES) {
    throw new PmError("limit", `the label is longer than ${MAX_LABEL_BYTES} bytes`);
  }
  return label;
}

const TRIES_PER_SHOWING = 3;
const MAX_SHOWINGS = 3;

export interface CodeShown {
  readonly code: string;
  readonly text: string;
  /** The command that goes without a code. */
  readonly otherwise: string;
}

/**
 * Shows a recovery code to the person, as `text` with the code in it, and has one group typed back.
 * @throws PmError "usage" where it never was, "interrupted" where the person gives up
 */
export async function confirmRecoveryCode(
  call: Pick<Context, "io">,
  terminal: Terminal,
  { code, text, otherwise }: CodeShown,
): Promise<void> {
  const groups = code.split("-").slice(1);
  const index = randomInt(call.io.random, groups.length);
  for (let showing = 0; showing < MAX_SHOWINGS; showing++) {
    await terminal.print(text);
    for (let tries = 0; tries < TRIES_PER_SHOWING; tries++) {
      const typed = await terminal.readSecret(`Type group ${index + 1} of the ${groups.length} after PMR1: `);
      const isRight = sameGroup(typed, groups[index] ?? "");
      wipe(typed);
      if (isRight) return;
      await terminal.print("that is not the group\n");
    }
  }
  throw new PmError("usage", "the recovery code was not confirmed, so nothing was changed", {
    hint: otherwise,
  });
}

/** Letters that codes never have stand for the digits that they look like. */
function sameGroup(typed: Uint8Array, group: string): boolean {
  const text = new TextDecoder().decode(typed).trim().toUpperCase();
  return text.replaceAll("O", "0").replaceAll(/[IL]/g, "1") === group;
}
