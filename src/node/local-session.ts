/** A vault session in this process: the implementation of VaultSession on a file. */
import { toHex } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { AttachmentData } from "../core/vault/attachment.ts";
import type {
  BundleRefresh,
  BundleState,
  NewBundle,
  RemovedBundle,
  SealedBundle,
} from "../core/vault/bundle-info.ts";
import type { Difference } from "../core/vault/compare.ts";
import { wipeCredentials } from "../core/vault/credentials.ts";
import type { Edit, EditResult } from "../core/vault/edit.ts";
import { fieldTimes, viewEntry } from "../core/vault/entry-view.ts";
import { type Header, provesPerson } from "../core/vault/header.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { listRows, resolveName, rowOf } from "../core/vault/query.ts";
import { parseRecord } from "../core/vault/record.ts";
import type { Change } from "../core/vault/revision.ts";
import type { NewExport, SealedExport } from "../core/vault/sealed-export.ts";
import type {
  Access,
  Conflict,
  CopyReport,
  CopySource,
  ListFilter,
  LoggedOperation,
  MergeResult,
  NewSlot,
  Purpose,
  RekeyReport,
  Resolution,
  Rewrap,
  SlotInfo,
  UndoReport,
  VaultInfo,
  VaultSession,
} from "../core/vault/session.ts";
import type { Guard } from "../core/vault/use-only.ts";
import { isLive, isPurged } from "../core/vault/vault-index.ts";
import type { VerifyReport } from "../core/vault/verify.ts";
import { acceptRollback, OpenStore } from "./open-store.ts";
import { type OpenOptions, unlockStore } from "./vault-store.ts";

/** Opens a vault. Takes the credentials over and wipes them. */
export async function openVault(options: OpenOptions): Promise<VaultSession> {
  try {
    const { snapshot, unlocked } = await unlockStore(options);
    const store = new OpenStore(options, unlocked, snapshot);
    if (options.acceptRollback === true) await acceptRollback(store);
    return new LocalSession(store, { confirmed: wasOpenedByPerson(snapshot.header, unlocked.slotId) });
  } finally {
    wipeCredentials(options.credentials);
  }
}

function wasOpenedByPerson({ slots }: Header, slotId: string): boolean {
  return slots.some(({ id, type }) => toHex(id) === slotId && provesPerson(type));
}

/**
 * Reads with what is loaded; the modules that only changes need come with the first change. Several
 * sessions may work on one store, each confirmed by itself; disposing of one closes the store.
 */
export class LocalSession implements VaultSession {
  readonly #store: OpenStore;
  #confirmed: boolean;

  constructor(store: OpenStore, { confirmed }: { readonly confirmed: boolean }) {
    this.#store = store;
    this.#confirmed = confirmed;
  }

