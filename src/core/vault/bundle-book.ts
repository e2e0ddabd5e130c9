/** The bundles that a vault remembers: registers `share:<id>` of its root record (docs/format.md section 6.5). */
import { fromBase64, toBase64 } from "../bytes.ts";
import { joinIds, splitIds } from "./bundle.ts";
import type { BundleInfo } from "./bundle-info.ts";
import { damaged, SLOT_BYTES } from "./header.ts";
import { isArray, isCount, isObject, isString, type Json } from "./json.ts";
import { distinctSiblings, type Register } from "./register.ts";
import type { RootRecord } from "./root.ts";

const PREFIX = "share:";
const KEY_BYTES = 32;
const ID_BYTES = 16;

export interface BundleRecord extends BundleInfo {
  /** Of the content that was sealed last, 64 hex digits. */
  readonly digest: string;
  /** Ids of all entries whose secrets ever stood in it. */
  readonly held: readonly string[];
  readonly rootKey: Uint8Array;
  readonly slot: Uint8Array;
}

/** By label, then id. @throws PmError "record-invalid" */
export function readBundles({ registers }: Pick<RootRecord, "registers">): readonly BundleRecord[] {
  const bundles = [...registers].flatMap(([key, register]) =>
    key.startsWith(PREFIX) ? readBundle(key.slice(PREFIX.length), register) : [],
  );
  return bundles.toSorted((a, b) => compare(a.label, b.label) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * One that a device removed while another sealed it anew is still there: its file may be, too. What two
 * devices put into it counts together.
 */
function readBundle(id: string, register: Register): readonly BundleRecord[] {
  const records = distinctSiblings(register).flatMap(({ value }) =>
    value === null ? [] : [parseBundle(id, value)],
  );
  const [shown] = records;
  if (shown === undefined) return [];
  return [{ ...shown, held: splitIds(joinIds(records.flatMap(({ held }) => held))) }];
}

const HASH = /^[0-9a-f]{64}$/;

function parseBundle(id: string, value: Json): BundleRecord {
  const { label, created, refreshed, notAfter, only, fields, path, digest, hash, held, key, slot } = isObject(
    value,
  )
    ? value
    : {};
  const [ids, rootKey, slotBytes] = [bytesOf(held), bytesOf(key), bytesOf(slot)];
  const isWhole =
    /^[0-9a-f]{32}$/.test(id) &&
    isString(label) &&
    isCount(created) &&
    isCount(refreshed) &&
    (notAfter === null || isCount(notAfter)) &&
    isTexts(only) &&
    (fields === null || isTexts(fields)) &&
    isString(path) &&
    isString(digest) &&
    isString(hash) &&
    HASH.test(digest) &&
    HASH.test(hash) &&
    ids.length % ID_BYTES === 0 &&
    rootKey.length === KEY_BYTES &&
    slotBytes.length === SLOT_BYTES;
  if (!isWhole) throw damaged("record-invalid", "the vault's root record is invalid: a bundle is malformed");
  const facts = { id, label, created, refreshed, notAfter, only, fields, path, digest, hash };
  return { ...facts, held: splitIds(ids), rootKey, slot: slotBytes };
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return isArray(value) && value.every(isString);
}

function bytesOf(value: Json | undefined): Uint8Array {
  return (isString(value) ? fromBase64(value) : undefined) ?? new Uint8Array(0);
}

/** The register of a bundle. */
export function bundleWrite(bundle: BundleRecord): readonly [string, Json] {
  const { id, label, created, refreshed, notAfter, only, fields, path, digest, hash } = bundle;
  const [held, key, slot] = [joinIds(bundle.held), bundle.rootKey, bundle.slot].map(toBase64);
  const facts = { label, created, refreshed, notAfter, only, fields, path, digest, hash };
  return [PREFIX + id, { ...facts, held, key, slot } as Json];
}

/** The register of a bundle that the vault forgets. */
export function bundleRemoval(id: string): readonly [string, Json] {
  return [PREFIX + id, null];
}
