/**
 * Which saves of which replica a vault knows. Each save leaves a random tag, so that two histories
 * written under one replica id (a cloned machine) are told apart: docs/format.md section 6.3.
 */
import { PmError } from "../errors.ts";
import { isArray, isCount, isObject, isString, type Json } from "./json.ts";
import { REPLICA } from "./register.ts";

/** One save: its number within the replica and 64 random bits as 16 hex digits. */
export type Save = readonly [seq: number, tag: string];

/** For each replica its newest save first, then a thinning selection of older ones. */
export type VersionVector = Readonly<Record<string, readonly [Save, ...Save[]]>>;

const MAX_REPLICAS = 1024;
const MAX_SAVES = 256;
/** So many of the newest saves keep their tags, and so many in each doubling of the distance. */
const DENSE_SAVES = 8;
const SAVES_PER_OCTAVE = 4;

/** The number of the newest save of `replica`, 0 where it never wrote. */
export function newestSeq(vector: VersionVector, replica: string): number {
  return savesOf(vector, replica)[0]?.[0] ?? 0;
}

/** The tag that `replica` left at its save `seq`; undefined where it is not known (any more). */
export function tagAt(vector: VersionVector, replica: string, seq: number): string | undefined {
  return savesOf(vector, replica).find(([number]) => number === seq)?.[1];
}

function savesOf(vector: VersionVector, replica: string): readonly Save[] {
  return Object.hasOwn(vector, replica) ? (vector[replica] ?? []) : [];
}

/**
 * The vector after one more save of `replica`.
 * @throws PmError "limit" where it would name more replicas than a reader takes
 */
export function addSave(vector: VersionVector, replica: string, save: Save): VersionVector {
  if (!Object.hasOwn(vector, replica) && Object.keys(vector).length >= MAX_REPLICAS) {
    throw new PmError("limit", `the vault was written from ${MAX_REPLICAS} places, and takes no more`, {
      hint: "write to it from one of them",
    });
  }
  const older = savesOf(vector, replica).filter(([seq]) => isKept(seq, save[0]));
  return { ...vector, [replica]: [save, ...older] };
}

/**
 * All of the newest saves, then ever fewer: those whose number is a multiple of a power of two that
 * grows with the distance. What one save drops, no later save would have kept.
 */
function isKept(seq: number, newest: number): boolean {
  const distance = newest - seq;
  if (distance < DENSE_SAVES) return true;
  return seq % 2 ** Math.floor(Math.log2(distance / SAVES_PER_OCTAVE)) === 0;
}

/** The vector that `json` is, or undefined where it breaks a rule. */
export function parseVersionVector(json: Json | undefined): VersionVector | undefined {
  if (!isObject(json)) return undefined;
  const entries = Object.entries(json);
  const valid =
    entries.length <= MAX_REPLICAS &&
    entries.every(([replica, saves]) => REPLICA.test(replica) && isSaves(saves));
  return valid ? (json as unknown as VersionVector) : undefined;
}

function isSaves(json: Json): boolean {
  if (!isArray(json) || json.length === 0 || json.length > MAX_SAVES) return false;
  let previous = Number.POSITIVE_INFINITY;
  for (const save of json) {
    if (!isArray(save) || save.length !== 2) return false;
    const [seq, tag] = save;
    if (!isCount(seq) || seq < 1 || seq >= previous || !isString(tag) || !/^[0-9a-f]{16}$/.test(tag))
      return false;
    previous = seq;
  }
  return true;
}
