/**
 * Exports made after packages/pass of ProtonMail/WebClients: lib/export/types.ts and archive.ts for what holds what,
 * types/protobuf/protos/item-v1.proto for the items, lib/import/providers/protonpass for what older ones have.
 */
import { utf8 } from "../../src/core/bytes.ts";
import type { Imported, ImportedEntry } from "../../src/core/import/imported.ts";
import { readProtonJson } from "../../src/core/import/proton.ts";
import { readBytes } from "./imported.ts";

export interface Shape {
  readonly content?: object;
  readonly metadata?: object;
  readonly extraFields?: readonly object[];
  readonly platformSpecific?: object;
  readonly [name: string]: unknown;
}

export function item(type: string, shape: Shape = {}): object {
  const { content = {}, metadata, extraFields = [], platformSpecific, ...rest } = shape;
  return {
    itemId: "i",
    shareId: "s",
    state: 1,
    aliasEmail: null,
    contentFormatVersion: 7,
    createTime: 1_689_182_868,
    modifyTime: 1_689_182_900,
    pinned: false,
    shareCount: 0,
    data: {
      type,
      metadata: { name: "Title", note: "", itemUuid: "e8ee1a0c", ...metadata },
      extraFields,
      content,
      ...(platformSpecific === undefined ? {} : { platformSpecific }),
    },
    ...rest,
  };
}

export function data(items: readonly unknown[], vault: object = {}): object {
  return {
    version: "1.31.0",
    userId: "u",
    encrypted: false,
    vaults: { v1: { name: "Personal", description: "", display: { color: 0, icon: 0 }, items, ...vault } },
  };
}

export const bytesOf = (value: unknown): Uint8Array => utf8(JSON.stringify(value));

export async function readItems(items: readonly unknown[], vault: object = {}): Promise<Imported> {
  return await readBytes(readProtonJson, bytesOf(data(items, vault)));
}

export async function entryOf(type: string, shape: Shape = {}): Promise<ImportedEntry> {
  return (await readItems([item(type, shape)])).entries[0] as ImportedEntry;
}
