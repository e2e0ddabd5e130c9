/** A vault session in this process: the implementation of VaultSession on a file. */
import { realpathSync } from "node:fs";
import { toHex, wipe } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { Key } from "../core/crypto/keys.ts";
import { PmError } from "../core/errors.ts";
import { applyEdit } from "../core/vault/apply.ts";
import { wipeCredentials } from "../core/vault/credentials.ts";
import type { Edit, EditResult } from "../core/vault/edit.ts";
import { viewEntry } from "../core/vault/entry-view.ts";
import { bytesSource } from "../core/vault/format.ts";
import { KIND, parseSlot } from "../core/vault/header.ts";
import { readWholeContent } from "../core/vault/layout.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { listRows, resolveName } from "../core/vault/query.ts";
import { parseRecord } from "../core/vault/record.ts";
import { type Change, firstFile, newReplica } from "../core/vault/revision.ts";
import { parseRoot, type RootRecord } from "../core/vault/root.ts";
import type {
  ListFilter,
  NewSlot,
  Resolution,
  SlotInfo,
  VaultInfo,
  VaultSession,
  VerifyReport,
} from "../core/vault/session.ts";
import {
  addSlot,
  describeSlot,
  makeSlot,
  passwordSlotToReplace,
  removeSlot,
  replaceSlot,
  slotBookWrite,
} from "../core/vault/slot-book.ts";
import { isLive, isPurged, isTrashed } from "../core/vault/vault-index.ts";
import { verifyContent } from "../core/vault/verify.ts";
import { createDurably } from "./durable-save.ts";
import { stateKey, statePlace, writeLocalState } from "./local-state.ts";
import { Snapshot } from "./snapshot.ts";
import {
  type OpenOptions,
  requireFresh,
  type Rewrite,
  rewriteStore,
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

export interface CreateOptions extends StoreOptions {
  /** At least one; each secret stays the caller's. */
  readonly slots: readonly NewSlot[];
}

/** Makes a new, empty vault. @throws PmError "conflict" where the file exists */
export async function createVault(options: CreateOptions): Promise<VaultSession> {
  const { crypto, random, now, path } = options;
  const vaultId = random(16);
  const rootKey = new Key(random(32));
  const maker = { crypto, random, profiles: options.kdfProfiles };
  const slots: Uint8Array[] = [];
  for (const slot of options.slots) {
    slots.push(await makeSlot(maker, { kind: KIND.vault, vaultId, rootKey: rootKey.bytes }, slot));
  }
  const created = now();
  const rootWrites = slots.map((slot, i) =>
    slotBookWrite(slot, { label: options.slots[i]?.label ?? "", created, epoch: 1 }),
  );
  const replica = newReplica(random);
  const first = firstFile(options, { vaultId, rootKey: rootKey.bytes, slots, replica, rootWrites });
  await createDurably({ path, bytes: first.bytes, random });
  const place = statePlace(crypto, options.stateDir, realpathSync(path));
  const state = { place, key: stateKey(crypto, rootKey.bytes) };
  const { seq } = first.stamp;
  await writeLocalState(crypto, state, { vault: toHex(vaultId), replica, seq, tag: first.tag });
  const unlocked = { rootKey, slotId: toHex(parseSlot(slots[0] as Uint8Array, 0).id), state };
  return new LocalSession(options, unlocked, new Snapshot(crypto, bytesSource(first.bytes), rootKey.bytes));
}

class LocalSession implements VaultSession {
  readonly #options: StoreOptions;
  readonly #unlocked: Unlocked;
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
    const { header, index, source } = this.#snapshot;
    const root = this.#root();
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
    const { body, source } = this.#snapshot;
    const content = readWholeContent(body);
    const report = verifyContent(content);
    content.release();
    return { ...report, chunks: body.chunkCount, fileBytes: source.size };
  }

  async addSlot(slot: NewSlot): Promise<SlotInfo> {
    const bytes = await this.#makeSlot(slot);
    const write = slotBookWrite(bytes, this.#bookEntry(slot.label));
    const change: Change = (_draft, _context, header) => addSlot(header, bytes, write);
    await this.#rewrite({ backup: "previous", change });
    return describeSlot(parseSlot(bytes, 0), this.#root(), this.#unlocked.slotId);
  }

  async removeSlot(id: string): Promise<void> {
    const change: Change = (_draft, _context, header) => removeSlot(header, id);
    await this.#rewrite({ backup: "same", change });
  }

  async changePassword(password: Uint8Array, profile: KdfProfile): Promise<void> {
    const old = passwordSlotToReplace(this.#snapshot.header, this.#unlocked.slotId);
    const label = old === undefined ? "" : describeSlot(old, this.#root(), "").label;
    const bytes = await this.#makeSlot({ type: "password", password, profile, label });
    const added = { bytes, write: slotBookWrite(bytes, this.#bookEntry(label)) };
    const oldId = old === undefined ? undefined : toHex(old.id);
    const change: Change = (_draft, _context, header) => replaceSlot(header, oldId, added);
    await this.#rewrite({ backup: "same", change });
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

  async #rewrite(rewrite: Rewrite): Promise<boolean> {
    const { snapshot, durable } = await rewriteStore(this.#options, this.#unlocked, rewrite);
    this.#latest[Symbol.dispose]();
    this.#latest = snapshot;
    this.#isFresh = true;
    if (!durable) this.#options.warn("saved, but this file system can't confirm that it is on disk");
    return durable;
  }

  async #makeSlot(slot: NewSlot): Promise<Uint8Array> {
    const { crypto, random, kdfProfiles } = this.#options;
    const { kind, vaultId } = this.#latest.header;
    const vault = { kind, vaultId, rootKey: this.#unlocked.rootKey.bytes };
    return await makeSlot({ crypto, random, profiles: kdfProfiles }, vault, slot);
  }

  #bookEntry(label: string): { label: string; created: number; epoch: number } {
    return { label, created: this.#options.now(), epoch: this.#root().keyEpoch };
  }

  #root(): RootRecord {
    return parseRoot(this.#snapshot.content.record(this.#snapshot.index.root));
  }
}
