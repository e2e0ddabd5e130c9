/** The bundles of an open vault: made, sealed anew, listed, forgotten. */
import { toHex, wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import {
  type BundleEntry,
  digestEntries,
  type EntrySource,
  requireAllMeant,
  sealBundle,
  selectEntries,
} from "../core/vault/bundle.ts";
import { bundleRemoval, type BundleRecord, bundleWrite, readBundles } from "../core/vault/bundle-book.ts";
import {
  type BundleInfo,
  type BundleRefresh,
  type BundleState,
  fileIsTaken,
  type NewBundle,
  type RemovedBundle,
  type SealedBundle,
  SHOWN_ID_DIGITS,
} from "../core/vault/bundle-info.ts";
import type { VaultDraft } from "../core/vault/draft.ts";
import { isPurgedRecord, viewEntry } from "../core/vault/entry-view.ts";
import { KIND } from "../core/vault/header.ts";
import { parseRecord } from "../core/vault/record.ts";
import type { Change } from "../core/vault/revision.ts";
import { makeSlot } from "../core/vault/slot-book.ts";
import { useOnly } from "../core/vault/use-only.ts";
import type { OpenStore } from "./open-store.ts";

/** A store, and whether the session that works on it was confirmed. */
export interface BundleCall {
  readonly store: OpenStore;
  readonly isConfirmed: boolean;
}

const VAULT_ID_BYTES = 16;
const ROOT_KEY_BYTES = 32;

export async function listBundles(store: OpenStore): Promise<readonly BundleState[]> {
  const source = await sourceOf(store);
  return readBundles(await store.root()).map((bundle) => stateOf(store, source, bundle));
}

/** One save: the vault remembers the bundle before anybody can have its file. */
export async function addBundle(
  { store, isConfirmed }: BundleCall,
  wanted: NewBundle,
): Promise<SealedBundle> {
  const { crypto, random, kdfProfiles: profiles, now } = store.options;
  const [vaultId, rootKey] = [random(VAULT_ID_BYTES), random(ROOT_KEY_BYTES)];
  const { secret, ...facts } = wanted;
  const slot = await makeSlot(
    { crypto, random, profiles },
    { kind: KIND.share, vaultId, rootKey },
    { type: "machine", secret, label: wanted.label },
  );
  const sealed: { file?: Uint8Array; bundle?: BundleRecord } = {};
  const change: Change = (draft) => {
    requireFreePath(readBundles(draft.root), wanted.path);
    const created = now();
    const entries = selectEntries(draftSource(draft), wanted);
    requireAllMeant(entries, wanted);
    requireShowable(entries, isConfirmed);
    const known = { ...facts, id: toHex(vaultId), created, held: [], rootKey, slot };
    Object.assign(sealed, seal(store, known, entries));
    return { kind: "barrier", rootWrites: writesOf(sealed.bundle) };
  };
  const durable = await store.rewrite({ change });
  return await reportSealed(store, sealed, durable);
}

/** Seals it where something changed: what it would have, when it ends, where it is, or the file that is there. */
export async function refreshBundle(
  { store, isConfirmed }: BundleCall,
  id: string,
  wanted: BundleRefresh,
): Promise<SealedBundle> {
  const before = findBundle(readBundles(await store.root()), id);
  const state = stateOf(store, await sourceOf(store), before);
  if (!state.isStale && !differs(before, wanted)) return { bundle: state, file: undefined, durable: true };
  const sealed: { file?: Uint8Array; bundle?: BundleRecord } = {};
  const change: Change = (draft) => {
    const bundles = readBundles(draft.root);
    const { notAfter, path, ...known } = findBundle(bundles, id);
    if (wanted.path !== undefined && wanted.path !== path) requireFreePath(bundles, wanted.path);
    const next = {
      ...known,
      notAfter: wanted.notAfter === undefined ? notAfter : wanted.notAfter,
      path: wanted.path ?? path,
    };
    const entries = selectEntries(draftSource(draft), next);
    if (entries.length === 0) throw wouldBeEmpty(next);
    requireShowable(entries, isConfirmed);
    Object.assign(sealed, seal(store, next, entries));
    return { kind: "silent", rootWrites: writesOf(sealed.bundle) };
  };
  const durable = await store.rewrite({ change });
  return await reportSealed(store, sealed, durable);
}

function differs(bundle: BundleInfo, { notAfter, path, hash }: BundleRefresh): boolean {
  return (
    (notAfter !== undefined && notAfter !== bundle.notAfter) ||
    (path !== undefined && path !== bundle.path) ||
    (hash !== undefined && hash !== bundle.hash)
  );
}

/** Its file and its token stay good for each other; what the token has opened is named. */
export async function removeBundle(store: OpenStore, id: string): Promise<RemovedBundle> {
  const removed: { bundle?: BundleRecord; exposed: readonly string[] } = { exposed: [] };
  const change: Change = (draft) => {
    removed.bundle = findBundle(readBundles(draft.root), id);
    removed.exposed = pathsOf(draft, removed.bundle.held);
    return { kind: "barrier", rootWrites: [bundleRemoval(id)] };
  };
  const durable = await store.rewrite({ change });
  if (removed.bundle === undefined) throw new TypeError("the bundle was not removed");
  return { bundle: infoOf(removed.bundle), exposed: removed.exposed, durable };
}

type Unsealed = Omit<BundleRecord, "hash" | "digest" | "refreshed">;

function seal(
  { options }: OpenStore,
  bundle: Unsealed,
  entries: readonly BundleEntry[],
): { readonly file: Uint8Array; readonly bundle: BundleRecord } {
  const now = options.now();
  const file = sealBundle(options, bundle, { ...bundle, entries, now });
  const held = [...bundle.held, ...entries.flatMap(({ id, hasSecret }) => (hasSecret ? [id] : []))];
  const digest = digestEntries(options.crypto, entries);
  const hash = toHex(options.crypto.sha256(file));
  return { file, bundle: { ...bundle, refreshed: now, held, digest, hash } };
}

function writesOf(bundle: BundleRecord | undefined): ReturnType<Change>["rootWrites"] & object {
  return bundle === undefined ? [] : [bundleWrite(bundle)];
}

async function reportSealed(
  store: OpenStore,
  { file, bundle }: { readonly file?: Uint8Array; readonly bundle?: BundleRecord },
  durable: boolean,
): Promise<SealedBundle> {
  if (bundle === undefined) throw new TypeError("the bundle was not sealed");
  const state = stateOf(store, await sourceOf(store), bundle);
  wipe(bundle.rootKey);
  return { bundle: state, file, durable };
}

/** What a bundle shows, it shows to whoever has its token. */
function requireShowable(entries: readonly BundleEntry[], isConfirmed: boolean): void {
  const guarded = entries.find((entry) => entry.useOnly);
  if (guarded !== undefined && !isConfirmed) throw useOnly(guarded.path);
}

function requireFreePath(bundles: readonly BundleRecord[], path: string): void {
  const known = bundles.find((bundle) => bundle.path === path);
  if (known !== undefined) throw fileIsTaken(known);
}

function wouldBeEmpty({ id, label }: Pick<BundleInfo, "id" | "label">): PmError {
  return new PmError(
    "not-found",
    `the bundle "${label}" would be empty: none of its entries is there any more`,
    {
      hint: `forget it, or give it entries: pm bundle rm ${id.slice(0, SHOWN_ID_DIGITS)}`,
    },
  );
}

function findBundle(bundles: readonly BundleRecord[], id: string): BundleRecord {
  const found = bundles.find((bundle) => bundle.id === id);
  if (found !== undefined) return found;
  throw new PmError("not-found", `the vault knows no bundle ${id}`, { hint: "pm bundle ls" });
}

async function sourceOf(store: OpenStore): Promise<EntrySource> {
  const { index, content } = await store.snapshot();
  return {
    rows: index.rows,
    record: ([id, offset, length]) => parseRecord(content.record({ offset, length }), id),
  };
}

function draftSource(draft: VaultDraft): EntrySource {
  return {
    rows: draft.index.rows,
    record: ([id]) => {
      const record = draft.original(id);
      if (record === undefined) throw new TypeError("a row without its record");
      return record;
    },
  };
}

/** One that would be too large can't be sealed: it is stale, and a refresh says why it fails. */
function stateOf({ options }: OpenStore, source: EntrySource, bundle: BundleRecord): BundleState {
  try {
    const entries = selectEntries(source, bundle);
    const isStale = digestEntries(options.crypto, entries) !== bundle.digest;
    return { ...infoOf(bundle), entries: entries.length, isStale };
  } catch (error) {
    if (!hasCode(error, "limit")) throw error;
    return { ...infoOf(bundle), entries: 0, isStale: true };
  }
}

/** Without keys. */
function infoOf(bundle: BundleRecord): BundleInfo {
  const { id, label, only, fields, path, created, refreshed, notAfter, hash } = bundle;
  return { id, label, only, fields, path, created, refreshed, notAfter, hash };
}

/** Of the entries that are still there; the others have no name any more. */
function pathsOf(draft: VaultDraft, ids: readonly string[]): readonly string[] {
  const paths = ids.flatMap((id) => {
    const record = draft.original(id);
    return record === undefined || isPurgedRecord(record) ? [] : [viewEntry(record).path];
  });
  return paths.toSorted();
}
