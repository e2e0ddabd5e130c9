/** What a command may reach: cheap things as values, costly ones as functions. */
import type { KdfProfiles } from "../core/crypto/kdf.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { PmError } from "../core/errors.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Io } from "../node/io.ts";
import { type Paths, processPaths } from "../node/paths.ts";
import { readSettings, type Settings } from "../node/settings.ts";
import type { ColorMode, Globals } from "./globals.ts";
import { createOut, type Out } from "./output.ts";
import type { CallInput } from "./stdin.ts";

export interface Context {
  readonly io: Io;
  readonly out: Out;
  readonly globals: Globals;
  /** The name of the command, for the operation log. */
  readonly command: string;
  readonly paths: Paths;
  /** What the profile words cost; tests pass cheap ones. */
  readonly kdfProfiles: KdfProfiles | undefined;
  /** The user's settings; read once. */
  settings(): Settings;
  crypto(): Promise<CryptoBackend>;
  /**
   * The open vault, the same one at every call: with the credentials of the call, or after asking for
   * the password. It is closed when the command ends.
   */
  vault(options?: { readonly write?: boolean }): Promise<VaultSession>;
  /** For a command that goes on for long without the vault; it can't be opened again. */
  closeVault(): Promise<void>;
  /** Standard input, shared by passwords and the command: see stdin.ts. */
  readonly stdin: CallInput;
  /** The command's own standard input: all of it, or what follows the lines that passwords took. */
  input(limit: number): Promise<Uint8Array>;
  /** Writes a private file that appears whole or not at all; relative to the working directory. */
  writeFile(path: string, bytes: Uint8Array, options: { readonly overwrite: boolean }): Promise<void>;
  /** Copies to the clipboard, which is cleared after `seconds` unless it changed, and says so to people. */
  clip(bytes: Uint8Array, seconds: number): Promise<void>;
}

/** What the process and tests know of a call beside its arguments. */
export interface Internals {
  readonly command?: string;
  readonly kdfProfiles?: KdfProfiles;
  /** In the place of the back end's. */
  readonly argon2id?: CryptoBackend["argon2id"];
}

/** The composition root. Disposing of it closes the vault. */
export function createContext(
  io: Io,
  globals: Globals,
  internals: Internals = {},
): Context & AsyncDisposable {
  const paths = once(() => processPaths(io.env));
  const settings = once(() => readSettings(paths()));
  const color = (): ColorMode => globals.color ?? settings().color ?? "auto";
  const stdin = lazyInput(io, globals);
  const vault = once(() => openVault(context));
  let isOpened = false;
  const context: Context = {
    io,
    globals,
    command: internals.command ?? "",
    out: createOut(io, { quiet: globals.quiet, verbose: globals.verbose, color }),
    get paths() {
      return paths();
    },
    kdfProfiles: internals.kdfProfiles,
    settings,
    crypto: once(() =>
      loadCrypto(io, { ...globals, ...internals, warn: (text) => void context.out.warn(text) }),
    ),
    vault: async ({ write = false } = {}) => {
      if (write) await requireWritableVault(context);
      isOpened = true;
      return await vault();
    },
    closeVault: async () => {
      if (!isOpened) return;
      isOpened = false;
      (await vault().catch(() => undefined))?.[Symbol.dispose]();
    },
    stdin,
    input: (limit) => stdin.rest(limit),
    ...outlets(io, () => context),
  };
  return Object.assign(context, { [Symbol.asyncDispose]: context.closeVault });
}

/** Most calls read nothing from it. */
function lazyInput(io: Io, { passwordStdin }: Globals): CallInput {
  const load = once(async () => {
    const { createCallInput } = await import("./stdin.ts");
    return createCallInput(io.stdin, passwordStdin);
  });
  return {
    password: async () => await (await load()).password(),
    newPassword: async (name) => await (await load()).newPassword(name),
    rest: async (limit) => await (await load()).rest(limit),
  };
}

/** Where a value can go, beside stdout. */
function outlets(io: Io, context: () => Context): Pick<Context, "writeFile" | "clip"> {
  return {
    writeFile: async (path, bytes, options) => {
      const { writeUserFile } = await import("../node/user-file.ts");
      await writeUserFile(path, bytes, { cwd: io.cwd, ...options });
    },
    clip: async (bytes, seconds) => {
      const { clip } = await import("./clip.ts");
      await clip(context(), bytes, seconds);
    },
  };
}

/** @throws PmError "read-only" where the call may not write */
export function requireWritable(globals: Globals): void {
  if (!globals.readOnly) return;
  throw new PmError("read-only", "this would write, and pm is read-only here", {
    hint: "leave out --read-only, and unset PM_READ_ONLY",
  });
}

/** The same, and that what is there is no bundle, before anything is read or asked for. */
export async function requireWritableVault(context: Context): Promise<void> {
  requireWritable(context.globals);
  const { requireNoBundle } = await import("./vault-access.ts");
  await requireNoBundle(context);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function openVault(context: Context): Promise<VaultSession> {
  const { openSession } = await import("./open-session.ts");
  return await openSession(context);
}

/** Less memory than this is derived before anyone could read a notice. */
const PROGRESS_FROM_KIB = 65_536;

/** The back end of this process, showing that it works on where a key derivation takes long. */
async function loadCrypto(
  io: Io,
  { quiet, argon2id, warn }: Pick<Globals, "quiet"> & Internals & { warn: (text: string) => void },
): Promise<CryptoBackend> {
  const { provenBackend } = await import("../node/backend.ts");
  const proven = await provenBackend(warn);
  const backend = argon2id === undefined ? proven : { ...proven, argon2id };
  return {
    ...backend,
    argon2id: async (input, params) => {
      if (params.memoryKiB < PROGRESS_FROM_KIB) return await backend.argon2id(input, params);
      const { withProgress } = await import("./progress.ts");
      const progress = { label: "deriving the key", quiet };
      return await withProgress(io, progress, () => backend.argon2id(input, params));
    },
  };
}
