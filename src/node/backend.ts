/** Which cryptography this process uses: the native one where it proves itself, else the reference. */
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { requireTrusted } from "../core/crypto/self-check.ts";
import { nativeBackend } from "./crypto.ts";

/**
 * The native back end, or noble where OpenSSL was built without Argon2id or gives wrong results; then
 * `warn` is told, because a password costs some ten times as long.
 * @throws PmError "error" where neither passes its self-check
 */
export async function provenBackend(
  warn: (text: string) => void,
  native: CryptoBackend = nativeBackend,
): Promise<CryptoBackend> {
  try {
    await requireTrusted(native);
    return native;
  } catch {
    const { nobleBackend } = await import("../core/crypto/noble.ts");
    await requireTrusted(nobleBackend);
    warn("this Node.js has no usable native Argon2id; passwords take longer");
    return nobleBackend;
  }
}