  async resolve(name: string): Promise<Resolution> {
    return resolveName((await this.#store.snapshot()).index.rows, name);
  }

  async nearest(name: string): Promise<readonly string[]> {
    const { nearest } = await import("../core/vault/nearest.ts");
    const live = (await this.#store.snapshot()).index.rows.filter(isLive);
    const paths = live.map((row) => row[3]);
    return nearest(name, paths);
  }

  async list(filter: ListFilter): Promise<readonly Row[]> {
    return listRows((await this.#store.snapshot()).index.rows, filter);
  }

  async entry(id: string, purpose: Purpose = "show"): Promise<Entry> {
    const snapshot = await this.#store.snapshot();
    const row = rowOf(snapshot.index.rows, id);
    if (row === undefined || isPurged(row)) throw new PmError("not-found", `no entry has the id ${id}`);
    const [, offset, length] = row;
    const record = parseRecord(snapshot.recordOfMany({ offset, length }), id);
    const entry = { ...viewEntry(record), written: fieldTimes(record) };
    if (!this.#withholds(purpose) || !entry.useOnly) return entry;
    const { withhold } = await import("../core/vault/use-only.ts");
    return withhold(entry);
  }

  async attachment(id: string, name: string, purpose: Purpose = "show"): Promise<AttachmentData> {
    const { readAttachment } = await import("./session-attachments.ts");
    return await readAttachment(this.#store, { id, name, isWithheld: this.#withholds(purpose) });
  }

  /** What use-only entries hold, before somebody has proven the master password. */
  #withholds(purpose: Purpose): boolean {
    return !this.#confirmed && purpose !== "use" && purpose !== "search";
  }

  async confirm(password: Uint8Array): Promise<void> {
    if (this.#confirmed) return;
    const { provePassword } = await import("./session-confirm.ts");
    await provePassword(this.#store, password);
    this.#confirmed = true;
  }

  /** What every change of entries passes, but for a merge: that brings what other devices decided. */
  async #guard(edits: readonly Edit[] = []): Promise<Guard> {
    if (this.#confirmed) return (change) => change;
    const { keepingUseOnly } = await import("../core/vault/use-only.ts");
    return (change) => keepingUseOnly(change, edits);
  }

  async info(): Promise<VaultInfo> {
    const { vaultInfo } = await import("./session-info.ts");
    return await vaultInfo(this.#store);
  }

  async edit(edits: readonly Edit[]): Promise<EditResult> {
    const { applyEdits } = await import("../core/vault/apply.ts");
    const erased = edits.filter(({ kind }) => kind === "purge").map((edit) => ("id" in edit ? edit.id : ""));
    const guard = await this.#guard(edits);
    let ids: readonly string[] = [];
    const change: Change = (draft, context) => {
      ids = applyEdits(draft, edits, context);
      return erased.length > 0 ? { kind: "barrier", erased } : {};
    };
    const durable = await this.#store.rewrite({ change: guard(change) });
    return { ids, durable };
  }

  async sealExport(wanted: NewExport): Promise<SealedExport> {
    const call = { store: this.#store, isConfirmed: this.#confirmed };
    return await (await import("./session-export.ts")).exportStore(call, wanted);
  }

  async verify(): Promise<VerifyReport> {
    return await (await import("./session-verify.ts")).verifyStore(this.#store);
  }

  async addSlot(slot: NewSlot): Promise<SlotInfo> {
    const { addNewSlot } = await import("./session-slots.ts");
    return await addNewSlot(this.#store, slot);
  }

  async removeSlot(id: string): Promise<void> {
    const { removeSlotById } = await import("./session-slots.ts");
    await removeSlotById(this.#store, id);
  }

  async changePassword(password: Uint8Array, profile: KdfProfile, keyFile?: Uint8Array): Promise<void> {
    const slots = await import("./session-slots.ts");
    await slots.changePassword(this.#store, { password, profile, keyFile });
  }

  async rewrapPassword(rewrap: Rewrap): Promise<void> {
    const slots = await import("./session-slots.ts");
    await slots.rewrapPassword(this.#store, rewrap);
  }

  async rekey(
    slots: readonly NewSlot[],
    deliver: (save: () => Promise<void>) => Promise<void> = (save) => save(),
    { dropsBundles = false }: { readonly dropsBundles?: boolean } = {},
  ): Promise<RekeyReport> {
    const { rekey } = await import("./session-rekey.ts");
    return await rekey(this.#store, { slots, dropsBundles }, deliver);
  }

  async bundles(): Promise<readonly BundleState[]> {
    return await (await import("./session-bundles.ts")).listBundles(this.#store);
  }

  async addBundle(bundle: NewBundle): Promise<SealedBundle> {
    return await (
      await import("./session-bundles.ts")
    ).addBundle({ store: this.#store, isConfirmed: this.#confirmed }, bundle);
  }

  async refreshBundle(id: string, wanted: BundleRefresh): Promise<SealedBundle> {
    return await (
      await import("./session-bundles.ts")
    ).refreshBundle({ store: this.#store, isConfirmed: this.#confirmed }, id, wanted);
  }

  async removeBundle(id: string): Promise<RemovedBundle> {
    return await (await import("./session-bundles.ts")).removeBundle(this.#store, id);
  }

  async log(): Promise<readonly LoggedOperation[]> {
    const { readLog } = await import("./session-log.ts");
    return await readLog(this.#store);
  }

  async accessLog(limit?: number): Promise<readonly Access[]> {
    const { readAccessLog } = await import("./session-log.ts");
    return readAccessLog(this.#store, limit);
  }

  async undo(count: number): Promise<UndoReport> {
    const { undo } = await import("./session-log.ts");
    return await undo(this.#store, count, await this.#guard());
  }

  async conflicts(): Promise<readonly Conflict[]> {
    const { readConflicts } = await import("../core/vault/conflicts.ts");
    const { index, content } = await this.#store.snapshot();
    return readConflicts(index.rows, content, { confirmed: this.#confirmed });
  }

  async compare(copy: CopySource): Promise<readonly Difference[]> {
    const { compareWith } = await import("./session-copies.ts");
    return await compareWith(this.#store, copy);
  }

  async restore(copy: CopySource): Promise<CopyReport> {
    const { restoreFrom } = await import("./session-copies.ts");
    return await restoreFrom(this.#store, copy, await this.#guard());
  }

  async merge(copy: CopySource, options: { dryRun: boolean; strict: boolean }): Promise<MergeResult> {
    const { mergeFrom } = await import("./session-copies.ts");
    return await mergeFrom(this.#store, copy, options);
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
  }
}
