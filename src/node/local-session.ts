/** A vault session in this process: the implementation of VaultSession on a file. */
import { toHex, wipe } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import { wipeCredentials } from "../core/vault/credentials.ts";
import type { Edit, EditResult } from "../core/vault/edit.ts";
import { viewEntry } from "../core/vault/entry-view.ts";
import type { Json } from "../core/vault/json.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { listRows, resolveName } from "../core/vault/query.ts";
import { parseRecord } from "../core/vault/record.ts";
import type { Change } from "../core/vault/revision.ts";
import type { RootRecord } from "../core/vault/root.ts";
import type {
  ListFilter,
  NewSlot,
  Resolution,
  Rewrap,
  SlotInfo,
  VaultInfo,
  VaultSession,
  VerifyReport,
} from "../core/vault/session.ts";
import { isLive, isPurged, isTrashed } from "../core/vault/vault-index.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Rewrite } from "./vault-rewrite.ts";
import {
  type OpenOptions,
  requireFresh,
  type StoreOptions,
  type Unlocked,
  unlockStore,
} from "./vault-store.ts";

/** Opens a vault. Takes the credentials over and wipes them. */
export async function openVault(options: OpenOptions): Promise<VaultSession> {
  try {
    const { snapshot, unlocked } = await unlockStore(options);
    const session = new LocalSession(options, unlocked, snapshot);
    // The acceptance is a save of its own, under a new replica id, so that it lasts.
    if (options.acceptRollback === true) await session.acceptRollback();
    return session;
  } finally {
    wipeCredentials(options.credentials);
  }
}

/** Reads with what is loaded; the modules that only changes need come with the first change. */
export class LocalSession implements VaultSession {
  readonly #options: StoreOptions;
  #unlocked: Unlocked;
  #latest: Snapshot;
  #isFresh = false;

  constructor(options: StoreOptions, unlocked: Unlocked, snapshot: Snapshot) {
    this.#options = options;
    this.#unlocked = unlocked;
    this.#latest = snapshot;
  }

  /** For reading: held against the local state before the first use. A rewrite checks by itself. */
  get #snapshot(): Snapshot {
    if (!this.#isFresh) this.#latest = requireFresh(this.#options, this.#unlocked, this.#latest);
    this.#isFresh = true;
    return this.#latest;
  }

