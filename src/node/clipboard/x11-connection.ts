/** A connection to an X server, with a window that nobody sees: what owning and asking for selections takes. */
import { createConnection, type Socket } from "node:net";
import { concat, utf8, wipe } from "../../core/bytes.ts";
import { type DisplayAddress, displayAddress, findCookie } from "./x11-address.ts";
import {
  EVENT_BYTES,
  fourfold,
  OPCODE,
  parseEvent,
  parseSetup,
  PROPERTY_HEADER_BYTES,
  requestPacket,
  type Setup,
  setupPacket,
  shorts,
  words,
  type XEvent,
} from "./x11-wire.ts";
import type { Env } from "./ways.ts";

const PATIENCE_MS = 5000;
const SETUP_HEAD_BYTES = 8;
const ERROR = 0;
const REPLY = 1;
const INPUT_ONLY = 2;
const EVENT_MASK_VALUE = 0x800;
const PROPERTY_CHANGE = 0x40_00_00;

interface Answer {
  readonly resolve: (reply: DataView) => void;
  readonly reject: (error: Error) => void;
}

export class XConnection implements Disposable {
  /** Settled when the server or this side has ended it. */
  readonly closed: Promise<void>;
  readonly maxPropertyBytes: number;
  readonly window: number;
  readonly #socket: Socket;
  readonly #answers = new Map<number, Answer>();
  readonly #listeners = new Set<(event: XEvent) => void>();
  #sequence = 0;
  #received: Uint8Array = new Uint8Array();

  constructor(socket: Socket, setup: Setup) {
    this.#socket = socket;
    this.window = setup.idBase;
    this.maxPropertyBytes = setup.maxRequestBytes - PROPERTY_HEADER_BYTES;
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("error", () => undefined);
    socket.resume();
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        for (const { reject } of this.#answers.values()) reject(new Error("the display is gone"));
        resolve();
      });
    });
    const place = [words(this.window, setup.root), shorts(0, 0, 1, 1, 0, INPUT_ONLY)];
    this.send(OPCODE.createWindow, 0, ...place, words(0, EVENT_MASK_VALUE, PROPERTY_CHANGE));
  }

  /** A request without an answer. That it failed is not told: the windows of others come and go. */
  send(opcode: number, detail: number, ...parts: readonly Uint8Array[]): void {
    const packet = requestPacket(opcode, detail, ...parts);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (this.#socket.destroyed) return;
    this.#socket.write(packet, () => wipe(packet));
  }

  ask(opcode: number, detail: number, ...parts: readonly Uint8Array[]): Promise<DataView> {
    if (this.#socket.destroyed) return Promise.reject(new Error("the display is gone"));
    this.send(opcode, detail, ...parts);
    const sequence = this.#sequence;
    return new Promise((resolve, reject) => this.#answers.set(sequence, { resolve, reject }));
  }

  listen(listener: (event: XEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** The next event that `choose` makes something of; a display that keeps quiet is given up. */
  async next<T>(choose: (event: XEvent) => T | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const listener = (event: XEvent): void => {
      const chosen = choose(event);
      if (chosen !== undefined) resolve(chosen);
    };
    const timer = setTimeout(() => reject(new Error("the display does not answer")), PATIENCE_MS);
    void this.closed.then(() => reject(new Error("the display is gone")));
    this.#listeners.add(listener);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  async atom(name: string): Promise<number> {
    const reply = await this.ask(OPCODE.internAtom, 0, shorts(name.length, 0), utf8(name));
    return reply.getUint32(8, true);
  }

  /** What the server's clock says: a property that stays as it is tells. */
  async time(): Promise<number> {
    const [atom, append, bits] = [await this.atom("PM_TIME"), 2, 32];
    const told = this.next((event) =>
      event.kind === "property" && event.window === this.window && event.atom === atom
        ? event.time
        : undefined,
    );
    this.send(OPCODE.changeProperty, append, words(this.window, atom, atom, bits, 0));
    return await told;
  }

  [Symbol.dispose](): void {
    wipe(this.#received);
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    const all = concat(this.#received, chunk);
    wipe(chunk, this.#received);
    let at = 0;
    while (all.length - at >= EVENT_BYTES) {
      const view = new DataView(all.buffer, at);
      const isReply = view.getUint8(0) === REPLY;
      const length = EVENT_BYTES + (isReply ? view.getUint32(4, true) * 4 : 0);
      if (all.length - at < length) break;
      const packet = all.slice(at, at + length);
      this.#take(new DataView(packet.buffer));
      at += length;
    }
    this.#received = all.slice(at);
    wipe(all);
  }

  #take(packet: DataView): void {
    const kind = packet.getUint8(0);
    if (kind !== ERROR && kind !== REPLY) {
      const event = parseEvent(packet);
      if (event !== undefined) for (const listener of this.#listeners) listener(event);
      return;
    }
    const sequence = packet.getUint16(2, true);
    const answer = this.#answers.get(sequence);
    this.#answers.delete(sequence);
    if (kind === REPLY) answer?.resolve(packet);
    else answer?.reject(new Error(`the display refused request ${packet.getUint8(10)}`));
  }
}

/** @throws Error where DISPLAY leads to no server, or to one that does not let us in */
export async function connectDisplay(env: Env): Promise<XConnection> {
  const address = displayAddress(env);
  if (address === undefined) throw new Error("DISPLAY names no display");
  const socket = createConnection(address.at);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("it does not answer")));
  try {
    const setup = await shakeHands(socket, env, address);
    socket.setTimeout(0);
    return new XConnection(socket, setup);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function shakeHands(socket: Socket, env: Env, { number }: DisplayAddress): Promise<Setup> {
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.write(setupPacket(findCookie(env, number, socket.remoteAddress)));
  let received: Uint8Array = new Uint8Array();
  const iterator = socket.iterator({ destroyOnReturn: false });
  for await (const chunk of iterator as AsyncIterable<Uint8Array>) {
    received = concat(received, chunk);
    const view = new DataView(received.buffer);
    if (received.length < SETUP_HEAD_BYTES) continue;
    if (received.length < SETUP_HEAD_BYTES + fourfold(view.getUint16(6, true) * 4)) continue;
    if (view.getUint8(0) !== 1) break;
    return parseSetup(view);
  }
  throw new Error("it does not let pm in");
}
