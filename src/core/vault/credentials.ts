/** The printed forms of keys: key file, recovery code, machine token, secret key (docs/format.md section 7). */
import { concat, equalBytes, fromBase64url, fromUtf8, toBase64url, toHex, utf8, wipe } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { hkdfExpand, hkdfExtract, type Label, LABEL, labelledHash } from "../crypto/keys.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";

/** What opens a vault, as a user names it. The caller owns and wipes the bytes. */
export interface Credentials {
  /** UTF-8 as typed. */
  readonly password?: Uint8Array;
  /** The 32-byte secret of a key file. */
  readonly keyFile?: Uint8Array;
  /** The 20-byte secret of a recovery code. */
  readonly recovery?: Uint8Array;
  /** The 32-byte secret of a machine token. */
  readonly token?: Uint8Array;
}

export const KEY_FILE_SECRET_BYTES = 32;
export const RECOVERY_SECRET_BYTES = 20;
const TOKEN_SECRET_BYTES = 32;
const TOKEN_ID_BYTES = 8;
const TOKEN_CHECKSUM_BYTES = 4;
const KEY_FILE_CHECKSUM_DIGITS = 8;

/** The same secrets in memory of their own, which the caller wipes. */
export function copyCredentials(credentials: Credentials): Credentials {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, secret]: [string, Uint8Array]) => [name, secret.slice()]),
  );
}

/** Zeroes every secret of `credentials`. */
export function wipeCredentials(credentials: Credentials): void {
  wipe(credentials.password, credentials.keyFile, credentials.recovery, credentials.token);
}

/** `pm-keyfile-v1 <base64url of 32 bytes> <8 hex digits>` and a newline. */
export function formatKeyFile(crypto: CryptoBackend, secret: Uint8Array): string {
  return `pm-keyfile-v1 ${toBase64url(secret)} ${checksumHex(crypto, "keyFile", secret)}\n`;
}

/**
 * The secret of a key file's content. Any other file is refused: one that changes would lock its owner out.
 * @throws PmError "auth"
 */
export function parseKeyFile(crypto: CryptoBackend, content: Uint8Array): Uint8Array {
  const text = fromUtf8(content) ?? "";
  const match = /^pm-keyfile-v1 ([A-Za-z0-9_-]{43}) ([0-9a-f]{8})\r?\n?$/.exec(text);
  const secret = fromBase64url(match?.[1] ?? "");
  if (match !== null && secret?.length === KEY_FILE_SECRET_BYTES) {
    if (checksumHex(crypto, "keyFile", secret) === match[2]) return secret;
  } else if (!text.startsWith("pm-keyfile-v1")) {
    throw new PmError("auth", "the key file is not one that pm made", {
      hint: "make one: pm key add keyfile FILE",
    });
  }
  throw new PmError("auth", "the key file has changed since pm made it", { hint: "use another copy of it" });
}

function checksumHex(crypto: CryptoBackend, label: Label, secret: Uint8Array): string {
  return toHex(labelledHash(crypto, LABEL[label], secret)).slice(0, KEY_FILE_CHECKSUM_DIGITS);
}

/** `PMR1-` and nine groups of four: 160 bits and a 20-bit checksum in Crockford's base32. */
export function formatRecoveryCode(crypto: CryptoBackend, secret: Uint8Array): string {
  return formatCode("PMR1", toCrockford(secret) + codeChecksum(crypto, "recovery", secret));
}

/** Whether `text` means to be a recovery code, right or wrong. */
export function looksLikeRecoveryCode(text: Uint8Array): boolean {
  const typed = fromUtf8(text.subarray(0, 128)) ?? "";
  return /^\s*pmr1-/i.test(typed) || /^PMR1[0-9A-Z]{36}$/i.test(typed.replaceAll(/[\s-]/g, ""));
}

/**
 * The secret of a recovery code; case, spaces and dashes do not matter, nor O for 0 and I or L for 1.
 * @throws PmError "auth" naming what is wrong with the code, never the code
 */
