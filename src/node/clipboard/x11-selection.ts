/**
 * The clipboard of X: the selection CLIPBOARD, held and asked for as "Inter-Client Communication Conventions
 * Manual", version 2.0, section 2, has it.
 */
import { concat, wipe } from "../../core/bytes.ts";
import type { XConnection } from "./x11-connection.ts";
import { OPCODE, selectionNotify, type SelectionAsk, words, type XEvent } from "./x11-wire.ts";

/** What another program may ask the value as. Each gets the same bytes. */
const TEXT_TARGETS = ["UTF8_STRING", "STRING", "text/plain;charset=utf-8", "text/plain"];

/** Klipper and others keep nothing that is offered beside this one. */
const HINT_TARGET = "x-kde-passwordManagerHint";
const HINT = "secret";

const NAMES = ["CLIPBOARD", "TARGETS", "TIMESTAMP", "INCR", "ATOM", "INTEGER", HINT_TARGET, ...TEXT_TARGETS];
const PIECE_BYTES = 65_536;
const MAX_VALUE_BYTES = 64 * 1024 * 1024;
/** For those who were asking for the value when somebody else copied something; they may have died of it. */
const LAST_PIECES_MS = 5000;
const NONE = 0;
const REPLACE = 0;
const DELETE = 1;
const EVENT_MASK_VALUE = 0x800;
const PROPERTY_CHANGE = 0x40_00_00;

type Atoms = Readonly<Record<string, number>>;

async function atomsOf(x: XConnection): Promise<Atoms> {
  const atoms = await Promise.all(NAMES.map(async (name) => [name, await x.atom(name)] as const));
  return Object.fromEntries(atoms);
}

/** What the value is given as: the bytes of a property, their type, and how many bits each item has. */
interface Content {
  readonly bytes: Uint8Array;
  readonly type: number;
  readonly bits: 8 | 32;
}

/** A value on its way in pieces: the one who asked takes each away before the next comes. */
interface Transfer {
  readonly requestor: number;
  readonly property: number;
  readonly content: Content;
  sent: number;
}

export interface HeldClipboard {
  /** Somebody else has copied something, and whoever was asking for the value has it. */
  readonly lost: Promise<void>;
}

/**
 * Takes the clipboard over and serves `value`, which stays the caller's, for as long as the connection stands.
 * @throws Error where another program does not let go of it
 */
export async function holdClipboard(x: XConnection, value: Uint8Array): Promise<HeldClipboard> {
  const atoms = await atomsOf(x);
  const time = await x.time();
  const { promise, resolve } = Promise.withResolvers<void>();
  const transfers = new Set<Transfer>();
  let isLost = false;
  const answer = (event: XEvent): void => {
    if (event.kind === "selection-request") serve(x, event, { atoms, value, time, transfers });
    if (event.kind === "property" && event.isDeleted) sendPiece(x, event, transfers);
    if (event.kind === "selection-clear" && event.selection === atoms["CLIPBOARD"]) {
      isLost = true;
      setTimeout(resolve, LAST_PIECES_MS).unref();
    }
    if (isLost && transfers.size === 0) resolve();
  };
  x.listen(answer);
  x.send(OPCODE.setSelectionOwner, 0, words(x.window, atoms["CLIPBOARD"] ?? NONE, time));
  if ((await ownerOf(x, atoms)) !== x.window) throw new Error("another program holds the clipboard");
  return { lost: promise };
}

interface Offer {
  readonly atoms: Atoms;
  readonly value: Uint8Array;
  readonly time: number;
  readonly transfers: Set<Transfer>;
}

function serve(x: XConnection, ask: SelectionAsk & { readonly requestor: number }, offer: Offer): void {
  const content = contentFor(ask.target, offer);
  // A client of before 1989 names no property and means this one.
  const property = ask.property === NONE ? ask.target : ask.property;
  if (content !== undefined) put(x, { requestor: ask.requestor, property, content, sent: 0 }, offer);
  const answer = { ...ask, property: content === undefined ? NONE : property };
  x.send(OPCODE.sendEvent, 0, words(ask.requestor, 0), selectionNotify(ask.requestor, answer));
}

function contentFor(target: number, { atoms, value, time }: Offer): Content | undefined {
  const isAny = (names: readonly string[]): boolean => names.some((name) => atoms[name] === target);
  if (isAny(TEXT_TARGETS)) return { bytes: value, type: target, bits: 8 };
  if (isAny([HINT_TARGET]))
    return { bytes: Uint8Array.from(HINT, (c) => c.charCodeAt(0)), type: target, bits: 8 };
  if (isAny(["TIMESTAMP"])) return { bytes: words(time), type: atoms["INTEGER"] ?? NONE, bits: 32 };
  if (!isAny(["TARGETS"])) return undefined;
  const all = ["TARGETS", "TIMESTAMP", ...TEXT_TARGETS, HINT_TARGET].map((name) => atoms[name] ?? NONE);
  return { bytes: words(...all), type: atoms["ATOM"] ?? NONE, bits: 32 };
}

