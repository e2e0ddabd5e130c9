/** Public keys as SSH sends them (RFC 4253 section 6.6, RFC 5656, RFC 8709), to and from those of node:crypto. */
import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { concat, equalBytes, fromBase64url, toBase64url } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { createWireReader, wireNumber, wireString } from "../../core/ssh/wire.ts";

/** As node:crypto calls them; RSA keys that are for PSS alone are none. */
const KINDS: readonly unknown[] = ["ed25519", "ec", "rsa"];
const CURVES: Readonly<Record<string, string>> = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};
/** What OpenSSH takes. */
const RSA_BITS = { min: 1024, max: 16_384 } as const;

/** The public key of a private or public one. @throws PmError "unavailable" */
export function blobOf(key: KeyObject): Uint8Array {
  if (!KINDS.includes(key.asymmetricKeyType)) throw unserved();
  const { kty, crv = "", n, e, x, y } = numbersOf(key);
  if (kty === "RSA") {
    requireUsualSize(key);
    return concat(wireString("ssh-rsa"), wireNumber(bytesOf(e)), wireNumber(bytesOf(n)));
  }
  if (kty === "OKP") return concat(wireString("ssh-ed25519"), wireString(bytesOf(x)));
  const curve = CURVES[crv];
  if (curve === undefined) throw unserved();
  const point = concat(Uint8Array.of(4), bytesOf(x), bytesOf(y));
  return concat(wireString(`ecdsa-sha2-${curve}`), wireString(curve), wireString(point));
}

/** The curve of a key as JSON Web Keys name it; "" where it has none. */
export function curveOf(key: KeyObject): string {
  return numbersOf(key).crv ?? "";
}

/** The name of a curve in SSH. */
export function sshCurve(curve: string): string {
  return CURVES[curve] ?? "";
}

function numbersOf(key: KeyObject): JsonWebKey {
  try {
    return (key.type === "public" ? key : createPublicKey(key)).export({ format: "jwk" });
  } catch (error) {
    // Node has no names for most curves.
    throw unserved(error);
  }
}

function requireUsualSize({ asymmetricKeyDetails }: KeyObject): void {
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= RSA_BITS.min && bits <= RSA_BITS.max) return;
  throw new PmError("unavailable", `its key has ${bits} bits, which ssh takes from no RSA key`, {
    hint: "ssh-keygen -t ed25519",
  });
}

/**
 * Clients refuse the whole list for one public key that is damaged.
 * @throws PmError "corrupt", or "unavailable" as {@link blobOf}
 */
export function requireWhole(blob: Uint8Array): void {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: parseBlob(blob), format: "jwk" });
  } catch (error) {
    throw damaged(error);
  }
  if (!equalBytes(blobOf(key), blob)) throw damaged();
}

function parseBlob(blob: Uint8Array): JsonWebKey {
  const reader = createWireReader(blob);
  const type = reader.text();
  if (type === "ssh-ed25519") return { kty: "OKP", crv: "Ed25519", x: toBase64url(reader.string()) };
  if (type === "ssh-rsa") {
    const [e, n] = [reader.positive(RSA_BITS.max / 8), reader.positive(RSA_BITS.max / 8)].map(toBase64url);
    return { kty: "RSA", ...(e === undefined || n === undefined ? {} : { e, n }) };
  }
  const curve = reader.text();
  const crv = Object.keys(CURVES).find((name) => CURVES[name] === curve) ?? "";
  const point = reader.string();
  const half = (point.length + 1) / 2;
  return {
    kty: "EC",
    crv,
    x: toBase64url(point.subarray(1, half)),
    y: toBase64url(point.subarray(half)),
  };
}

function bytesOf(base64url: string | undefined): Uint8Array {
  return fromBase64url(base64url ?? "") ?? new Uint8Array(0);
}

function unserved(cause?: unknown): PmError {
  const hint = "ssh-keygen -t ed25519";
  return new PmError("unavailable", "pm serves no keys of its kind", { hint, cause });
}

function damaged(cause?: unknown): PmError {
  return new PmError("corrupt", "its public key is damaged", { cause });
}
