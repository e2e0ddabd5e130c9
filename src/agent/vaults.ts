/** A vault that the agent holds open: its store, who is at work on it, and what was given out. */
import { toHex } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import type { KdfProfiles } from "../core/crypto/kdf.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import { provesPerson } from "../core/vault/header.ts";
import type { Access } from "../core/vault/session.ts";
import { AccessLog, accessLogFile } from "../node/access-log.ts";
import { openVaultFile } from "../node/file-checks.ts";
import { fs } from "../node/fs.ts";
import { OpenStore } from "../node/open-store.ts";
import { unlockStore } from "../node/vault-store.ts";
import type { CallOptions } from "./protocol.ts";

export interface VaultTools {
  readonly crypto: CryptoBackend;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly stateDir: string;
  readonly kdfProfiles: KdfProfiles;
}

export interface UnlockedNow {
  readonly vault: OpenVault;
  readonly warnings: readonly string[];
  /** Whether it was a person's secret that opened it: a password, a recovery code. */
  readonly byPerson: boolean;
}

/** Opens the vault at a path. The credentials stay the caller's. @throws PmError as {@link unlockStore} does */
export async function unlockVault(
  path: string,
  credentials: Credentials,
  tools: VaultTools,
): Promise<UnlockedNow> {
  const warnings: string[] = [];
  const { realPath } = whatIsAt(path);
  const options = {
    ...tools,
    path: realPath,
    command: "unlock",
    lockTimeoutMs: 0,
    breakLock: false,
    warn: (text: string) => void warnings.push(text),
  };
  const before = identityOf(realPath);
  const { snapshot, unlocked } = await unlockStore({ ...options, credentials });
  const store = new OpenStore(options, unlocked, snapshot);
  try {
    const { header } = await store.snapshot();
    const slot = header.slots.find(({ id }) => toHex(id) === unlocked.slotId);
    const byPerson = slot !== undefined && provesPerson(slot.type);
    return { vault: new OpenVault(store, before, tools), warnings, byPerson };
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}

/** Where the vault at `path` really is, and what is to be said of its file. @throws PmError "not-found", … */
export function whatIsAt(path: string): { readonly realPath: string; readonly warnings: readonly string[] } {
  using file = openVaultFile(path);
  const { realPath, warnings } = file;
  return { realPath, warnings };
}

/** Another one after every save, by whom ever. */
function identityOf(path: string): string {
  const facts = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  if (facts === undefined) return "";
  const { dev, ino, size, mtimeNs, ctimeNs } = facts;
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** How many lines wait, and how long, before they are written to the access log. */
const BATCH_LINES = 256;
const BATCH_MS = 1000;

export class OpenVault {
  readonly store: OpenStore;
  readonly #log: AccessLog;
  readonly #random: Random;
  #identity: string;
  #lines: Access[] = [];
  #flushing: NodeJS.Timeout | undefined;
  /** The end of the queue of those who need the store for themselves. */
  #last: Promise<unknown> = Promise.resolve();
  #running = 0;
  #whenIdle: (() => void)[] = [];

  constructor(store: OpenStore, identity: string, { crypto, random }: VaultTools) {
    const { state, rootKey } = store.unlocked;
    this.store = store;
    this.#identity = identity;
    this.#random = random;
    this.#log = new AccessLog(crypto, accessLogFile(state.place.file), rootKey.bytes);
  }

  /** For what only looks at the newest version, which needs no turn. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    return await this.#counted(async () => {
      if (identityOf(this.store.options.path) !== this.#identity) {
        await this.#inTurn(() => this.#follow());
      }
      return await work();
    });
  }

  /** One after the other, each with the command and the patience of its call. */
  async alone<T>(options: CallOptions, warnings: string[], work: () => Promise<T>): Promise<T> {
    const warn = (text: string): void => void warnings.push(text);
    return await this.#counted(
      async () =>
        await this.#inTurn(async () => {
          this.store.withOptions({ ...options, warn });
          await this.#follow();
          return await work();
        }),
    );
  }

  /** What is there now may be another version, by another process or by the one before in the queue. */
  async #follow(): Promise<void> {
    const identity = identityOf(this.store.options.path);
    if (identity === this.#identity) return;
    try {
      await this.store.refresh();
    } catch (error) {
      throw hasCode(error, "locked") || hasCode(error, "body-commitment") ? keyChanged(error) : error;
    }
    // Taken before the file was opened: what came later is found the next time.
    this.#identity = identity;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      if (this.#running === 0) for (const done of this.#whenIdle.splice(0)) done();
    }
  }

  /** Sealed within a second, or before the key is gone. */
  note(access: Access): void {
    this.#lines.push(access);
    if (this.#lines.length >= BATCH_LINES) this.#flush();
    else this.#flushing ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    if (this.#lines.length === 0) return;
    try {
      this.#log.append(this.#lines, this.#random);
      this.#lines = [];
    } catch {
      // A full disk must not keep anybody from a password; the newest lines wait for the next time.
      this.#lines = this.#lines.slice(-BATCH_LINES + 1);
    }
  }

  /** Forgets the key as soon as nobody is at work with it: a save must not end half way, and with zeros. */
  async close(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.#flush();
    this.#log[Symbol.dispose]();
    this.store[Symbol.dispose]();
  }

  /** What the access log says so far. */
  flush(): void {
    this.#flush();
  }
}

const KEY_CHANGED = "the vault has another key than when it was unlocked";

function keyChanged(cause: unknown): PmError {
  return new PmError("locked", KEY_CHANGED, { hint: "pm unlock", cause });
}

/** Whether what is there now can't be opened with the key that the agent holds. */
export function isKeyChanged(error: unknown): boolean {
  return hasCode(error, "locked") && error.message === KEY_CHANGED;
}