/** In one property, or where the server's requests are too short for it, in pieces (section 2.7.2). */
function put(x: XConnection, transfer: Transfer, { atoms, transfers }: Offer): void {
  const { requestor, property, content } = transfer;
  if (content.bytes.length <= x.maxPropertyBytes) return change(x, requestor, property, content);
  x.send(OPCODE.changeWindowAttributes, 0, words(requestor, EVENT_MASK_VALUE, PROPERTY_CHANGE));
  change(x, requestor, property, {
    bytes: words(content.bytes.length),
    type: atoms["INCR"] ?? NONE,
    bits: 32,
  });
  transfers.add(transfer);
}

/** The next piece for who has taken one; the last is empty. */
function sendPiece(
  x: XConnection,
  taken: XEvent & { readonly kind: "property" },
  transfers: Set<Transfer>,
): void {
  for (const transfer of transfers) {
    const { requestor, property, content, sent } = transfer;
    if (taken.window !== requestor || taken.atom !== property) continue;
    const piece = content.bytes.subarray(sent, sent + Math.min(PIECE_BYTES, x.maxPropertyBytes));
    change(x, requestor, property, { ...content, bytes: piece });
    transfer.sent += piece.length;
    if (piece.length === 0) transfers.delete(transfer);
  }
}

function change(x: XConnection, window: number, property: number, { bytes, type, bits }: Content): void {
  const items = bytes.length / (bits / 8);
  x.send(OPCODE.changeProperty, REPLACE, words(window, property, type, bits, items), bytes);
}

/** The text in the clipboard now, which the caller owns; empty where there is none. */
export async function readClipboard(x: XConnection): Promise<Uint8Array> {
  const atoms = await atomsOf(x);
  if ((await ownerOf(x, atoms)) === NONE) return new Uint8Array();
  const mine = await x.atom("PM_CLIPBOARD");
  const told = x.next((event) => (event.kind === "selection-notify" ? event : undefined));
  const [selection, target] = [atoms["CLIPBOARD"] ?? NONE, atoms["UTF8_STRING"] ?? NONE];
  x.send(OPCODE.convertSelection, 0, words(x.window, selection, target, mine, await x.time()));
  if ((await told).property === NONE) return new Uint8Array();
  const isNew = (): Promise<true> =>
    x.next((event) =>
      event.kind === "property" && event.atom === mine && !event.isDeleted ? true : undefined,
    );
  // Waited for before the property is taken away, which is what brings the first piece.
  let piece = isNew();
  piece.catch(() => undefined);
  const whole = await takeProperty(x, mine);
  if (whole.type !== atoms["INCR"]) return whole.bytes;
  const pieces: Uint8Array[] = [];
  for (let length = 0; length <= MAX_VALUE_BYTES;) {
    await piece;
    piece = isNew();
    piece.catch(() => undefined);
    const { bytes } = await takeProperty(x, mine);
    if (bytes.length === 0) break;
    pieces.push(bytes);
    length += bytes.length;
  }
  const value = concat(...pieces);
  wipe(...pieces);
  return value;
}

/** All of a property of our window, which is gone then. */
async function takeProperty(x: XConnection, property: number): Promise<{ type: number; bytes: Uint8Array }> {
  const parts: Uint8Array[] = [];
  for (let length = 0; ;) {
    const request = words(x.window, property, NONE, length / 4, PIECE_BYTES / 4);
    const reply = await x.ask(OPCODE.getProperty, DELETE, request);
    const bytes = new Uint8Array(reply.buffer, 32, (reply.getUint32(16, true) * reply.getUint8(1)) / 8);
    parts.push(bytes);
    length += bytes.length;
    if (reply.getUint32(12, true) > 0) continue;
    const whole = concat(...parts);
    wipe(...parts);
    return { type: reply.getUint32(8, true), bytes: whole };
  }
}

/**
 * Empties the clipboard if it holds what `isOurs` knows. What somebody else copies meanwhile stays: the server
 * compares the times.
 */
export async function clearClipboard(x: XConnection, isOurs: (value: Uint8Array) => boolean): Promise<void> {
  const time = await x.time();
  const value = await readClipboard(x);
  const isHeld = isOurs(value);
  wipe(value);
  if (!isHeld) return;
  const atoms = await atomsOf(x);
  x.send(OPCODE.setSelectionOwner, 0, words(NONE, atoms["CLIPBOARD"] ?? NONE, time));
  await ownerOf(x, atoms);
}

async function ownerOf(x: XConnection, atoms: Atoms): Promise<number> {
  const reply = await x.ask(OPCODE.getSelectionOwner, 0, words(atoms["CLIPBOARD"] ?? NONE));
  return reply.getUint32(8, true);
}
