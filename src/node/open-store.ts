/** An unlocked vault file that a session works on: the newest version that this process knows, and its keys. */
import { wipe } from "../core/bytes.ts";
import type { RootRecord } from "../core/vault/root.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Rewrite } from "./vault-rewrite.ts";
import { requireFresh, type StoreOptions, type Unlocked } from "./vault-store.ts";

export class OpenStore implements Disposable {
  readonly options: StoreOptions;
  #unlocked: Unlocked;
  #latest: Snapshot;
  #isFresh = false;

  constructor(options: StoreOptions, unlocked: Unlocked, snapshot: Snapshot) {
    this.options = options;
    this.#unlocked = unlocked;
    this.#latest = snapshot;
  }

  get unlocked(): Unlocked {
    return this.#unlocked;
  }

  /** For reading: held against the local state before the first use. A rewrite checks by itself. */
  async snapshot(): Promise<Snapshot> {
    if (!this.#isFresh) this.#latest = await requireFresh(this.options, this.#unlocked, this.#latest);
    this.#isFresh = true;
    return this.#latest;
  }

  async root(): Promise<RootRecord> {
    const { parseRoot } = await import("../core/vault/root.ts");
    const { content, index } = await this.snapshot();
    return parseRoot(content.record(index.root));
  }

  /** Saves a change. @returns whether it is known to be on disk */
  async rewrite(rewrite: Rewrite): Promise<boolean> {
    const { rewriteStore } = await import("./vault-rewrite.ts");
    const { snapshot, unlocked, durable } = await rewriteStore(this.options, this.#unlocked, rewrite);
    this.#latest[Symbol.dispose]();
    this.#latest = snapshot;
    this.#unlocked = unlocked;
    this.#isFresh = true;
    if (!durable) this.options.warn("saved, but this file system can't confirm that it is on disk");
    return durable;
  }

  /** The slot that stands for the one that opened the vault. */
  movedTo(slotId: string): void {
    this.#unlocked = { ...this.#unlocked, slotId };
  }

  [Symbol.dispose](): void {
    this.#latest[Symbol.dispose]();
    this.#unlocked.rootKey[Symbol.dispose]();
    wipe(this.#unlocked.state.key);
  }
}
