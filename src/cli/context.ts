/** What a command may reach: cheap things as values, costly ones as functions. */
import type { KdfProfile } from "../core/crypto/kdf.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Io } from "../node/io.ts";
import type { Paths } from "../node/paths.ts";
import type { Globals } from "./globals.ts";
import type { Out } from "./output.ts";
import type { Settings } from "../node/settings.ts";

export interface Context {
  readonly io: Io;
  readonly out: Out;
  readonly globals: Globals;
  readonly paths: Paths;
  /** The user's settings; read once. */
  settings(): Settings;
  crypto(): Promise<CryptoBackend>;
  /** Opens the vault with the credentials of the call, or asks for the password. */
  vault(): Promise<VaultSession>;
}
