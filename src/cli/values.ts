/** Opaque values between bytes, fields and arguments. */
import { fromBase64, fromUtf8, toBase64, utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type Field, type FieldValue, MAX_FIELDS, MAX_VALUE_BYTES } from "../core/vault/model.ts";

/** Room for a value and the newline that ends it. */
export const MAX_INPUT_BYTES: number = MAX_VALUE_BYTES + 2;

/** What `-n` of a list takes. */
export const MAX_LISTED = { min: 1, max: 9999 } as const;

/**
 * The field that holds exactly `bytes`: as text where they are UTF-8, else as base64.
 * @throws PmError "usage" where there is nothing, "limit" where there is too much.
 */
export function fieldOf(name: string, bytes: Uint8Array, concealed: boolean): Field {
  if (bytes.length === 0) {
    throw new PmError("usage", `the value of "${name}" is empty`, { hint: "pm unset clears a field" });
  }
  if (bytes.length > MAX_VALUE_BYTES) {
    throw new PmError(
      "limit",
      `the value of "${name}" is ${bytes.length} bytes long, more than the limit of ${MAX_VALUE_BYTES}`,
    );
  }
  const text = fromUtf8(bytes);
  if (text !== undefined) return { name, text, encoding: "utf8", concealed };
  return { name, text: toBase64(bytes), encoding: "base64", concealed };
}

/** The exact bytes of a value; the caller owns and wipes them. @throws PmError "use-only" where it was withheld */
export function bytesOf(value: FieldValue): Uint8Array {
  if (value.withheld === true) {
    throw new PmError("use-only", "the value belongs to a use-only entry", {
      hint: "give the master password: --password-file FILE, or type it at a terminal",
    });
  }
  if (value.encoding === "utf8") return utf8(value.text);
  const bytes = fromBase64(value.text);
  if (bytes === undefined) throw new PmError("corrupt", "a value in the vault is not valid base64");
  return bytes;
}

/** @throws PmError "limit" for a 65th field. */
export function checkFieldCount(count: number): void {
  if (count > MAX_FIELDS) {
    throw new PmError("limit", `${count} fields, more than the limit of ${MAX_FIELDS}`);
  }
}

/**
 * A whole number in argv or the environment.
 * @throws PmError "usage" outside of `min` to `max`.
 */
export function parseCount(text: string, what: string, range: { min: number; max: number }): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw new PmError("usage", `${what} expects a number from ${range.min} to ${range.max}, got "${text}"`);
  }
  return value;
}
