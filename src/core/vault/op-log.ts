/**
 * The operation log: what each save did, and what it takes to undo it (docs/format.md section 6.6). Its
 * records stand beside the entries, sealed like them; the oldest are dropped over the limits.
 */
import {
  encodeJson,
  isArray,
  isCount,
  isDeeper,
  isString,
  type Json,
  MAX_DEPTH,
  parseCanonicalObject,
} from "./json.ts";
import { damaged } from "./header.ts";
import { MAX_RECORD_BYTES } from "./layout.ts";
import type { Image, RegisterImage } from "./image.ts";
import { ENTRY_ID, parseHistory, parseValue } from "./record.ts";
import { parseSibling, type Stamp } from "./register.ts";

/**
 * "change": can be undone. "barrier": can't, and nothing before it. "merged": came with another copy, whose
 * merge is an operation of its own. "bare": what it replaced is not kept (any more).
 */
export type OperationKind = "change" | "barrier" | "merged" | "bare";

const KINDS: readonly OperationKind[] = ["change", "barrier", "merged", "bare"];

export interface Operation extends Stamp {
  readonly kind: OperationKind;
  /** The command, as "trash empty". */
  readonly by: string;
  /** How many entries it touched; a bare one names only some of them. */
  readonly count: number;
  readonly images: readonly Image[];
}

const MAX_OPERATIONS = 100;
const MAX_LOG_BYTES = 2_097_152;
/** An operation that replaced more than this is kept bare. */
const MAX_OPERATION_BYTES = 16_777_216;
const MAX_BARE_ENTRIES = 20;
/** An image stands in the list of images, in the record. */
const IMAGE_DEPTH = 2;

const MEMBERS = ["v", "op", "by", "kind", "count", "part", "e"];

/** The records of one operation: several where its images need over 1 MiB. */
export function encodeOperation(operation: Operation): readonly Uint8Array[] {
  const encodePart = (n: number, of: number, images: readonly Json[]): Uint8Array =>
    encodeJson({
      v: 1,
      op: [operation.replica, operation.seq, operation.hlc],
      by: operation.by,
      kind: operation.kind,
      count: operation.count,
      part: [n, of],
      e: images,
    });
  if (operation.images.length === 0) return [encodePart(1, 1, [])];
  // No operation has so many parts.
  const room = MAX_RECORD_BYTES - encodePart(9999, 9999, []).length;
  const parts = split(operation.images, room);
  if (parts === undefined) return encodeOperation(smaller(operation));
  return parts.map((images, n) => encodePart(n + 1, parts.length, images));
}

/** Without values; where the names alone are too much, without them. */
function smaller(operation: Operation): Operation {
  const bare = withoutImages(operation);
  return JSON.stringify(bare) === JSON.stringify(operation) ? { ...bare, images: [] } : bare;
}

/** The images as JSON, in lists of at most `room` bytes each; undefined where they are too large, or too deep. */
function split(images: readonly Image[], room: number): readonly (readonly Json[])[] | undefined {
  const parts: Json[][] = [[]];
  let [length, total] = [0, 0];
  for (const image of images) {
    const json = imageJson(image);
    const size = encodeJson(json).length + 1;
    total += size;
    if (size > room || total > MAX_OPERATION_BYTES) return undefined;
    // A value stands a level or two deeper than in its record.
    if (isDeeper(json, MAX_DEPTH - IMAGE_DEPTH)) return undefined;
    if (length + size > room) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(json);
    length += size;
  }
  return parts;
}

function imageJson({ id, path, registers, history }: Image): Json {
  return [
    id,
    path,
    registers.map(({ key, before }) => (before === undefined ? [key] : [key, before])),
    history,
  ];
}

/** The operation as it is shown for ever: what was touched, and no value. */
export function withoutImages(operation: Operation): Operation {
  const kind = operation.kind === "change" ? "bare" : operation.kind;
  const images = operation.images.slice(0, MAX_BARE_ENTRIES).map(({ id, path, registers }): Image => ({
    id,
    path,
    registers: registers.map(({ key, before }) => ({
      key,
      before: before?.length === 0 ? before : undefined,
    })),
    history: 0,
  }));
  return { ...operation, kind, images };
}

/** Without everything that tells of these entries: their values were erased for ever. */
export function withoutEntries(operation: Operation, erased: ReadonlySet<string>): Operation {
  if (!operation.images.some(({ id }) => erased.has(id))) return operation;
  return { ...operation, images: operation.images.filter(({ id }) => !erased.has(id)) };
}

