/** Stores of pass and gopass: every file opened by gpg, all or nothing. */
import { gopassSecret } from "../../core/import/gopass-text.ts";
import type { ImportedEntry } from "../../core/import/imported.ts";
import { passSecret, type StoredSecret } from "../../core/import/pass-text.ts";
import { type ProgramHelp, type FolderReader, MAX_IMPORT_BYTES } from "../../core/import/reader.ts";
import { gpgDecrypt, requireGpg } from "./gpg.ts";
import { readStored, type StoredFile, storedFiles } from "./pass-store.ts";

/** Each is a process; the agent answers them one after the other anyway. */
const AT_ONCE = 4;

export const readPassStore: FolderReader = readerOf(passSecret);
export const readGopassStore: FolderReader = readerOf(gopassSecret);

type Parse = (bytes: Uint8Array, name: string) => StoredSecret;

/** @throws PmError of the first file that can't be opened, named; "limit" where they hold too much together */
function readerOf(parse: Parse): FolderReader {
  return async (folder, help) => {
    const { files, skipped } = await storedFiles(folder);
    requireGpg(help.env);
    const [first, ...rest] = files;
    const budget = { left: MAX_IMPORT_BYTES };
    // Alone: the passphrase is asked for once, and whoever cancels is not asked again.
    const head = first === undefined ? [] : [await openOne(first, { parse, help, budget })];
    const others = await help.withProgress(async () => await openAll(rest, { parse, help, budget }));
    return { entries: [...head, ...others], skipped };
  };
}

interface Opening {
  readonly parse: Parse;
  readonly help: ProgramHelp;
  /** Bytes that all of them may still hold. */
  readonly budget: { left: number };
}

async function openAll(files: readonly StoredFile[], opening: Opening): Promise<readonly ImportedEntry[]> {
  const entries = new Map<StoredFile, ImportedEntry>();
  const waiting = files.values();
  const failure = new AbortController();
  const signal = AbortSignal.any([opening.help.signal, failure.signal]);
  const help = { ...opening.help, signal };
  const work = async (): Promise<void> => {
    for (const file of waiting) entries.set(file, await openOne(file, { ...opening, help }));
  };
  const workers = Array.from({ length: AT_ONCE }, async () => {
    await work().catch((error: unknown) => {
      // The reason of a signal that is aborted stays the first.
      failure.abort(error);
    });
  });
  await Promise.all(workers);
  if (failure.signal.aborted) throw failure.signal.reason;
  return files.flatMap((file) => entries.get(file) ?? []);
}

async function openOne(file: StoredFile, { parse, help, budget }: Opening): Promise<ImportedEntry> {
  const what = `"${file.name}" in the store`;
  const bytes = await gpgDecrypt(await readStored(file), { ...help, what, limit: budget.left });
  budget.left -= bytes.length;
  const folders = file.name.split("/");
  const title = folders.pop() ?? "";
  return { folders, title, ...parse(bytes, title), tags: [], favourite: false, history: [], trashed: false };
}
