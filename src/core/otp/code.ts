/** The codes themselves: HOTP (RFC 4226), TOTP (RFC 6238), and what Steam makes of it. */
import { hmacSha1 } from "../crypto/sha1.ts";
import type { OtpAlgorithm, OtpKey, TimeKey } from "./otp-key.ts";

/** Neither vowels nor what looks like something else. */
const STEAM_ALPHABET = "23456789BCDFGHJKMNPQRTVWXY";
const STEAM_CHARACTERS = 5;
/** The block of SHA-256: a longer key is hashed first (RFC 2104 section 2). */
const SHA256_BLOCK_BYTES = 64;

/** The code of a counter, which for codes by time is that of {@link windowAt}. */
export async function codeAt(key: OtpKey, counter: number): Promise<string> {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(counter));
  const mac = await hmac(key.algorithm, key.secret, new Uint8Array(message.buffer));
  // RFC 4226 section 5.3: which four bytes are taken is in the last one.
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = new DataView(mac.buffer, mac.byteOffset).getUint32(offset) & 0x7fff_ffff;
  if (key.kind === "steam") return steamCode(number);
  return String(number % 10 ** key.digits).padStart(key.digits, "0");
}

function steamCode(number: number): string {
  let code = "";
  let rest = number;
  for (let n = 0; n < STEAM_CHARACTERS; n++) {
    code += STEAM_ALPHABET[rest % STEAM_ALPHABET.length];
    rest = Math.floor(rest / STEAM_ALPHABET.length);
  }
  return code;
}

async function hmac(algorithm: OtpAlgorithm, key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  switch (algorithm) {
    case "SHA1":
      return hmacSha1(key, message);
    case "SHA256": {
      const { hmacSha256, sha256 } = await import("../crypto/sha256.ts");
      return hmacSha256(key.length > SHA256_BLOCK_BYTES ? sha256(key) : key, message);
    }
    case "SHA512": {
      const { nobleBackend } = await import("../crypto/noble.ts");
      return nobleBackend.hmacSha512(key, message);
    }
  }
}

/** The time during which a code by time is the current one. */
export interface Window {
  /** Periods since 1970 (RFC 6238 section 4.2). */
  readonly counter: number;
  /** Epoch milliseconds. */
  readonly ends: number;
}

export function windowAt({ period }: Pick<TimeKey, "period">, nowMs: number): Window {
  const counter = Math.floor(nowMs / 1000 / period);
  return { counter, ends: (counter + 1) * period * 1000 };
}
