/** The root record: revision, parents, key epoch, slot book, and where later records stand. */
import type { PmError } from "../errors.ts";
import { damaged, MAX_FILE_BYTES } from "./header.ts";
import {
  encodeJson,
  isArray,
  isCount,
  isObject,
  isString,
  type Json,
  type JsonObject,
  parseCanonicalObject,
  requireMembers,
} from "./json.ts";
import { pieceLengths } from "./contents.ts";
import type { Extent } from "./layout.ts";
import { type ContentRef, contentRef, contentRefJson } from "./record.ts";
import { parseSibling, type Register, shownValue, siblingJson } from "./register.ts";

export interface RootRecord {
  /** Saves since the beginning, over all replicas. */
  readonly rev: number;
  /** SHA-256 of the files this one came from, 64 hex digits each: one, or two after a merge. */
  readonly parents: readonly string[];
  /** Counts the vault root keys, from 1. */
  readonly keyEpoch: number;
  /** The slot book and vault-wide settings, by register key. */
  readonly registers: ReadonlyMap<string, Register>;
  /** Operation log and attachment data: records of their own, each at most 1 MiB. */
  readonly log: readonly Extent[];
  readonly attachments: readonly Extent[];
  /** What stands in `attachments`, in its order: see contents.ts. */
  readonly contents: readonly ContentRef[];
  /** The root keys that this one replaced, oldest first. */
  readonly keyHistory: readonly KeyChange[];
  /** In a share (kind 2) only. */
  readonly share?: ShareFacts;
  readonly unknown: JsonObject;
}

/** What a share says of itself: people know it as a bundle. */
export interface ShareFacts {
  readonly label: string;
  /** When it was sealed, epoch milliseconds. */
  readonly created: number;
  /** When it ends; null: never. */
  readonly notAfter: number | null;
}

/** A renewal of the root key, so that who knows the old one can tell it from a forgery. */
export interface KeyChange {
  /** Of the key that was replaced. */
  readonly epoch: number;
  /** 32 hex digits: names the replaced key without telling anything of it. */
  readonly keyId: string;
  /** 64 hex digits, made with the replaced key: of the next epoch and the id of the next key. */
  readonly mac: string;
}

/** What the slot book says of a slot; its register is `slot:<32 hex digits>`, null once removed. */
export interface SlotBookEntry {
  readonly label: string;
  /** Epoch milliseconds. */
  readonly created: number;
}

export const SLOT_KEY_PREFIX = "slot:";

const invalid = (rule: string): PmError =>
  damaged("record-invalid", `the vault's root record is invalid: ${rule}`);

const MEMBERS = ["v", "rev", "parents", "keyEpoch", "r", "log", "attachments"];
const OPTIONAL = ["keyHistory", "share", "contents"];

/** @throws PmError "record-invalid" */
export function parseRoot(bytes: Uint8Array): RootRecord {
  const json = parseCanonicalObject(bytes, MEMBERS, invalid);
  const { v, rev, parents, keyEpoch, r, log, attachments, keyHistory, share, contents, ...unknown } = json;
  const optional = OPTIONAL.filter((name) => json[name] !== undefined);
  requireMembers(json, [...MEMBERS, ...optional], invalid);
  if (v !== 1) throw invalid("its version is unknown");
  if (!isCount(rev) || rev < 1 || !isCount(keyEpoch) || keyEpoch < 1)
    throw invalid("its counters are malformed");
  if (!isArray(parents) || !parents.every((parent) => isString(parent) && /^[0-9a-f]{64}$/.test(parent))) {
    throw invalid("its parents are malformed");
  }
  return {
    rev,
    parents: parents as readonly string[],
    keyEpoch,
    registers: parseRegisters(r),
    log: parseExtents(log),
    ...parseContents(attachments, contents),
    keyHistory: parseKeyHistory(keyHistory),
    ...(share === undefined ? {} : { share: parseShare(share) }),
    unknown,
  };
}

