/** KeePass databases, KDBX 3.1 and 4, of any program that writes them. */
import { kdbxCrypto } from "../kdbx/crypto.ts";
import { openKdbx } from "../kdbx/open.ts";
import { toImported } from "./keepass-entries.ts";
import type { Reader } from "./reader.ts";

export const readKdbx: Reader = async ({ bytes }, { crypto, subtle, password, keyFile }) => {
  // An empty password beside a key file means none, which is not the same key.
  const isMeant = password !== undefined && (password.length > 0 || keyFile === undefined);
  const credentials = {
    ...(isMeant ? { password } : {}),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
  return toImported(await openKdbx(await kdbxCrypto(crypto, subtle), bytes, credentials));
};
