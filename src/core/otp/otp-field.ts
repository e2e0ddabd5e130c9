/** Fields that hold the secret of one-time codes: what commands and references make of them. */
import { PmError } from "../errors.ts";
import type { Entry, Field } from "../vault/model.ts";
import { codeAt, windowAt } from "./code.ts";
import { formatOtp, type OtpKey, parseOtp } from "./otp-key.ts";

/** @throws PmError "usage" that names the field where its value is no such secret */
export function otpOf(entry: Pick<Entry, "path"> | undefined, { name, text, encoding }: Field): OtpKey {
  const subject = entry === undefined ? `field "${name}"` : `field "${name}" of "${entry.path}"`;
  if (encoding !== "utf8") throw new PmError("usage", `${subject} is no text`);
  return parseOtpOf(subject, text);
}

/** {@link parseOtp}, whose messages begin with what it is of. */
export function parseOtpOf(subject: string, text: string): OtpKey {
  try {
    return parseOtp(text);
  } catch (error) {
    if (!(error instanceof PmError) || error.hint === undefined) throw error;
    throw new PmError(error.code, `${subject} ${error.message}`, { hint: error.hint });
  }
}

/** A URI as it stands, byte for byte; for a secret alone the one that says the same. */
export function otpUri(entry: Pick<Entry, "path">, field: Field): string {
  const key = otpOf(entry, field);
  return field.text.includes("://") ? field.text : formatOtp({ ...key, account: entry.path });
}

/** @throws PmError "usage" for codes that are counted: each has to be saved before it is given out */
export async function currentCode(entry: Pick<Entry, "path">, field: Field, nowMs: number): Promise<string> {
  const key = otpOf(entry, field);
  if (key.kind !== "hotp") return await codeAt(key, windowAt(key, nowMs).counter);
  throw new PmError("usage", `"${entry.path}" counts its codes, and no reference can count`, {
    hint: `pm otp "${entry.path}"`,
  });
}
