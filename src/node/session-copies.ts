/** Other copies of an open vault: compared, merged into it, or their content taken back. */
import { Key } from "../core/crypto/keys.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { compareCopies, type Difference } from "../core/vault/compare.ts";
import { OTHER_ROOT_KEY, wipeCredentials } from "../core/vault/credentials.ts";
import { VaultDraft } from "../core/vault/draft.ts";
import { readHeader } from "../core/vault/format.ts";
import type { Header } from "../core/vault/header.ts";
import { readWholeContent } from "../core/vault/layout.ts";
import { type Copy, mergeCopy, type MergeReport, requireSameVault } from "../core/vault/merge-copies.ts";
import type { Change } from "../core/vault/revision.ts";
import type { CopyReport, CopySource, MergeResult } from "../core/vault/session.ts";
import { takeContent } from "../core/vault/take-content.ts";
import type { Guard } from "../core/vault/use-only.ts";
import { openVaultFile, type VaultFile } from "./file-checks.ts";
import type { OpenStore } from "./open-store.ts";
import { ofFile } from "./other-file.ts";
import { Snapshot } from "./snapshot.ts";
import { hashFile } from "./vault-rewrite.ts";
import { unwrapWith } from "./vault-store.ts";

export async function compareWith(store: OpenStore, source: CopySource): Promise<readonly Difference[]> {
  using copy = await openCopy(store, source);
  return compareCopies(draftOf(await store.snapshot()), copy.draft);
}

/** `pm restore`: the entries only. Slots and root key stay as they are. */
export async function restoreFrom(store: OpenStore, source: CopySource, guard: Guard): Promise<CopyReport> {
  using copy = await openCopy(store, source);
  let differences: readonly Difference[] = [];
  const change: Change = (draft, context) => {
    differences = takeContent(draft, copy.draft, context);
    return {};
  };
  if (compareCopies(draftOf(await store.snapshot()), copy.draft).length === 0)
    return { differences, durable: true };
  const durable = await store.rewrite({ change: guard(change) });
  return { differences, durable };
}

export async function mergeFrom(
  store: OpenStore,
  source: CopySource,
  options: { readonly dryRun: boolean; readonly strict: boolean },
): Promise<MergeResult> {
  using copy = await openCopy(store, source);
  const { crypto } = store.options;
  const snapshot = await store.snapshot();
  const { unlocked } = store;
  const here = { header: snapshot.header, rootKey: unlocked.rootKey.bytes };
  const first = mergeCopy(crypto, { ...here, draft: draftOf(snapshot), hash: copy.hash }, copy);
  requireAgreed(first.report, options);
  if (options.dryRun || !first.report.isNew) return { report: first.report, durable: true };
  let { report } = first;
  const change: Change = (draft, _context, header) => {
    const merged = mergeCopy(crypto, { ...here, header, draft, hash: copy.hash }, copy);
    ({ report } = merged);
    requireAgreed(report, options);
    return merged.outcome;
  };
  const durable = await store.rewrite({ change });
  return { report, durable };
}

/** @throws PmError "conflict" where nobody is to choose between values, and somebody would have to */
function requireAgreed({ conflicts }: MergeReport, { strict }: { readonly strict: boolean }): void {
  const [first] = conflicts;
  if (!strict || first === undefined) return;
  const more = conflicts.length === 1 ? "" : `, and ${conflicts.length - 1} more`;
  throw new PmError("conflict", `both copies changed "${first.path}" (${first.names.join(", ")})${more}`, {
    hint: "merge without --strict, then: pm conflicts",
  });
}

interface OpenCopy extends Copy, Disposable {}

/** The copy, read and verified whole. Its own key is tried only where this vault's does not open it. */
async function openCopy(store: OpenStore, { path, credentials }: CopySource): Promise<OpenCopy> {
  try {
    using file = openVaultFile(path);
    const { crypto } = store.options;
    const header = readHeader(crypto, file);
    requireSameVault((await store.snapshot()).header, header);
    using kept = new DisposableStack();
    const isOwn = openedByOwnKey(store, file);
    const key = isOwn
      ? new Key(store.unlocked.rootKey.bytes.slice())
      : await otherRootKey(store, header, credentials);
    const { bytes: rootKey } = kept.use(key);
    using snapshot = new Snapshot(crypto, { read: file.read, size: file.size }, rootKey);
    const content = readWholeContent(snapshot.body);
    kept.defer(() => content.release());
    const hash = hashFile(file);
    const draft = new VaultDraft(content);
    const opened = kept.move();
    return { header, draft, rootKey, hash, [Symbol.dispose]: () => opened.dispose() };
  } catch (error) {
    throw ofFile(error, path);
  } finally {
    if (credentials !== undefined) wipeCredentials(credentials);
  }
}

function openedByOwnKey(store: OpenStore, { read, size }: VaultFile): boolean {
  try {
    new Snapshot(store.options.crypto, { read, size }, store.unlocked.rootKey.bytes)[Symbol.dispose]();
    return true;
  } catch (error) {
    if (hasCode(error, "body-commitment")) return false;
    throw error;
  }
}

async function otherRootKey(
  store: OpenStore,
  header: Header,
  credentials: CopySource["credentials"],
): Promise<Key> {
  if (credentials === undefined) {
    throw new PmError("locked", OTHER_ROOT_KEY, {
      hint: "give it by --copy-password-file FILE or --copy-key-file FILE",
    });
  }
  return (await unwrapWith(store.options.crypto, header, credentials)).rootKey;
}

/** A draft to look at. Its content is freed with the garbage. */
function draftOf(snapshot: Snapshot): VaultDraft {
  return new VaultDraft(readWholeContent(snapshot.body));
}