  async resolve(name: string): Promise<Resolution> {
    return resolveName(this.#snapshot.index.rows, name);
  }

  async nearest(name: string): Promise<readonly string[]> {
    const { nearest } = await import("../core/vault/nearest.ts");
    const live = this.#snapshot.index.rows.filter(isLive);
    return nearest(
      name,
      live.map((row) => row[3]),
    );
  }

  async list(filter: ListFilter): Promise<readonly Row[]> {
    return listRows(this.#snapshot.index.rows, filter);
  }

  async entry(id: string): Promise<Entry> {
    const row = this.#snapshot.index.rows.find((candidate) => candidate[0] === id);
    if (row === undefined || isPurged(row)) throw new PmError("not-found", `no entry has the id ${id}`);
    const [, offset, length] = row;
    return viewEntry(parseRecord(this.#snapshot.content.record({ offset, length }), id));
  }

  async info(): Promise<VaultInfo> {
    const { describeSlot } = await import("../core/vault/slot-book.ts");
    const { header, index, source } = this.#snapshot;
    const root = await this.#root();
    return {
      vaultId: toHex(header.vaultId),
      rev: index.generation,
      entries: index.rows.filter(isLive).length,
      trashed: index.rows.filter(isTrashed).length,
      fileBytes: source.size,
      slots: header.slots.map((slot) => describeSlot(slot, root, this.#unlocked.slotId)),
    };
  }

  async edit(edits: readonly Edit[]): Promise<EditResult> {
    const { applyEdit } = await import("../core/vault/apply.ts");
    let ids: readonly string[] = [];
    const durable = await this.#rewrite({
      backup: edits.some(({ kind }) => kind === "purge") ? "same" : "previous",
      change: (draft, context) => {
        ids = edits.map((edit) => applyEdit(draft, edit, context));
        return {};
      },
    });
    return { ids, durable };
  }

  async verify(): Promise<VerifyReport> {
    const [{ readWholeContent }, { verifyContent }] = await Promise.all([
      import("../core/vault/layout.ts"),
      import("../core/vault/verify.ts"),
    ]);
    const { body, source } = this.#snapshot;
    const content = readWholeContent(body);
    const report = verifyContent(content);
    content.release();
    return { ...report, chunks: body.chunkCount, fileBytes: source.size };
  }

  async addSlot(slot: NewSlot): Promise<SlotInfo> {
    const { addSlot } = await import("../core/vault/slot-book.ts");
    const { id, bytes, write } = await this.#newSlot(slot);
    const change: Change = (_draft, _context, header) => addSlot(header, bytes, write);
    await this.#rewrite({ backup: "previous", change });
    return await this.#slot(id);
  }

  async removeSlot(id: string): Promise<void> {
    const { removeSlot } = await import("../core/vault/slot-book.ts");
    const change: Change = (_draft, _context, header) => removeSlot(header, id);
    await this.#rewrite({ backup: "same", change });
  }

  async changePassword(password: Uint8Array, profile: KdfProfile, keyFile?: Uint8Array): Promise<void> {
    const { passwordSlot, passwordSlotToReplace } = await import("../core/vault/slot-book.ts");
    const old = passwordSlotToReplace(this.#snapshot.header, this.#unlocked.slotId);
    const known = old === undefined ? undefined : await this.#slot(toHex(old.id));
    const label = known?.label ?? "";
    const added = await this.#newSlot(passwordSlot(old, { password, keyFile, profile, label }));
    await this.#replaceSlot(known?.id, added);
  }

  async rewrapPassword({ password, keyFile, profile, wait }: Rewrap): Promise<void> {
    const { passwordSlot, passwordSlotInUse } = await import("../core/vault/slot-book.ts");
    const { slotId } = this.#unlocked;
    const old = passwordSlotInUse(this.#snapshot.header, slotId);
    const { label, created } = await this.#slot(slotId);
    const slot = passwordSlot(old, { password, keyFile, profile, label });
    const added = await this.#newSlot(slot, created);
    await this.#replaceSlot(slotId, added, wait === "never" ? 0 : this.#options.lockTimeoutMs);
  }

  /** Saves the rolled-back content under a new replica id. */
  async acceptRollback(): Promise<void> {
    await this.#rewrite({ backup: "previous", acceptRollback: true, change: () => ({}) });
  }

  [Symbol.dispose](): void {
    this.#latest[Symbol.dispose]();
    this.#unlocked.rootKey[Symbol.dispose]();
    wipe(this.#unlocked.state.key);
  }

  async #replaceSlot(old: string | undefined, added: MadeSlot, lockTimeoutMs?: number): Promise<void> {
    const { replaceSlot } = await import("../core/vault/slot-book.ts");
    const change: Change = (_draft, _context, header) => replaceSlot(header, old, added);
    await this.#rewrite({ backup: "same", change }, lockTimeoutMs);
    if (old === this.#unlocked.slotId) this.#unlocked = { ...this.#unlocked, slotId: added.id };
  }

  async #rewrite(rewrite: Rewrite, lockTimeoutMs = this.#options.lockTimeoutMs): Promise<boolean> {
    const { rewriteStore } = await import("./vault-rewrite.ts");
    const options = { ...this.#options, lockTimeoutMs };
    const { snapshot, durable } = await rewriteStore(options, this.#unlocked, rewrite);
    this.#latest[Symbol.dispose]();
    this.#latest = snapshot;
    this.#isFresh = true;
    if (!durable) this.#options.warn("saved, but this file system can't confirm that it is on disk");
    return durable;
  }

  /** A slot for this vault's root key, made before any lock is taken, and its line in the slot book. */
  async #newSlot(slot: NewSlot, created?: number): Promise<MadeSlot> {
    const { makeSlot, slotBookWrite, slotId } = await import("../core/vault/slot-book.ts");
    const { crypto, random, kdfProfiles: profiles, now } = this.#options;
    const { kind, vaultId } = this.#latest.header;
    const vault = { kind, vaultId, rootKey: this.#unlocked.rootKey.bytes };
    const bytes = await makeSlot({ crypto, random, profiles }, vault, slot);
    const { keyEpoch: epoch } = await this.#root();
    const write = slotBookWrite(bytes, { label: slot.label, created: created ?? now(), epoch });
    return { id: slotId(bytes), bytes, write };
  }

  async #slot(id: string): Promise<SlotInfo> {
    const found = (await this.info()).slots.find((slot) => slot.id === id);
    if (found === undefined) throw new PmError("not-found", `no key slot has the id ${id}`);
    return found;
  }

  async #root(): Promise<RootRecord> {
    const { parseRoot } = await import("../core/vault/root.ts");
    return parseRoot(this.#snapshot.content.record(this.#snapshot.index.root));
  }
}

interface MadeSlot {
  readonly id: string;
  /** 192 bytes. */
  readonly bytes: Uint8Array;
  readonly write: readonly [string, Json];
}
