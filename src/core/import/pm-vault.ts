/** A vault of pm as an export: what pm export seals, or any other file of one that has a password. */
import { joined } from "../bytes.ts";
import { readConflicts } from "../vault/conflicts.ts";
import { storedContents } from "../vault/contents.ts";
import { viewEntry } from "../vault/entry-view.ts";
import { bytesSource, openBody, readHeader } from "../vault/format.ts";
import { type Content, readWholeContent } from "../vault/layout.ts";
import type { Entry } from "../vault/model.ts";
import { withoutNextValues } from "../vault/next-value.ts";
import { KEY, parseRecord } from "../vault/record.ts";
import { parseRoot, type RootRecord } from "../vault/root.ts";
import type { Conflict } from "../vault/session.ts";
import { unwrapRootKey } from "../vault/slot.ts";
import { verifyContent } from "../vault/verify.ts";
import { isPurged, parseIndex } from "../vault/vault-index.ts";
import type { Imported, ImportedEntry, ImportedValue, Skipped } from "./imported.ts";
import type { ImportFile, ReaderHelp } from "./reader.ts";

/** @throws PmError "auth" where the password is wrong, and the codes of a damaged vault */
export async function readPmVault(file: ImportFile, { crypto, password }: ReaderHelp): Promise<Imported> {
  const source = bytesSource(file.bytes);
  const header = readHeader(crypto, source);
  const { rootKey } = await unwrapRootKey(crypto, header, password === undefined ? {} : { password });
  using _key = rootKey;
  using body = openBody(crypto, source, { header, rootKey: rootKey.bytes });
  const content = readWholeContent(body);
  try {
    verifyContent(crypto, content);
    return entriesOf(content);
  } finally {
    content.release();
  }
}

function entriesOf(content: Content): Imported {
  const { rows, root: extent } = parseIndex(content.index);
  const root = parseRoot(content.record(extent));
  const conflicts = readConflicts(rows, content, { confirmed: true });
  const entries = rows
    .filter((row) => !isPurged(row))
    .map(([id, offset, length]) => viewEntry(parseRecord(content.record({ offset, length }), id)))
    .map(withoutNextValues);
  return {
    entries: entries.map((entry) =>
      entryOf(
        entry,
        conflicts.filter(({ id }) => id === entry.id),
        { root, content },
      ),
    ),
    skipped: conflicts.flatMap(undecided),
  };
}

function entryOf(
  entry: Entry,
  conflicts: readonly Conflict[],
  from: { readonly root: RootRecord; readonly content: Content },
): ImportedEntry {
  const { path, type, fields, tags, favourite, expires, useOnly, recipe, created, trashed } = entry;
  const folders = path.split("/");
  const title = folders.pop() ?? "";
  return {
    folders,
    title,
    type,
    fields,
    tags,
    favourite,
    ...(expires === undefined ? {} : { expires }),
    ...(useOnly ? { useOnly } : {}),
    ...(recipe === undefined ? {} : { recipe }),
    created,
    history: historyOf(entry, conflicts),
    attachments: attachmentsOf(entry, from),
    trashed,
  };
}

/** Oldest first; the values that are not shown of a field that holds several are among them. */
function historyOf({ history }: Entry, conflicts: readonly Conflict[]): readonly ImportedValue[] {
  const others = conflicts
    .filter(({ key }) => key.startsWith(KEY.field))
    .flatMap(({ name, values }) =>
      values
        .slice(1)
        .flatMap(({ value, written }) => (value === undefined ? [] : [{ field: name, value, written }])),
    );
  return [...history.toReversed(), ...others].toSorted((a, b) => a.written - b.written);
}

function attachmentsOf(
  { attachments }: Entry,
  { root, content }: { readonly root: RootRecord; readonly content: Content },
): ImportedEntry["attachments"] {
  if (attachments.length === 0) return [];
  const stored = storedContents(root);
  return attachments.map(({ name, sha256 }) => ({
    name,
    bytes: joined((stored.get(sha256)?.pieces ?? []).map((extent) => content.record(extent))),
  }));
}

function undecided({ path, key, name }: Conflict): readonly Skipped[] {
  if (key.startsWith(KEY.field)) return [];
  return [{ what: `${path}: another value of ${name}`, why: "only the one that is shown is taken over" }];
}