export function parseRecoveryCode(crypto: CryptoBackend, text: Uint8Array): Uint8Array {
  const digits = codeDigits(fromUtf8(text) ?? "", "PMR1", 36);
  if (digits === undefined) {
    throw new PmError("auth", "the recovery code is incomplete or has a character that codes never have", {
      hint: "it has the form PMR1-XXXX-… with nine groups of four",
    });
  }
  const secret = fromCrockford(digits.slice(0, 32));
  if (codeChecksum(crypto, "recovery", secret) !== digits.slice(32)) {
    throw new PmError("auth", "the recovery code has a typing mistake", {
      hint: "compare it with your copy",
    });
  }
  return secret;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS = /^[0-9A-HJKMNP-TV-Z]*$/;

/** `PREFIX-` and groups of four digits. */
export function formatCode(prefix: string, digits: string): string {
  return [prefix, ...(digits.match(/.{4}/g) ?? [])].join("-");
}

/**
 * The digits behind `prefix` as formatCode was given them: case, spaces and dashes do not matter, nor O
 * for 0 and I or L for 1. Undefined where it is no such code of `length` digits.
 */
export function codeDigits(text: string, prefix: string, length: number): string | undefined {
  const typed = text.toUpperCase().replaceAll(/[\s-]/g, "");
  if (!typed.startsWith(prefix)) return undefined;
  const digits = typed.slice(prefix.length).replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return digits.length === length && DIGITS.test(digits) ? digits : undefined;
}

/** Five bits a digit; `bytes` must have a multiple of five bytes. */
export function toCrockford(bytes: Uint8Array): string {
  let digits = "";
  for (let i = 0; i < bytes.length; i += 5) {
    let value = 0;
    for (const byte of bytes.subarray(i, i + 5)) value = value * 256 + byte;
    let group = "";
    for (let k = 0; k < 8; k++) {
      group = (CROCKFORD[value % 32] as string) + group;
      value = Math.floor(value / 32);
    }
    digits += group;
  }
  return digits;
}

/** The bytes of digits that {@link codeDigits} has passed; a multiple of eight. */
export function fromCrockford(digits: string): Uint8Array {
  const bytes = new Uint8Array((digits.length / 8) * 5);
  for (let i = 0; i < digits.length; i += 8) {
    let value = 0;
    for (const digit of digits.slice(i, i + 8)) value = value * 32 + CROCKFORD.indexOf(digit);
    for (let k = 4; k >= 0; k--) {
      bytes[(i / 8) * 5 + k] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  return bytes;
}

/** The leading 20 bits of SHA-256(label ‖ 0 ‖ payload) as four digits. */
export function codeChecksum(crypto: CryptoBackend, label: Label, payload: Uint8Array): string {
  return toCrockford(labelledHash(crypto, LABEL[label], payload).subarray(0, 5)).slice(0, 4);
}

export interface MachineToken {
  /** 8 random bytes that name the token without revealing anything. */
  readonly id: Uint8Array;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

export function newToken(random: Random): MachineToken {
  return { id: random(TOKEN_ID_BYTES), secret: random(TOKEN_SECRET_BYTES) };
}

/** `pmt1_` and base64url of id ‖ secret ‖ checksum; the fixed prefix is for secret scanners. */
export function formatToken(crypto: CryptoBackend, { id, secret }: MachineToken): string {
  const payload = concat(id, secret);
  return `pmt1_${toBase64url(concat(payload, tokenChecksum(crypto, payload)))}`;
}

/** @throws PmError "auth" naming what is wrong, never the token */
export function parseToken(crypto: CryptoBackend, text: string): MachineToken {
  const match = /^pmt1_([A-Za-z0-9_-]{59})$/.exec(text.trim());
  const bytes = fromBase64url(match?.[1] ?? "");
  const payload = bytes?.subarray(0, TOKEN_ID_BYTES + TOKEN_SECRET_BYTES);
  if (bytes === undefined || payload === undefined) {
    throw new PmError("auth", "the machine key is not one that pm made", { hint: "it begins with pmt1_" });
  }
  if (!equalBytes(tokenChecksum(crypto, payload), bytes.subarray(payload.length))) {
    throw new PmError("auth", "the machine key is incomplete or mistyped", {
      hint: "copy it once more, whole",
    });
  }
  return { id: payload.subarray(0, TOKEN_ID_BYTES), secret: payload.subarray(TOKEN_ID_BYTES) };
}

function tokenChecksum(crypto: CryptoBackend, payload: Uint8Array): Uint8Array {
  return labelledHash(crypto, LABEL.token, payload).subarray(0, TOKEN_CHECKSUM_BYTES);
}

/** The slot secret of a machine token: its "wrap" output, apart from the ones that servers will see. */
export function tokenWrapSecret(crypto: CryptoBackend, secret: Uint8Array): Uint8Array {
  const prk = hkdfExtract(crypto, LABEL.tokenSecret, secret);
  const output = hkdfExpand(crypto, prk, utf8("wrap"), TOKEN_SECRET_BYTES);
  wipe(prk);
  return output;
}

/** What is said of a copy of the vault that its root key does not open. */
export const OTHER_ROOT_KEY = "the copy has another root key than the vault, and needs its own password";
