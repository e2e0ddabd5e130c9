/**
 * Packets of the X protocol, little-endian: "X Window System Protocol", X Version 11, Release 7.7, appendix B.
 * Only what a selection takes.
 */
import { concat, utf8, wipe } from "../../core/bytes.ts";
import type { Cookie } from "./x11-address.ts";

export const EVENT_BYTES = 32;
/** Of ChangeProperty, before the data. */
export const PROPERTY_HEADER_BYTES = 24;

export const OPCODE = {
  createWindow: 1,
  internAtom: 16,
  changeProperty: 18,
  getProperty: 20,
  setSelectionOwner: 22,
  getSelectionOwner: 23,
  convertSelection: 24,
  sendEvent: 25,
} as const;

export type XEvent =
  | {
      readonly kind: "property";
      readonly window: number;
      readonly atom: number;
      readonly time: number;
      readonly isDeleted: boolean;
    }
  | { readonly kind: "selection-clear"; readonly selection: number }
  | (SelectionAsk & { readonly kind: "selection-request"; readonly requestor: number })
  | (SelectionAsk & { readonly kind: "selection-notify" });

export interface SelectionAsk {
  readonly time: number;
  readonly selection: number;
  readonly target: number;
  /** 0: none. */
  readonly property: number;
}

const PROPERTY_NOTIFY = 28;
const SELECTION_CLEAR = 29;
const SELECTION_REQUEST = 30;
const SELECTION_NOTIFY = 31;
/** Set in events that another client sent: whoever is asked for a selection answers so. */
const SENT = 0x80;

export function parseEvent(packet: DataView): XEvent | undefined {
  const word = (at: number): number => packet.getUint32(at, true);
  switch (packet.getUint8(0)) {
    case PROPERTY_NOTIFY:
      return {
        kind: "property",
        window: word(4),
        atom: word(8),
        time: word(12),
        isDeleted: packet.getUint8(16) === 1,
      };
    case SELECTION_CLEAR:
      return { kind: "selection-clear", selection: word(12) };
    case SELECTION_REQUEST: {
      const ask = { time: word(4), selection: word(16), target: word(20), property: word(24) };
      return { kind: "selection-request", requestor: word(12), ...ask };
    }
    // The others are the server's to say.
    case SELECTION_NOTIFY:
    case SELECTION_NOTIFY | SENT:
      return {
        kind: "selection-notify",
        time: word(4),
        selection: word(12),
        target: word(16),
        property: word(20),
      };
    default:
      return undefined;
  }
}

export function selectionNotify(requestor: number, ask: SelectionAsk): Uint8Array {
  const head = new Uint8Array(4);
  head[0] = SELECTION_NOTIFY;
  return concat(head, words(ask.time, requestor, ask.selection, ask.target, ask.property, 0, 0));
}

/** "Connection Setup". */
export function setupPacket(cookie: Cookie | undefined): Uint8Array {
  const [name, data] = [utf8(cookie?.name ?? ""), cookie?.data ?? new Uint8Array()];
  const head = Uint8Array.of(0x6c, 0);
  return concat(head, shorts(11, 0, name.length, data.length, 0), padded(name), padded(data));
}

export interface Setup {
  readonly idBase: number;
  readonly maxRequestBytes: number;
  readonly root: number;
}

/** @param packet the whole answer of a server that lets us in */
export function parseSetup(packet: DataView): Setup {
  const vendorBytes = packet.getUint16(24, true);
  const formats = packet.getUint8(29);
  return {
    idBase: packet.getUint32(12, true),
    maxRequestBytes: packet.getUint16(26, true) * 4,
    // The first thing that is said of the first screen.
    root: packet.getUint32(40 + fourfold(vendorBytes) + 8 * formats, true),
  };
}

/** @param parts all but the last in whole words; the last is padded */
export function requestPacket(opcode: number, detail: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = padded(concat(...parts));
  const packet = concat(Uint8Array.of(opcode, detail), shorts(1 + body.length / 4), body);
  wipe(body);
  return packet;
}

export function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return new Uint8Array(view.buffer);
}

export function shorts(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value, true);
  return new Uint8Array(view.buffer);
}

export function fourfold(length: number): number {
  return (length + 3) & ~3;
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(fourfold(bytes.length));
  whole.set(bytes);
  return whole;
}
