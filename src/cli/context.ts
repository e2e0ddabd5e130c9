/** What a command may reach: cheap things as values, costly ones as functions. */
import type { Argon2Params, KdfProfile } from "../core/crypto/kdf.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Io } from "../node/io.ts";
import type { Paths } from "../node/paths.ts";
import type { Globals } from "./globals.ts";
import type { Out } from "./output.ts";
import type { CallInput } from "./stdin.ts";
import type { Settings } from "../node/settings.ts";

export interface Context {
  readonly io: Io;
  readonly out: Out;
  readonly globals: Globals;
  readonly paths: Paths;
  /** What the profile words cost; tests pass cheap ones. */
  readonly kdfProfiles: Readonly<Record<KdfProfile, Argon2Params>>;
  /** The user's settings; read once. */
  settings(): Settings;
  crypto(): Promise<CryptoBackend>;
  /** Opens the vault with the credentials of the call, or asks for the password. */
  vault(): Promise<VaultSession>;
  /** Standard input, shared by passwords and the command: see stdin.ts. */
  readonly stdin: CallInput;
  /** The command's own standard input: all of it, or what follows the lines that passwords took. */
  input(limit: number): Promise<Uint8Array>;
}
