/** Entries as a KeePass database that opens in KeePassXC, KeePass 2 and whatever else reads KDBX 4. */
import { fromHex, toBase64 } from "../bytes.ts";
import type { KdbxCredentials } from "../kdbx/composite-key.ts";
import type { KdbxEntry, KdbxGroup } from "../kdbx/database.ts";
import { type SealMeans, sealKdbx } from "../kdbx/seal.ts";
import { noonOf } from "../kdbx/time.ts";
import { toVersions } from "./kdbx-history.ts";
import type { LossReport } from "./exported.ts";
import { FAVOURITE_KEY, type KdbxSource, TYPE_KEY } from "./kdbx-source.ts";
import { toStrings } from "./kdbx-strings.ts";

const BIN_NAME = "Recycle Bin";

/**
 * The bytes of a file: KDBX 4.0 with Argon2id at `means.params`, ChaCha20 and gzip. Folders become groups, the
 * trash the recycle bin, earlier values earlier versions. Reading it again gives the same entries; what KDBX
 * can't say is reported, except that its times are whole seconds, and that it has no use-only and no recipe.
 *
 * ```ts
 * const crypto = await kdbxCrypto(backend, globalThis.crypto.subtle);
 * const means = { crypto, random, now, params: KDF_PROFILES[DEFAULT_KDF_PROFILE] };
 * const bytes = await writeKdbx(entries, { password }, means, report);
 * ```
 * @throws PmError "no-memory".
 */
export async function writeKdbx(
  entries: readonly KdbxSource[],
  credentials: KdbxCredentials,
  means: SealMeans,
  report: LossReport,
): Promise<Uint8Array> {
  const newId = (): string => toBase64(means.random(16));
  const [root, bin] = [newFolder("pm", newId()), newFolder(BIN_NAME, newId())];
  for (const source of entries) {
    const top = source.trashed ? bin : root;
    const folders = source.path.split("/").slice(0, -1);
    const folder = folders.reduce((parent, name) => folderIn(parent, name, newId), top);
    folder.entries.push(toEntry(source, report));
  }
  const group = toGroup(root);
  const database = {
    root: { ...group, groups: [...group.groups, toGroup(bin)] },
    description: "",
    customData: [],
    recycleBin: bin.uuid,
  };
  return sealKdbx(database, credentials, means);
}

function toEntry(source: KdbxSource, report: LossReport): KdbxEntry {
  const { strings, files } = toStrings(source, source.fields, report);
  const entry: KdbxEntry = {
    uuid: toBase64(fromHex(source.id) ?? new Uint8Array(16)),
    strings,
    attachments: [...files, ...source.attachments],
    tags: toTags(source, report),
    created: source.created,
    modified: source.modified,
    expires: source.expires === undefined ? undefined : noonOf(source.expires),
    overrideUrl: "",
    autoType: { isEnabled: true, defaultSequence: "", associations: [] },
    customData: [
      { key: TYPE_KEY, value: source.type },
      ...(source.favourite ? [{ key: FAVOURITE_KEY, value: "true" }] : []),
    ],
    isChecked: true,
    hasIcon: false,
    hasColours: false,
    previousParent: undefined,
    history: [],
  };
  const history = toVersions(source, report).map(({ time, fields }) => ({
    ...entry,
    strings: toStrings(source, fields, () => {}).strings,
    attachments: [],
    modified: time,
  }));
  return { ...entry, history };
}

/** KeePass parts tags with these two. */
function toTags({ tags, path }: KdbxSource, report: LossReport): string[] {
  return tags.map((tag) => {
    if (!/[;,]/.test(tag)) return tag;
    report({ what: `the punctuation of the tag "${tag}"`, path });
    return tag.replaceAll(/[;,]/g, " ");
  });
}

interface Folder {
  readonly name: string;
  readonly uuid: string;
  readonly folders: Map<string, Folder>;
  readonly entries: KdbxEntry[];
}

function newFolder(name: string, uuid: string): Folder {
  return { name, uuid, folders: new Map(), entries: [] };
}

function folderIn(parent: Folder, name: string, newId: () => string): Folder {
  const folder = parent.folders.get(name) ?? newFolder(name, newId());
  parent.folders.set(name, folder);
  return folder;
}

function toGroup({ name, uuid, folders, entries }: Folder): KdbxGroup {
  return {
    uuid,
    name,
    notes: "",
    tags: [],
    defaultSequence: "",
    customData: [],
    previousParent: undefined,
    groups: Array.from(folders.values(), toGroup),
    entries,
  };
}
