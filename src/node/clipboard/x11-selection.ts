/**
 * The clipboard of X: the selection CLIPBOARD, held and asked for as "Inter-Client Communication Conventions
 * Manual", version 2.0, section 2, has it.
 */
import { concat, utf8, wipe } from "../../core/bytes.ts";
import type { XConnection } from "./x11-connection.ts";
import { OPCODE, selectionNotify, type SelectionAsk, words } from "./x11-wire.ts";

/** What another program may ask the value as. Each gets the same bytes. */
const TEXT_TARGETS = ["UTF8_STRING", "STRING", "text/plain;charset=utf-8", "text/plain"];

/** Klipper and others keep nothing that is offered beside this one. */
const HINT_TARGET = "x-kde-passwordManagerHint";
const HINT = "secret";

const NAMES = ["CLIPBOARD", "TARGETS", "TIMESTAMP", "INCR", "ATOM", "INTEGER", HINT_TARGET, ...TEXT_TARGETS];
const PIECE_BYTES = 65_536;
const MAX_VALUE_BYTES = 64 * 1024 * 1024;
const NONE = 0;
const REPLACE = 0;
const DELETE = 1;
/** A property of the windows of those who hold a value of pm's. */
const MARK = "PM_CLIPBOARD_HOLDER";

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

export interface HeldClipboard {
  /** Somebody else has copied something. */
  readonly lost: Promise<void>;
  /** Lets go of it. Whoever has asked for the value by then gets it: a program whose request is dropped waits for ever. */
  release(): Promise<void>;
}

/**
 * Takes the clipboard over and serves `value`, which stays the caller's, for as long as the connection stands.
 * @throws Error where another program does not let go of it, or the value is too long to be given in one piece
 */
export async function holdClipboard(x: XConnection, value: Uint8Array): Promise<HeldClipboard> {
  if (value.length > x.maxPropertyBytes) {
    throw new Error(`the display takes no more than ${x.maxPropertyBytes} bytes`);
  }
  const [atoms, mark] = [await atomsOf(x), await x.atom(MARK)];
  const time = await x.time();
  const { promise, resolve } = Promise.withResolvers<void>();
  x.listen((event) => {
    if (event.kind === "selection-request") serve(x, event, { atoms, value, time });
    if (event.kind === "selection-clear" && event.selection === atoms["CLIPBOARD"]) resolve();
  });
  change(x, { window: x.window, property: mark }, { bytes: new Uint8Array(), type: mark, bits: 8 });
  x.send(OPCODE.setSelectionOwner, 0, words(x.window, atoms["CLIPBOARD"] ?? NONE, time));
  if ((await ownerOf(x, atoms)) !== x.window) throw new Error("another program holds the clipboard");
  return {
    lost: promise,
    release: async () => {
      x.send(OPCODE.setSelectionOwner, 0, words(NONE, atoms["CLIPBOARD"] ?? NONE, time));
      // All requests of others have come when this is answered, and have been answered when the next one is.
      await ownerOf(x, atoms);
      await ownerOf(x, atoms);
    },
  };
}

interface Offer {
  readonly atoms: Atoms;
  readonly value: Uint8Array;
  readonly time: number;
}

function serve(x: XConnection, ask: SelectionAsk & { readonly requestor: number }, offer: Offer): void {
  const content = contentFor(ask.target, offer);
  // A client of before 1989 names no property and means this one.
  const property = ask.property === NONE ? ask.target : ask.property;
  if (content !== undefined) change(x, { window: ask.requestor, property }, content);
  const answer = { ...ask, property: content === undefined ? NONE : property };
  x.send(OPCODE.sendEvent, 0, words(ask.requestor, 0), selectionNotify(ask.requestor, answer));
}

function contentFor(target: number, { atoms, value, time }: Offer): Content | undefined {
  const isAny = (names: readonly string[]): boolean => names.some((name) => atoms[name] === target);
  if (isAny(TEXT_TARGETS)) return { bytes: value, type: target, bits: 8 };
  if (isAny([HINT_TARGET])) return { bytes: utf8(HINT), type: target, bits: 8 };
  if (isAny(["TIMESTAMP"])) return { bytes: words(time), type: atoms["INTEGER"] ?? NONE, bits: 32 };
  if (!isAny(["TARGETS"])) return undefined;
  const all = ["TARGETS", "TIMESTAMP", ...TEXT_TARGETS, HINT_TARGET].map((name) => atoms[name] ?? NONE);
  return { bytes: words(...all), type: atoms["ATOM"] ?? NONE, bits: 32 };
}

interface Place {
  readonly window: number;
  readonly property: number;
}

function change(x: XConnection, { window, property }: Place, { bytes, type, bits }: Content): void {
  const items = bytes.length / (bits / 8);
  x.send(OPCODE.changeProperty, REPLACE, words(window, property, type, bits, items), bytes);
}

/** The text in the clipboard now, which the caller owns; empty where there is none. */
export async function readClipboard(x: XConnection): Promise<Uint8Array> {
  const atoms = await atomsOf(x);
  if ((await ownerOf(x, atoms)) === NONE) return new Uint8Array();
  const [mine, time] = [await x.atom("PM_CLIPBOARD"), await x.time()];
  const told = x.next((event) => (event.kind === "selection-notify" ? event : undefined));
  const [selection, target] = [atoms["CLIPBOARD"] ?? NONE, atoms["UTF8_STRING"] ?? NONE];
  x.send(OPCODE.convertSelection, 0, words(x.window, selection, target, mine, time));
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

/** Whether a process like this one holds it, which keeps the time for what it holds. */
export async function isHeldByPm(x: XConnection): Promise<boolean> {
  const [owner, mark] = [await ownerOf(x, await atomsOf(x)), await x.atom(MARK)];
  try {
    const reply = await x.ask(OPCODE.getProperty, 0, words(owner, mark, NONE, 0, 0));
    return reply.getUint32(8, true) === mark;
  } catch {
    // There is no such window (any more).
    return false;
  }
}

async function ownerOf(x: XConnection, atoms: Atoms): Promise<number> {
  const reply = await x.ask(OPCODE.getSelectionOwner, 0, words(atoms["CLIPBOARD"] ?? NONE));
  return reply.getUint32(8, true);
}
