/** A recovery code in shares: any K of N give it back, fewer tell nothing of it (docs/format.md section 7.4). */
import { concat, equalBytes, wipe } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { Key, LABEL, labelledHash } from "../crypto/keys.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";
import {
  codeChecksum,
  codeDigits,
  formatCode,
  fromCrockford,
  RECOVERY_SECRET_BYTES,
  toCrockford,
} from "./credentials.ts";

export const MIN_THRESHOLD = 2;
export const MAX_SHARES = 16;

const PREFIX = "PMK1";
const SET_ID_BYTES = 4;
/** Set id, K, x. */
const HEAD_BYTES = SET_ID_BYTES + 2;
/** Shamir's scheme gives some secret for any shares: this says whether it is the one that was split. */
const CHECK_BYTES = 4;
const VALUE_BYTES = RECOVERY_SECRET_BYTES + CHECK_BYTES;
const PAYLOAD_BYTES = HEAD_BYTES + VALUE_BYTES;
const PAYLOAD_DIGITS = (PAYLOAD_BYTES / 5) * 8;
const CHECKSUM_DIGITS = 4;

/** Its bytes belong to the caller. */
export interface Share {
  /** 4 random bytes, the same for all shares of one splitting. */
  readonly setId: Uint8Array;
  /** K: how many shares give the code. */
  readonly threshold: number;
  /** The point x of the polynomials, 1 to 255; no two shares of a set have the same. */
  readonly index: number;
  /** Their values at x, 24 bytes. */
  readonly value: Uint8Array;
}

/** Splits the secret of a recovery code. The package draws the coefficients from the platform's generator. */
export async function splitSecret(
  { crypto, random }: { crypto: CryptoBackend; random: Random },
  secret: Uint8Array,
  { threshold, count }: { readonly threshold: number; readonly count: number },
): Promise<readonly Share[]> {
  const { split } = await import("shamir-secret-sharing");
  const setId = random(SET_ID_BYTES);
  using checked = new Key(concat(secret, checkOf(crypto, secret)));
  const parts = await split(checked.bytes, count, threshold);
  // The package puts x behind the values.
  return parts.map((part) => ({
    setId,
    threshold,
    index: part[VALUE_BYTES] ?? 0,
    value: part.subarray(0, VALUE_BYTES),
  }));
}

/** `PMK1-` and thirteen groups of four. */
export function formatShare(crypto: CryptoBackend, share: Share): string {
  const payload = concat(share.setId, Uint8Array.of(share.threshold, share.index), share.value);
  const text = formatCode(PREFIX, toCrockford(payload) + codeChecksum(crypto, "share", payload));
  wipe(payload);
  return text;
}

/**
 * @param name what messages call it, such as "the share in line 2"
 * @throws PmError "auth" naming what is wrong with it, never the share
 */
export function parseShare(crypto: CryptoBackend, text: string, name: string): Share {
  const digits = codeDigits(text, PREFIX, PAYLOAD_DIGITS + CHECKSUM_DIGITS);
  if (digits === undefined) throw noShare(name);
  const payload = fromCrockford(digits.slice(0, PAYLOAD_DIGITS));
  if (codeChecksum(crypto, "share", payload) !== digits.slice(PAYLOAD_DIGITS)) {
    throw new PmError("auth", `${name} has a typing mistake`, { hint: "compare it with the copy" });
  }
  const [threshold = 0, index = 0] = payload.subarray(SET_ID_BYTES, HEAD_BYTES);
  if (threshold < MIN_THRESHOLD || threshold > MAX_SHARES || index === 0) throw noShare(name);
  return {
    setId: payload.subarray(0, SET_ID_BYTES),
    threshold,
    index,
    value: payload.subarray(HEAD_BYTES),
  };
}

function noShare(name: string): PmError {
  return new PmError("auth", `${name} is incomplete or not a share`, {
    hint: "it has the form PMK1-XXXX-… with thirteen groups of four",
  });
}

/**
 * `shares` and one more; the same ones where it is among them already.
 * @throws PmError "auth" where it belongs to another set
 */
export function addShare(shares: readonly Share[], share: Share, name: string): readonly Share[] {
  const [first] = shares;
  if (first === undefined) return [share];
  const sameSet = equalBytes(share.setId, first.setId) && share.threshold === first.threshold;
  const twin = shares.find(({ index }) => index === share.index);
  if (sameSet && twin === undefined) return [...shares, share];
  if (sameSet && twin !== undefined && equalBytes(twin.value, share.value)) return shares;
  throw new PmError("auth", `${name} is of another set than the first share`, {
    hint: "take shares that were printed together",
  });
}

/**
 * The secret of the recovery code, which the caller owns.
 * @param shares of one set, no two the same: what {@link addShare} collects
 * @throws PmError "auth" where there are too few, or where they give no recovery code
 */
export async function combineShares(crypto: CryptoBackend, shares: readonly Share[]): Promise<Uint8Array> {
  const needed = shares[0]?.threshold ?? MIN_THRESHOLD;
  if (shares.length < needed) {
    const given = shares.length === 1 ? "there is 1" : `there are ${shares.length}`;
    throw new PmError("auth", `the code needs ${needed} different shares, and ${given}`, {
      hint: "give one share a line",
    });
  }
  const { combine } = await import("shamir-secret-sharing");
  const parts = shares.map(({ value, index }) => concat(value, Uint8Array.of(index)));
  const checked = await combine(parts).finally(() => wipe(...parts));
  const secret = checked.slice(0, RECOVERY_SECRET_BYTES);
  const isRight = equalBytes(checkOf(crypto, secret), checked.subarray(RECOVERY_SECRET_BYTES));
  wipe(checked);
  if (isRight) return secret;
  wipe(secret);
  throw new PmError("auth", "the shares give no recovery code: one of them is forged or was made wrong", {
    hint: "try other shares of the set",
  });
}

/** The leading bytes of what the checksum of the code itself is made of. */
function checkOf(crypto: CryptoBackend, secret: Uint8Array): Uint8Array {
  return labelledHash(crypto, LABEL.recovery, secret).subarray(0, CHECK_BYTES);
}
