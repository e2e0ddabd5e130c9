/** Fields that hold the secret of one-time codes: what commands and references make of them. */
import { PmError } from "../errors.ts";
import type { Entry, Field } from "../vault/model.ts";
import { codeAt, windowAt } from "./code.ts";
import { formatOtp, otpOf } from "./otp-key.ts";

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
