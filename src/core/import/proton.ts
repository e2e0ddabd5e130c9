/**
 * Proton Pass: data.json, alone or with the files of items in a ZIP archive. Written after
 * packages/pass of ProtonMail/WebClients: lib/export (types.ts, archive.ts) and types/protobuf (item-v1.proto).
 */
import { fromUtf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { parseForeignJson } from "./foreign-json.ts";
import type { Imported, ImportedAttachment, ImportedEntry, Skipped } from "./imported.ts";
import { type ForeignObject, listOf, member, objectOf, textOf } from "./json-parts.ts";
import { protonItem } from "./proton-item.ts";
import { ENCRYPTED, FILES, DATA, isArmor, isProtonData } from "./proton-signs.ts";
import type { ImportFile, Reader } from "./reader.ts";
import { openZip, type Zip } from "./zip.ts";
import { zipNames } from "./zip-names.ts";

/** Of the first exports with files: "ab12cd34ab12cd34-name". */
const FILE_ID = /^[^-]{16}-/;

/** @throws PmError "usage" */
export const readProtonJson: Reader = async (file) => await readData(file.json(), noFiles());

/** Opens a message of OpenPGP. */
export type OpenMessage = (message: Uint8Array) => Promise<Uint8Array>;

/** @throws PmError "usage" or "limit" */
export const readProtonZip: Reader = async (file) => {
  const zip = openZip(file.bytes);
  return await readData(dataOf(await zip.read(DATA)), filesOf(zip));
};

/**
 * The message is the JSON; in early versions it was the whole archive.
 * @throws PmError "usage", "limit", and what `open` throws
 */
export async function readProtonPgp({ bytes }: ImportFile, open: OpenMessage): Promise<Imported> {
  const isArmored = isArmor(bytes);
  const outer = isArmored ? undefined : openZip(bytes);
  const content = await open(isArmored ? bytes : ((await outer?.read(ENCRYPTED)) ?? new Uint8Array()));
  const inner = zipNames(content).length > 0 ? openZip(content) : undefined;
  const data = inner === undefined ? content : await inner.read(DATA);
  const zip = inner ?? outer;
  return await readData(dataOf(data), zip === undefined ? noFiles() : filesOf(zip));
}

function dataOf(bytes: Uint8Array | undefined): unknown {
  return parseForeignJson(fromUtf8(bytes ?? new Uint8Array()) ?? "");
}

async function readData(data: unknown, files: Files): Promise<Imported> {
  if (!isProtonData(data)) {
    throw new PmError("usage", "the export of Proton Pass is damaged: it holds no vaults", {
      hint: "export it anew in Proton Pass: Settings, Export",
    });
  }
  const entries: ImportedEntry[] = [];
  const skipped: Skipped[] = [];
  for (const vault of Object.values(objectOf(member(data, "vaults")) ?? {})) {
    for (const item of listOf(member(vault, "items"))) {
      const folders = [textOf(member(vault, "name")), ...foldersOf(vault, textOf(member(item, "folderId")))];
      const entry = protonItem(item);
      const what = [...folders, entry?.title ?? ""].join("/");
      if (entry === undefined) {
        skipped.push({ what, why: "it is no item" });
        continue;
      }
      const names = listOf(member(item, "files")).map(textOf);
      const { attachments, missing } = await files.take([...new Set(names)]);
      entries.push({ ...entry, folders, attachments });
      skipped.push(
        ...missing.map((name) => ({ what: `${what}: ${name}`, why: "the export lacks the file" })),
      );
    }
  }
  const left = files.left().map((what) => ({ what, why: "no item names the file" }));
  return { entries, skipped: [...skipped, ...left] };
}

/** From the outermost to the one with that id. A circle of folders ends where it began. */
function foldersOf(vault: unknown, id: string): readonly string[] {
  const byId = new Map<string, ForeignObject>();
  for (const folder of listOf(member(vault, "folders"))) {
    byId.set(textOf(member(folder, "folderId")), objectOf(folder) ?? {});
  }
  const names: string[] = [];
  const seen = new Set<string>();
  for (
    let next = id;
    byId.has(next) && !seen.has(next);
    next = textOf(member(byId.get(next), "parentFolderId"))
  ) {
    seen.add(next);
    names.unshift(textOf(member(byId.get(next), "name")));
  }
  return names;
}

interface Found {
  readonly attachments: readonly ImportedAttachment[];
  readonly missing: readonly string[];
}

interface Files {
  take(names: readonly string[]): Promise<Found>;
  /** What no item has taken. */
  left(): readonly string[];
}

function noFiles(): Files {
  return { take: async (missing) => ({ attachments: [], missing }), left: () => [] };
}

function filesOf(zip: Zip): Files {
  const paths = zip.names.filter((name) => name.startsWith(FILES));
  const byName = new Map(paths.map((path) => [path.slice(FILES.length), path]));
  const byId = new Map([...byName].map(([name, path]) => [FILE_ID.exec(name)?.[0].slice(0, -1), path]));
  const taken = new Set<string>();
  const find = async (name: string): Promise<ImportedAttachment | undefined> => {
    // As the exporter makes a name of an archive from that of a file.
    const path = byName.get(name.replace(/[/\\]/g, "_")) ?? byId.get(name);
    const bytes = path === undefined ? undefined : await zip.read(path);
    if (path === undefined || bytes === undefined) return undefined;
    taken.add(path);
    return { name: byId.get(name) === path ? path.slice(FILES.length).replace(FILE_ID, "") : name, bytes };
  };
  return {
    take: async (names) => {
      const found = await Promise.all(names.map(async (name) => ({ name, file: await find(name) })));
      return {
        attachments: found.flatMap(({ file }) => file ?? []),
        missing: found.flatMap(({ name, file }) => (file === undefined ? [name] : [])),
      };
    },
    left: () => zip.names.filter((name) => name !== DATA && name !== ENCRYPTED && !taken.has(name)),
  };
}
