/** A back end proves itself on published vectors before a key depends on it. */
import { toHex, utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { CryptoBackend } from "./backend.ts";

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

const trusted = new WeakSet<CryptoBackend>();

/**
 * Runs the Argon2id vector of RFC 9106 §5.3 and the AES-256-GCM test case 14 of the GCM specification,
 * once for each back end in a process; together they take under a millisecond natively.
 * @throws PmError "error" where the back end gives anything else.
 */
export async function requireTrusted(crypto: CryptoBackend): Promise<void> {
  if (trusted.has(crypto)) return;
  const input = {
    password: filled(32, 1),
    salt: filled(16, 2),
    secret: filled(8, 3),
    data: filled(12, 4),
  };
  const tag = await crypto.argon2id(input, { memoryKiB: 32, passes: 3, lanes: 4 });
  const sealed = crypto.seal(filled(32, 0), filled(12, 0), filled(16, 0));
  const mac = crypto.hmacSha512(utf8("Jefe"), utf8("what do ya want for nothing?"));
  const passes =
    toHex(tag) === "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659" &&
    toHex(sealed) === "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" &&
    toHex(mac).startsWith("164b7a7bfcf819e2e395fbe73b56e0a3");
  if (!passes) {
    throw new PmError("error", `the cryptography of this runtime (${crypto.name}) gives wrong results`, {
      hint: "reinstall Node.js; nothing was read or written",
    });
  }
  trusted.add(crypto);
}
