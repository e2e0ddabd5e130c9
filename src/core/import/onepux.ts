/**
 * 1Password's 1PUX: a ZIP archive with export.attributes, export.data (JSON) and files/. Written after
 * support.1password.com/1pux-format; docs/import-vendors.md says where everything goes.
 */
import { fromUtf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { parseForeignJson } from "./foreign-json.ts";
import { listOf, member, objectOf, textOf } from "./json-parts.ts";
import type { ImportedAttachment, ImportedEntry, Skipped } from "./imported.ts";
import { onePuxItem, type OnePuxFile } from "./onepux-item.ts";
import type { Reader } from "./reader.ts";
import { openZip, type Zip } from "./zip.ts";

const DATA = "export.data";
const ATTRIBUTES = "export.attributes";

/** @throws PmError "usage" or "limit" */
export const readOnePux: Reader = async (file) => {
  const zip = openZip(file.bytes);
  const accounts = listOf(member(await dataOf(zip), "accounts"));
  const places = accounts.flatMap((account) => placesOf(account, accounts.length > 1));
  const titles = new Map(places.map(({ item }) => [textOf(member(item, "uuid")), titleOf(item)]));
  const files = createFiles(zip);
  const entries: ImportedEntry[] = [];
  const skipped: Skipped[] = [];
  for (const { folders, item, document } of places) {
    const what = [...folders, titleOf(item)].join("/");
    if (objectOf(member(item, "overview")) === undefined && objectOf(member(item, "details")) === undefined) {
      skipped.push({ what, why: "it is empty" });
      continue;
    }
    const read = onePuxItem(item, (id) => titles.get(id));
    const found = await files.take([...read.files, ...document]);
    entries.push({ ...read.entry, folders, attachments: found.attachments });
    skipped.push(
      ...found.missing.map((name) => ({ what: `${what}: ${name}`, why: "the export lacks the file" })),
    );
  }
  const left = files.left(new Set([DATA, ATTRIBUTES, ...picturesOf(accounts)]));
  return { entries, skipped: [...skipped, ...left.map((what) => ({ what, why: "no item names the file" }))] };
};

async function dataOf(zip: Zip): Promise<unknown> {
  const bytes = await zip.read(DATA);
  const data = parseForeignJson(fromUtf8(bytes ?? new Uint8Array()) ?? "");
  if (Array.isArray(member(data, "accounts"))) return data;
  throw new PmError("usage", "the 1PUX export is damaged: export.data holds no accounts", {
    hint: "export it anew in 1Password: File, Export",
  });
}

interface Place {
  readonly folders: readonly string[];
  readonly item: unknown;
  readonly document: readonly OnePuxFile[];
}

/** Early versions of the format have each item in an object of its own, with a file beside it. */
function placesOf(account: unknown, isOneOfSeveral: boolean): readonly Place[] {
  const names = ["accountName", "name", "email"].map((name) =>
    textOf(member(member(account, "attrs"), name)),
  );
  const outer = isOneOfSeveral ? [names.find((name) => name !== "") ?? "account"] : [];
  return listOf(member(account, "vaults")).flatMap((vault) => {
    const folders = [...outer, textOf(member(member(vault, "attrs"), "name"))];
    return listOf(member(vault, "items")).map((wrapped) => ({
      folders,
      item: member(wrapped, "item") ?? wrapped,
      document: documentOf(member(wrapped, "file")),
    }));
  });
}

function documentOf(file: unknown): readonly OnePuxFile[] {
  const [id, name, path] = [
    textOf(member(member(file, "attrs"), "uuid")),
    textOf(member(member(file, "attrs"), "name")),
    textOf(member(file, "path")),
  ];
  return path === "" && id === "" ? [] : [{ id, name: name || path, path }];
}

function titleOf(item: unknown): string {
  return textOf(member(member(item, "overview"), "title"));
}

/** Of accounts and vaults; pm has none. */
function picturesOf(accounts: readonly unknown[]): readonly string[] {
  const owners = accounts.flatMap((account) => [account, ...listOf(member(account, "vaults"))]);
  return owners.map((owner) => `files/${textOf(member(member(owner, "attrs"), "avatar"))}`);
}

interface Files {
  take(wanted: readonly OnePuxFile[]): Promise<{
    readonly attachments: readonly ImportedAttachment[];
    readonly missing: readonly string[];
  }>;
  /** What nothing has taken and `known` does not name. */
  left(known: ReadonlySet<string>): readonly string[];
}

function createFiles(zip: Zip): Files {
  const taken = new Set<string>();
  const byId = new Map(zip.names.map((name) => [/^files\/(.+?)__/.exec(name)?.[1], name]));
  const names = new Set(zip.names);
  const pathOf = ({ id, name, path }: OnePuxFile): string | undefined =>
    [`files/${id}__${name}`, `files/${path}`].find((place) => names.has(place)) ?? byId.get(id);
  return {
    take: async (wanted) => {
      const attachments = new Map<string, ImportedAttachment>();
      const missing: string[] = [];
      for (const file of wanted) {
        const path = pathOf(file);
        const bytes = path === undefined ? undefined : await zip.read(path);
        if (path === undefined || bytes === undefined) missing.push(file.name || file.id);
        else attachments.set(path, { name: file.name || file.id, bytes });
        taken.add(path ?? "");
      }
      return { attachments: [...attachments.values()], missing };
    },
    left: (known) => zip.names.filter((name) => !taken.has(name) && !known.has(name)),
  };
}
