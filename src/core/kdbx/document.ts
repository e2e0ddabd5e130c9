/** The document of a KeePass database, read: groups, entries, their earlier versions and their files. */
import { damaged } from "./byte-reader.ts";
import type { KdbxDatabase } from "./database.ts";
import { readEntry, readGroup, readItems } from "./document-entry.ts";
import {
  childNamed,
  childrenNamed,
  decodeBase64,
  type Element,
  isTrue,
  textOf,
  treeBuilder,
} from "./document-tree.ts";
import { type Budget, gunzipWhole } from "./gzip.ts";
import type { KeyStream } from "./key-stream.ts";
import { xmlParser } from "./xml.ts";

export interface DocumentContext {
  /** Undefined in a plain XML export. */
  readonly unmask: KeyStream | undefined;
  /** Files that stand before the document (KDBX 4), by their number. */
  readonly pool: readonly Uint8Array[];
  readonly budget: Budget;
}

export interface KdbxDocument {
  readonly database: KdbxDatabase;
  /** Base64, of KDBX 3.1: the SHA-256 of the header. "" where it is not said. */
  readonly headerHash: string;
}

/** A file of an entry whose bytes are found once the whole document is read. */
export interface PendingFile {
  readonly name: string;
  bytes: Uint8Array | undefined;
  /** The number of a file in the pool, or undefined where `data` is in place. */
  readonly ref: string | undefined;
  readonly data: Element | undefined;
}

/** @throws PmError "corrupt", "limit". */
export async function readDocument(
  chunks: AsyncIterable<Uint8Array>,
  { unmask, pool, budget }: DocumentContext,
): Promise<KdbxDocument> {
  const files: PendingFile[] = [];
  const tree = treeBuilder(unmask, (element) => reduce(element, files));
  const parser = xmlParser(tree);
  for await (const chunk of chunks) parser.write(chunk);
  parser.end();
  const root = tree.root();
  if (root?.name !== "KeePassFile") throw damaged("it holds no KeePass document");
  const meta = childNamed(root, "Meta");
  await fillFiles(files, await readPool(meta, pool, budget), budget);
  return { database: toDatabase(root, meta), headerHash: textOf(meta, "HeaderHash") };
}

/** Entries and groups become what they are at once: as elements they would take ten times the memory. */
function reduce(element: Element, files: PendingFile[]): void {
  if (element.name === "Entry") element.entry = readEntry(element, files);
  else if (element.name === "Group") element.group = readGroup(element);
  else return;
  element.children = [];
  element.text = "";
}

function toDatabase(root: Element, meta: Element | undefined): KdbxDatabase {
  const container = childNamed(root, "Root");
  const group = container && childNamed(container, "Group")?.group;
  if (group === undefined) throw damaged("it has no group");
  return {
    root: group,
    description: textOf(meta, "DatabaseDescription"),
    customData: readItems(meta),
    recycleBin: textOf(meta, "RecycleBinUUID") || undefined,
  };
}

type Pool = ReadonlyMap<string, Uint8Array>;

/** KDBX 3.1 and XML keep files in the document, under "Meta". */
async function readPool(
  meta: Element | undefined,
  before: readonly Uint8Array[],
  budget: Budget,
): Promise<Pool> {
  const pool = new Map(before.map((bytes, number) => [String(number), bytes]));
  const binaries = meta && childNamed(meta, "Binaries");
  for (const element of binaries === undefined ? [] : childrenNamed(binaries, "Binary")) {
    pool.set(element.attributes["ID"] ?? "", await dataOf(element, budget));
  }
  return pool;
}

async function fillFiles(files: readonly PendingFile[], pool: Pool, budget: Budget): Promise<void> {
  for (const file of files) {
    file.bytes = file.data === undefined ? pool.get(file.ref ?? "") : await dataOf(file.data, budget);
  }
}

async function dataOf(element: Element, budget: Budget): Promise<Uint8Array> {
  const bytes = element.bytes ?? decodeBase64(element.text);
  if (bytes === undefined) throw damaged("the data of a file");
  return isTrue(element.attributes["Compressed"]) ? gunzipWhole(bytes, budget) : bytes;
}