function parseRegisters(json: Json | undefined): ReadonlyMap<string, Register> {
  if (!isArray(json)) throw invalid("its registers are missing");
  const registers = new Map<string, Register>();
  for (const item of json) {
    if (!isArray(item) || item.length !== 2) throw invalid("a register is malformed");
    const [key, siblings] = item;
    if (!isString(key) || registers.has(key) || !isArray(siblings) || siblings.length === 0) {
      throw invalid("a register is malformed");
    }
    const register = siblings.map((sibling) => {
      const parsed = parseSibling(sibling, (value) => value);
      if (parsed === undefined) throw invalid("a register is malformed");
      return parsed;
    });
    registers.set(key, register);
  }
  return registers;
}

function parseExtents(json: Json | undefined): readonly Extent[] {
  if (!isArray(json)) throw invalid("a list of records is missing");
  return json.map((item) => {
    if (!isArray(item) || item.length !== 2) throw invalid("a list of records is malformed");
    const [offset, length] = item;
    if (!isCount(offset) || !isCount(length)) throw invalid("a list of records is malformed");
    return { offset, length };
  });
}

/** The contents take the first records of attachments; what stands behind them is of a later version. */
function parseContents(
  records: Json | undefined,
  json: Json | undefined,
): Pick<RootRecord, "attachments" | "contents"> {
  const attachments = parseExtents(records);
  if (json !== undefined && (!isArray(json) || json.length === 0))
    throw invalid("its contents are malformed");
  const contents = (json ?? []).map((item) => {
    const ref = contentRef(item);
    if (ref === undefined) throw invalid("its contents are malformed");
    return ref;
  });
  const total = contents.reduce((sum, { size }) => sum + size, 0);
  const isWhole =
    total <= MAX_FILE_BYTES && new Set(contents.map(({ sha256 }) => sha256)).size === contents.length;
  const lengths = isWhole ? contents.flatMap(({ size }) => pieceLengths(size)) : [];
  if (!isWhole || lengths.some((length, n) => length !== attachments[n]?.length))
    throw invalid("its contents are malformed");
  return { attachments, contents };
}

function parseKeyHistory(json: Json | undefined): readonly KeyChange[] {
  if (json === undefined) return [];
  if (!isArray(json) || json.length === 0) throw invalid("its key history is malformed");
  return json.map((item) => {
    const [epoch, keyId, mac] = isArray(item) && item.length === 3 ? item : [];
    const isWhole =
      isString(keyId) && /^[0-9a-f]{32}$/.test(keyId) && isString(mac) && /^[0-9a-f]{64}$/.test(mac);
    if (!isCount(epoch) || epoch < 1 || !isWhole) throw invalid("its key history is malformed");
    return { epoch, keyId, mac };
  });
}

function parseShare(json: Json): ShareFacts {
  if (!isObject(json)) throw invalid("what it says of the share is malformed");
  const { label, created, notAfter } = json;
  const isWhole = isString(label) && isCount(created) && (notAfter === null || isCount(notAfter));
  requireMembers(json, ["label", "created", "notAfter"], invalid);
  if (!isWhole) throw invalid("what it says of the share is malformed");
  return { label, created, notAfter };
}

export function encodeRoot(root: RootRecord): Uint8Array {
  const r = [...root.registers].map(([key, register]) => [key, register.map(siblingJson)]);
  const extents = (list: readonly Extent[]): Json => list.map(({ offset, length }) => [offset, length]);
  return encodeJson({
    v: 1,
    rev: root.rev,
    parents: root.parents,
    keyEpoch: root.keyEpoch,
    r,
    log: extents(root.log),
    attachments: extents(root.attachments),
    ...(root.keyHistory.length === 0
      ? {}
      : { keyHistory: root.keyHistory.map(({ epoch, keyId, mac }) => [epoch, keyId, mac]) }),
    ...(root.share === undefined ? {} : { share: shareJson(root.share) }),
    ...(root.contents.length === 0 ? {} : { contents: root.contents.map(contentRefJson) }),
    ...root.unknown,
  });
}

function shareJson({ label, created, notAfter }: ShareFacts): Json {
  return { label, created, notAfter };
}

/** The slot book's words on the slot with this id (hex); undefined where it has none. */
export function slotBookEntry(root: RootRecord, id: string): SlotBookEntry | undefined {
  const value = shownValue(root.registers.get(SLOT_KEY_PREFIX + id));
  if (!isObject(value)) return undefined;
  const { label, created } = value;
  return isString(label) && isCount(created) ? { label, created } : undefined;
}
