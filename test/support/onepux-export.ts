/**
 * 1PUX files made after the description of the format at support.1password.com/1pux-format, with the ids of fields
 * that exports of 1Password have; bitwarden/clients (libs/importer, onepassword-1pux-importer-types.ts) and
 * keepassxreboot/keepassxc (src/format/OPUXReader.cpp) read the same.
 */
import type { Imported, ImportedEntry } from "../../src/core/import/imported.ts";
import { readOnePux } from "../../src/core/import/onepux.ts";
import { readBytes } from "./imported.ts";
import { zipOf } from "./zip-file.ts";

export const ATTRIBUTES = '{"version":3,"description":"1Password Unencrypted Export","createdAt":1585333569}';

type Files = Readonly<Record<string, string | Uint8Array>>;

export function onePux(data: unknown, files: Files = {}): Uint8Array {
  return zipOf({ "export.attributes": ATTRIBUTES, "export.data": JSON.stringify(data), ...files });
}

export function account(name: string, vaults: Readonly<Record<string, readonly unknown[]>>): object {
  return {
    attrs: {
      accountName: name,
      name,
      avatar: "me.png",
      email: `${name}@example.com`,
      uuid: "A",
      domain: "x",
    },
    vaults: Object.entries(vaults).map(([title, items]) => ({
      attrs: { uuid: `v-${title}`, desc: "", avatar: "", name: title, type: "P" },
      items,
    })),
  };
}

export async function readItems(items: readonly unknown[], files: Files = {}): Promise<Imported> {
  return await readBytes(readOnePux, onePux({ accounts: [account("Mara", { Personal: items })] }, files));
}

export interface Shape {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly overview?: object;
  readonly [name: string]: unknown;
}

export function item(categoryUuid: string, { details, overview, ...rest }: Shape): object {
  return {
    uuid: `u-${categoryUuid}`,
    favIndex: 0,
    createdAt: 1_614_298_956,
    updatedAt: 1_635_346_445,
    state: "active",
    categoryUuid,
    details: { loginFields: [], notesPlain: "", sections: [], passwordHistory: [], ...details },
    overview: { subtitle: "", title: "Title", url: "", ps: 0, pbe: 0, pgrng: false, ...overview },
    ...rest,
  };
}

/** A section whose fields are `id: [title, value]`. */
export function section(title: string, fields: Readonly<Record<string, readonly [string, unknown]>>): object {
  return {
    title,
    name: title.toLowerCase(),
    fields: Object.entries(fields).map(([id, [own, value]]) => ({
      title: own,
      id,
      value,
      guarded: false,
      multiline: false,
      dontGenerate: false,
      inputTraits: { keyboard: "default", correction: "default", capitalization: "default" },
    })),
  };
}

export async function entryOf(categoryUuid: string, shape: Shape, files: Files = {}): Promise<ImportedEntry> {
  const { entries } = await readItems([item(categoryUuid, shape)], files);
  return entries[0] as ImportedEntry;
}