/** One record of the log. */
interface Part {
  readonly operation: Operation;
  /** Its number, from 1, and of how many. */
  readonly n: number;
  readonly of: number;
}

/**
 * The operations in the records of a log, in their order. One of which the oldest parts were dropped
 * already is bare.
 * @throws PmError "record-invalid"
 */
export function parseLog(records: readonly Uint8Array[]): readonly Operation[] {
  const operations: Operation[] = [];
  let before: Part | undefined;
  for (const record of records) {
    const part = parsePart(record);
    if (!follows(before, part)) throw invalid("its parts do not follow each other");
    if (before === undefined || before.n === before.of) {
      operations.push(part.n === 1 ? part.operation : withoutImages(part.operation));
    } else {
      const last = operations.pop() ?? part.operation;
      const joined = { ...last, images: [...last.images, ...part.operation.images] };
      operations.push(last.kind === part.operation.kind ? joined : withoutImages(joined));
    }
    before = part;
  }
  if (before !== undefined && before.n < before.of) throw invalid("its last part is missing");
  return operations;
}

/** Whether `part` goes on with the operation before it where that has more parts, and only there. */
function follows(before: Part | undefined, part: Part): boolean {
  if (before === undefined) return true;
  const isSame = JSON.stringify(headOf(before.operation)) === JSON.stringify(headOf(part.operation));
  if (before.n === before.of) return part.n === 1 || !isSame;
  return isSame && part.of === before.of && part.n === before.n + 1;
}

function headOf({ images: _, ...head }: Operation): Omit<Operation, "images"> {
  return head;
}

const invalid = (rule: string): ReturnType<typeof damaged> =>
  damaged("record-invalid", `a record of the vault's operation log is invalid: ${rule}`);

function parsePart(bytes: Uint8Array): Part {
  const { v, op, by, kind, count, part, e } = parseCanonicalObject(bytes, MEMBERS, invalid);
  if (v !== 1) throw invalid("its version is unknown");
  const stamp = isArray(op) ? parseSibling([null, ...op], () => 0) : undefined;
  const known = KINDS.find((word) => word === kind);
  if (stamp === undefined || known === undefined || !isString(by) || !isCount(count)) {
    throw invalid("its head is malformed");
  }
  const [n, of, more] = isArray(part) ? part : [];
  const isPart = isCount(n) && isCount(of) && more === undefined && n >= 1 && n <= of;
  if (!isPart || !isArray(e)) throw invalid("its parts are malformed");
  const images = e.map((image) => parseImage(image, known));
  const { replica, seq, hlc } = stamp;
  return { operation: { replica, seq, hlc, by, kind: known, count, images }, n, of };
}

function parseImage(json: Json, kind: OperationKind): Image {
  const [id, path, registers, history] = isArray(json) && json.length === 4 ? json : [];
  const isHistory =
    history === 0 ||
    (kind === "change" && (isCount(history) || (isArray(history) && history.every(parseHistory))));
  if (!isString(id) || !ENTRY_ID.test(id) || !isString(path) || !isArray(registers) || !isHistory) {
    throw invalid("an entry is malformed");
  }
  return { id, path, registers: registers.map((register) => parseRegisterImage(register, kind)), history };
}

/** Only a change has values; that there were none any operation may say. */
function parseRegisterImage(json: Json, kind: OperationKind): RegisterImage {
  const [key, before, more] = isArray(json) ? json : [];
  const isKept = isArray(before) && (kind === "change" || before.length === 0);
  const isLeftOut = before === undefined && kind !== "change";
  if (!isString(key) || !(isKept || isLeftOut) || more !== undefined)
    throw invalid("a register is malformed");
  if (isKept && !before.every((value) => parseValue(key, value) !== undefined)) {
    throw invalid("a register is malformed");
  }
  return { key, before: isKept ? before : undefined };
}

/**
 * The log after one more operation: the oldest records dropped over the limits, all of the new ones kept.
 * @param kept the records before, with their sizes
 */
export function boundLog<T extends { readonly length: number }>(
  kept: readonly T[],
  added: readonly Uint8Array[],
): readonly T[] {
  let bytes = [...kept, ...added].reduce((sum, { length }) => sum + length, 0);
  let from = 0;
  while (
    from < kept.length &&
    (kept.length - from + added.length > MAX_OPERATIONS || bytes > MAX_LOG_BYTES)
  ) {
    bytes -= kept[from]?.length ?? 0;
    from++;
  }
  return kept.slice(from);
}
