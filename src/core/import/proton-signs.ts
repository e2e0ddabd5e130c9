/** By what exports of Proton Pass are known, and where things stand in them (lib/export/archive.ts). */
import { fromUtf8 } from "../bytes.ts";
import { member, objectOf, textOf } from "./json-parts.ts";
import type { ImportFile } from "./reader.ts";

const FOLDER = "Proton Pass";
export const DATA: string = `${FOLDER}/data.json`;
export const FILES: string = `${FOLDER}/files/`;
export const ENCRYPTED: string = `${FOLDER}/data.pgp`;
const ARMOR = "-----BEGIN PGP MESSAGE-----";

/** Whether the JSON is one: vaults by their ids, each with its items. */
export function isProtonData(data: unknown): boolean {
  const vaults = objectOf(member(data, "vaults"));
  if (vaults === undefined || textOf(member(data, "version")) === "") return false;
  return Object.values(vaults).every((vault) => Array.isArray(member(vault, "items")));
}

/** Whether an archive with these names is one. */
export function isProtonZip(names: readonly string[]): boolean {
  return names.includes(DATA);
}

/** Whether the data is a message of OpenPGP: alone, or in an archive with the files. */
export function isProtonPgp(file: Pick<ImportFile, "bytes" | "zipNames">): boolean {
  return isArmor(file.bytes) || file.zipNames().includes(ENCRYPTED);
}

export function isArmor(bytes: Uint8Array): boolean {
  return fromUtf8(bytes.subarray(0, ARMOR.length)) === ARMOR;
}
