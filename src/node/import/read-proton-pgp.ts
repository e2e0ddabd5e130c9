/** The export of Proton Pass that its user encrypted with a password, opened by gpg. */
import { readProtonPgp } from "../../core/import/proton.ts";
import { MAX_IMPORT_BYTES, type Reader } from "../../core/import/reader.ts";
import { gpgDecrypt } from "./gpg.ts";

/** @throws PmError "unavailable" without gpg, "auth" where the password is wrong, "usage", "limit" */
export const readEncryptedProton: Reader = async (file, { env, signal, password }) => {
  const call = {
    env,
    signal,
    what: file.name,
    limit: MAX_IMPORT_BYTES,
    passphrase: password ?? new Uint8Array(),
  };
  return await readProtonPgp(file, async (message) => await gpgDecrypt(message, call));
};
