/** The operation log of the next version: what is there, what the change says of it, and the change itself. */
import type { VaultDraft } from "./draft.ts";
import { type Image, imageOf } from "./image.ts";
import type { Extent } from "./layout.ts";
import {
  boundLog,
  encodeOperation,
  type Operation,
  parseLog,
  withoutEntries,
  withoutImages,
} from "./op-log.ts";
import type { Stamp } from "./register.ts";
import type { Outcome } from "./revision.ts";

/** @param mark the save, and the command that it is of */
export function nextLog(
  draft: VaultDraft,
  outcome: Outcome,
  mark: Stamp & { readonly by: string },
): readonly (Extent | Uint8Array)[] {
  const added = addedOperation(draft, outcome, mark);
  const before = (outcome.merged?.operations ?? []).flatMap(encodeOperation);
  const own = ownRecords(draft, outcome);
  const records = added === undefined ? [] : encodeOperation(added);
  const kept = boundLog<Extent | Uint8Array>([...before, ...own], records);
  return boundData(draft, kept, records);
}

/** Attachments that only the log mentions may take so much; the newest operation, as much as it does. */
const MAX_LOG_DATA_BYTES = 33_554_432;

/** The log without its oldest records where these keep too much data that no entry has any longer. */
function boundData(
  draft: VaultDraft,
  kept: readonly (Extent | Uint8Array)[],
  added: readonly Uint8Array[],
): readonly (Extent | Uint8Array)[] {
  const counted = new Set(draft.entryMentions());
  let bytes = 0;
  const count = (part: Extent | Uint8Array): void => {
    for (const sha256 of draft.logMentions(part)) {
      if (!counted.has(sha256)) bytes += draft.contents.size(sha256) ?? 0;
      counted.add(sha256);
    }
  };
  for (const part of added) count(part);
  let from = kept.length;
  for (const part of kept.toReversed()) {
    count(part);
    if (bytes > MAX_LOG_DATA_BYTES) break;
    from--;
  }
  return [...kept.slice(from), ...added];
}

/** Undefined where there is nothing to say. */
function addedOperation(
  draft: VaultDraft,
  outcome: Outcome,
  mark: Stamp & { readonly by: string },
): Operation | undefined {
  const gone = new Set(outcome.erased);
  const kind = outcome.kind ?? "change";
  const images: Image[] = [];
  for (const record of draft.replaced()) {
    const image = gone.has(record.id) ? undefined : imageOf(draft.original(record.id), record);
    if (image !== undefined) images.push(image);
  }
  if (kind === "silent" || (kind === "change" && images.length === 0)) return undefined;
  const operation: Operation = { ...mark, kind, count: images.length + gone.size, images };
  return kind === "barrier" ? withoutImages(operation) : operation;
}

/** What is there, as it is; behind a barrier, and where values are erased, without what tells them. */
function ownRecords(draft: VaultDraft, { kind, erased = [] }: Outcome): readonly (Extent | Uint8Array)[] {
  if (kind !== "barrier" && erased.length === 0) return draft.root.log;
  const gone = new Set(erased);
  return parseLog(draft.logRecords())
    .map((operation) => withoutEntries(operation, gone))
    .map((operation) => (kind === "barrier" ? withoutImages(operation) : operation))
    .flatMap(encodeOperation);
}
