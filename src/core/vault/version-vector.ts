/**
 * Which saves of which replica a vault knows. Each save leaves a random tag, so that two histories
 * written under one replica id (a cloned machine) are told apart: docs/format.md section 6.3.
 */
import { toBase64url } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";
import { isArray, isCount, isObject, isString, type Json } from "./json.ts";
import { REPLICA } from "./register.ts";

/**
 * One history of a replica: the number of its newest save, and the tags of its saves, newest first, four
 * characters each. The newest 4,096 saves keep theirs.
 */
export type Branch = readonly [seq: number, tags: string];

/** For each replica its history; several only where two machines wrote under one id. */
export type VersionVector = Readonly<Record<string, readonly [Branch, ...Branch[]]>>;

const MAX_REPLICAS = 1024;
const MAX_BRANCHES = 16;
const MAX_TAGS = 4096;
const TAG_BYTES = 3;
const TAG_CHARS = 4;

/** 24 random bits as four characters of base64url. */
export function newTag(random: Random): string {
  return toBase64url(random(TAG_BYTES));
}

/** The number of the newest save of `replica`, 0 where it never wrote. */
export function newestSeq(vector: VersionVector, replica: string): number {
  return branchesOf(vector, replica)[0]?.[0] ?? 0;
}

/** The tag that `replica` left at its save `seq`; undefined where it is not known, or not the only one. */
export function tagAt(vector: VersionVector, replica: string, seq: number): string | undefined {
  const [branch, second] = branchesOf(vector, replica);
  if (branch === undefined || second !== undefined) return undefined;
  return tagsOf(branch, seq, seq) || undefined;
}

function branchesOf(vector: VersionVector, replica: string): readonly Branch[] {
  return Object.hasOwn(vector, replica) ? (vector[replica] ?? []) : [];
}

/** The tags of the saves `from` to `to` (the newest first), as far as the branch has them. */
function tagsOf([seq, tags]: Branch, from: number, to: number): string {
  return to > seq ? "" : tags.slice((seq - to) * TAG_CHARS, (seq - from + 1) * TAG_CHARS);
}

/**
 * The vector after one more save of `replica`, which must not have two histories.
 * @throws PmError "limit" where it would name more replicas than a reader takes
 */
export function addSave(vector: VersionVector, replica: string, tag: string): VersionVector {
  const [branch] = branchesOf(vector, replica);
  if (branch === undefined && Object.keys(vector).length >= MAX_REPLICAS) throw tooManyReplicas();
  const [seq, tags] = branch ?? [0, ""];
  const next: Branch = [seq + 1, tag + tags.slice(0, (MAX_TAGS - 1) * TAG_CHARS)];
  return { ...vector, [replica]: [next] };
}

function tooManyReplicas(): PmError {
  return new PmError("limit", `the vault was written from ${MAX_REPLICAS} places, and takes no more`, {
    hint: "write to it from one of them",
  });
}

/**
 * The newest save up to which two branches of one replica are the same history, 0 where that can't be
 * told: where one is over 4,096 saves behind the other.
 */
function sharedSeq(a: Branch, b: Branch): number {
  const high = Math.min(a[0], b[0]);
  const low = Math.max(oldestTag(a), oldestTag(b));
  const [x, y] = [tagsOf(a, low, high), tagsOf(b, low, high)];
  if (x === y) return low > high ? 0 : high;
  // From the oldest on: behind the point where two histories part, equal tags are chance.
  let same = 0;
  for (let end = x.length; end > 0 && sameTag(x, y, end - TAG_CHARS); end -= TAG_CHARS) same++;
  return same === 0 ? 0 : low + same - 1;
}

function sameTag(x: string, y: string, at: number): boolean {
  return x.slice(at, at + TAG_CHARS) === y.slice(at, at + TAG_CHARS);
}

function oldestTag([seq]: Branch): number {
  return Math.max(1, seq - MAX_TAGS + 1);
}

/** A save of a replica: what a sibling says of its write. */
export interface Dot {
  readonly replica: string;
  readonly seq: number;
}

/**
 * Whether what was written in `from` at a dot is known to `to`. Where `from` has several histories of the
 * replica a dot may belong to any of them, and `to` must know them all: too little counts as known, never
 * too much.
 */
export function knowledge(from: VersionVector, to: VersionVector): (dot: Dot) => boolean {
  const shared = new Map<string, readonly (readonly [head: number, known: number])[]>();
  for (const [replica, branches] of Object.entries(from)) {
    const others = branchesOf(to, replica);
    shared.set(
      replica,
      branches.map((branch) => [branch[0], Math.max(0, ...others.map((other) => sharedSeq(branch, other)))]),
    );
  }
  return ({ replica, seq }) => {
    const candidates = (shared.get(replica) ?? []).filter(([head]) => head >= seq);
    return candidates.length > 0 && candidates.every(([, known]) => known >= seq);
  };
}

/**
 * All that either vector knows. @throws PmError "limit" where that is more than a reader takes
 */
export function joinVectors(a: VersionVector, b: VersionVector): VersionVector {
  const joined: Record<string, readonly [Branch, ...Branch[]]> = {};
  for (const replica of [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()) {
    const [first, ...more] = joinBranches([...branchesOf(a, replica), ...branchesOf(b, replica)]);
    if (more.length >= MAX_BRANCHES) {
      throw new PmError("limit", `${MAX_BRANCHES + 1} machines write to the vault under one replica id`, {
        hint: "merge them one after the other, on each of them",
      });
    }
    if (first !== undefined) joined[replica] = [first, ...more];
  }
  if (Object.keys(joined).length > MAX_REPLICAS) throw tooManyReplicas();
  return joined;
}

/** Those that no other one continues, the longest first. */
function joinBranches(branches: readonly Branch[]): readonly Branch[] {
  const kept: Branch[] = [];
  for (const branch of branches.toSorted(compareBranches)) {
    if (!kept.some((longer) => sharedSeq(branch, longer) === branch[0])) kept.push(branch);
  }
  return kept;
}

function compareBranches(a: Branch, b: Branch): number {
  if (a[0] !== b[0]) return b[0] - a[0];
  return a[1] < b[1] ? -1 : Number(a[1] > b[1]);
}

/** The vector that `json` is, or undefined where it breaks a rule. */
export function parseVersionVector(json: Json | undefined): VersionVector | undefined {
  if (!isObject(json)) return undefined;
  const entries = Object.entries(json);
  const valid =
    entries.length <= MAX_REPLICAS &&
    entries.every(([replica, branches]) => REPLICA.test(replica) && areBranches(branches));
  return valid ? (json as unknown as VersionVector) : undefined;
}

/** Longest first, and of one length in the order of their tags; no two are the same. */
function areBranches(json: Json): boolean {
  if (!isArray(json) || json.length === 0 || json.length > MAX_BRANCHES) return false;
  let previous: Branch | undefined;
  for (const item of json) {
    if (!isBranch(item) || (previous !== undefined && compareBranches(previous, item) >= 0)) return false;
    previous = item;
  }
  return true;
}

function isBranch(json: Json): json is [number, string] {
  if (!isArray(json) || json.length !== 2) return false;
  const [seq, tags] = json;
  if (!isCount(seq) || seq < 1 || !isString(tags)) return false;
  return tags.length === TAG_CHARS * Math.min(seq, MAX_TAGS) && /^[A-Za-z0-9_-]*$/.test(tags);
}
