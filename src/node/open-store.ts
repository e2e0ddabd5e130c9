/** An unlocked vault file that a session works on: the newest version that this process knows, and its keys. */
import { wipe } from "../core/bytes.ts";
import { KIND, requireVault } from "../core/vault/header.ts";
import type { RootRecord } from "../core/vault/root.ts";
import { openVaultFile } from "./file-checks.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Rewrite } from "./vault-rewrite.ts";
import {
  openCurrent,
  requireFresh,
  requireNotEnded,
  type StoreOptions,
  type Unlocked,
} from "./vault-store.ts";

export class OpenStore implements Disposable {
  #options: StoreOptions;
  #unlocked: Unlocked;
  #latest: Snapshot;
  #isFresh = false;
  readonly #retired = new Set<Snapshot>();

  constructor(options: StoreOptions, unlocked: Unlocked, snapshot: Snapshot) {
    this.#options = options;
    this.#unlocked = unlocked;
    this.#latest = snapshot;
  }

  get options(): StoreOptions {
    return this.#options;
  }

  /** For what is done from now on: each call of an agent has a command and a patience of its own. */
  withOptions(options: Partial<StoreOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  get unlocked(): Unlocked {
    return this.#unlocked;
  }

  /** For reading: held against the local state before the first use. A rewrite checks by itself. */
  async snapshot(): Promise<Snapshot> {
    if (!this.#isFresh) this.#latest = await requireFresh(this.options, this.#unlocked, this.#latest);
    this.#isFresh = true;
    // An agent may hold it for hours.
    if (this.#latest.header.kind === KIND.share) await requireNotEnded(this.options, this.#latest);
    return this.#latest;
  }

  async root(): Promise<RootRecord> {
    const { parseRoot } = await import("../core/vault/root.ts");
    const { content, index } = await this.snapshot();
    return parseRoot(content.record(index.root));
  }

  /** Saves a change. @returns whether it is known to be on disk */
  async rewrite(rewrite: Rewrite): Promise<boolean> {
    requireVault(this.#latest.header);
    const { rewriteStore } = await import("./vault-rewrite.ts");
    const { snapshot, unlocked, durable } = await rewriteStore(this.options, this.#unlocked, rewrite);
    this.#replace(snapshot);
    this.#unlocked = unlocked;
    if (!durable) this.options.warn("saved, but this file system can't confirm that it is on disk");
    return durable;
  }

  /**
   * Takes over the version that is there now.
   * @throws PmError "locked" or "body-commitment" where the key opens it no longer, "rollback"
   */
  async refresh(): Promise<void> {
    const file = openVaultFile(this.options.path);
    let current: Snapshot | undefined;
    try {
      current = openCurrent(this.options, this.#unlocked, file);
      this.#replace(await requireFresh(this.options, this.#unlocked, current));
    } catch (error) {
      current?.[Symbol.dispose]();
      file.close();
      throw error;
    }
  }

  #replace(snapshot: Snapshot): void {
    const old = this.#latest;
    this.#latest = snapshot;
    this.#isFresh = true;
    // Whoever was just given the old one reads it before anything else happens.
    this.#retired.add(old);
    setImmediate(() => this.#retire(old));
  }

  #retire(old: Snapshot): void {
    if (this.#retired.delete(old)) old[Symbol.dispose]();
  }

  /** The slot that stands for the one that opened the vault. */
  movedTo(slotId: string): void {
    this.#unlocked = { ...this.#unlocked, slotId };
  }

  [Symbol.dispose](): void {
    for (const old of this.#retired) this.#retire(old);
    this.#latest[Symbol.dispose]();
    this.#unlocked.rootKey[Symbol.dispose]();
    wipe(this.#unlocked.state.key);
  }
}

/** A save of its own, under a new replica id, so that the acceptance lasts. Where it fails, the store is closed. */
export async function acceptRollback(store: OpenStore): Promise<void> {
  try {
    await store.rewrite({ acceptRollback: true, change: () => ({}) });
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}
