/**
 * The public API: reading a vault, generating, and the words in which both are said. It runs wherever
 * WebCrypto's types and typed arrays are; nothing here touches a file, a clock or a generator of its own.
 */
export {
  equalBytes,
  fromBase64,
  fromBase64url,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64url,
  toHex,
  utf8,
  wipe,
} from "./bytes.ts";
export type { Argon2Input, CryptoBackend } from "./crypto/backend.ts";
export { type Argon2Params, DEFAULT_KDF_PROFILE, KDF_PROFILES, type KdfProfile } from "./crypto/kdf.ts";
export { Key } from "./crypto/keys.ts";
export { nobleBackend } from "./crypto/noble.ts";
export { requireTrusted } from "./crypto/self-check.ts";
export { type ErrorCode, hasCode, PmError, type PmErrorOptions } from "./errors.ts";
export { type Generated, generate } from "./generate/generate.ts";
export { formatRecipe, parseRecipe, type Recipe } from "./generate/recipe.ts";
export { type Strength, strength } from "./generate/strength.ts";
export { pick, type Random, randomInt, shuffle } from "./random.ts";
export type { BodyReader } from "./vault/cobblestone.ts";
export {
  formatKeyFile,
  formatRecoveryCode,
  formatToken,
  type MachineToken,
  newToken,
  parseKeyFile,
  parseRecoveryCode,
  parseToken,
  tokenWrapSecret,
} from "./vault/credentials.ts";
export { viewEntry } from "./vault/entry-view.ts";
export { type ByteSource, bytesSource, openBody, readHeader } from "./vault/format.ts";
export type { Header, Slot } from "./vault/header.ts";
export {
  type Content,
  type Extent,
  readContent,
  readWholeContent,
  type WholeContent,
} from "./vault/layout.ts";
export {
  type Entry,
  ENTRY_TYPES,
  type EntryType,
  type Field,
  type FieldValue,
  type HistoryItem,
  type Row,
} from "./vault/model.ts";
export { listRows, resolveName } from "./vault/query.ts";
export { parseRecord } from "./vault/record.ts";
export type { ListFilter, Resolution } from "./vault/session.ts";
export { type SlotSecrets, unwrapRootKey } from "./vault/slot.ts";
export { type IndexRow, parseIndex, type VaultIndex, viewRow } from "./vault/vault-index.ts";
export { verifyContent } from "./vault/verify.ts";
