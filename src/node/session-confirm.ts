/** The master password, proven again to a vault that is open: against the key slots that it has now. */
import { equalBytes, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { PmError } from "../core/errors.ts";
import { looksLikeRecoveryCode, parseRecoveryCode } from "../core/vault/credentials.ts";
import { readHeader } from "../core/vault/format.ts";
import { type Header, KIND, SLOT_TYPE } from "../core/vault/header.ts";
import { type SlotSecrets, unwrapRootKey } from "../core/vault/slot.ts";
import { openVaultFile } from "./file-checks.ts";
import type { OpenStore } from "./open-store.ts";

/**
 * @param password or a recovery code; the caller's to wipe
 * @throws PmError "auth" where it opens nothing; "locked" where no password could, or where it opens a newer root key
 */
export async function provePassword(store: OpenStore, password: Uint8Array): Promise<void> {
  const { crypto, path } = store.options;
  using file = openVaultFile(path);
  const header = readHeader(crypto, file);
  const secrets = secretsOf(crypto, password);
  try {
    if (secrets.recovery === undefined) requirePasswordSlot(header);
    const { rootKey } = await unwrapRootKey(crypto, header, secrets);
    using opened = rootKey;
    if (!equalBytes(opened.bytes, store.unlocked.rootKey.bytes)) throw renewedMeanwhile();
  } finally {
    wipe(secrets.recovery);
  }
}

function secretsOf(crypto: CryptoBackend, typed: Uint8Array): SlotSecrets {
  return looksLikeRecoveryCode(typed) ? { recovery: parseRecoveryCode(crypto, typed) } : { password: typed };
}

function requirePasswordSlot({ kind, slots }: Header): void {
  if (kind === KIND.share) {
    throw new PmError("locked", "a bundle has no password that would show its use-only entries", {
      hint: "let a program use them: pm run -e NAME=pm://… -- COMMAND",
    });
  }
  const types = slots.map(({ type }) => type);
  if (types.includes(SLOT_TYPE.password)) return;
  throw types.includes(SLOT_TYPE.passwordKeyFile)
    ? new PmError("locked", "the password of the vault works only together with its key file", {
        hint: "give the key file, too: --key-file FILE",
      })
    : new PmError("locked", "the vault has no password to ask for", { hint: instead(types) });
}

/** Nothing but machine keys and key files may be left. */
function instead(types: readonly number[]): string {
  return types.includes(SLOT_TYPE.recovery) ? "type a recovery code" : "pm run hands the value to a program";
}

function renewedMeanwhile(): PmError {
  return new PmError("locked", "another process renewed the root key of the vault meanwhile", {
    hint: "run the command again",
  });
}
