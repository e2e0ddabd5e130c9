/** The agent's end of a connection: greets, has the client prove itself, then answers. */
import type { Socket } from "node:net";
import { toBase64 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Json } from "../core/vault/json.ts";
import type { Keeper } from "./keeper.ts";
import { isProof, type Nonces, proofOf } from "./client.ts";
import type { Request, RequestOf, Results, WireError } from "./protocol.ts";
import { programOf } from "./program-of.ts";
import { parseRequest } from "./requests.ts";
import type { Client } from "./run-call.ts";
import { encodeMessage, malformed, MAX_LINE_BYTES, MessageReader, PROTOCOL } from "./wire.ts";

const NONCE_BYTES = 16;

/** What all connections share. */
export interface PeerWorld {
  readonly token: Uint8Array;
  readonly keeper: Keeper;
}

/** Requests at work for one client; it may send more, which are read later. */
const MAX_UNANSWERED = 64;
/** For answers that a client has not read, when the agent ends. */
const FAREWELL_MS = 1000;

type Standing = "new" | "greeted" | "stranger" | "trusted";
type Answered = Exclude<Request, { kind: "hello" | "quit" | "proof" | "claim" }>;

export class Peer {
  readonly #socket: Socket;
  readonly #world: PeerWorld;
  readonly #connection: number;
  readonly #reader = new MessageReader();
  #standing: Standing = "new";
  #nonces: Nonces = { client: "", agent: "" };
  #client: Client;
  #unanswered = 0;

  constructor(socket: Socket, connection: number, world: PeerWorld) {
    this.#socket = socket;
    this.#world = world;
    this.#connection = connection;
    this.#client = clientOf(connection, 0);
    // "close" follows.
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("drain", () => this.#pace());
    socket.once("close", () => world.keeper.dispatch({ kind: "closed", connection }));
  }

  /** Answers a request that had to wait. */
  answer(request: number, ok: unknown): void {
    this.#send({ id: request, ok });
  }

  close(): void {
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), FAREWELL_MS).unref();
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const message of this.#reader.read(chunk)) this.#handle(message);
    } catch {
      // Whatever it was, nothing of it is repeated, and nothing that follows is read.
      this.#refuse();
    }
  }

  #refuse(): void {
    const { code, message, hint = "" } = malformed();
    this.#socket.end(encodeMessage({ id: 0, error: { code, message, hint } }));
    this.#socket.destroySoon();
    this.#socket.removeAllListeners("data");
    this.#socket.pause();
  }

  #handle(message: Json): void {
    const { id, request } = parseRequest(message);
    if (request.kind === "hello" && this.#standing === "new") return this.#greet(id, request);
    if (request.kind === "quit" && this.#standing !== "new") return this.#quit(id);
    if (request.kind === "proof" && this.#standing === "greeted") return this.#trust(id, request);
    if (this.#standing !== "trusted") throw malformed();
    switch (request.kind) {
      case "hello":
      case "proof":
      case "quit":
        throw malformed();
      case "claim":
        return this.#claim(id, request.vault);
      default:
        void this.#serve(id, request);
    }
  }

  /** Of another version only the end is understood: see "hello" and "quit" in docs/agent.md. */
  #greet(id: number, { protocol, pid, nonce }: RequestOf<"hello">): void {
    if (protocol !== PROTOCOL) {
      this.#standing = "stranger";
      return this.#send({ id, ok: { protocol: PROTOCOL } });
    }
    this.#standing = "greeted";
    this.#client = clientOf(this.#connection, pid);
    this.#nonces = { client: nonce, agent: toBase64(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))) };
    const proof = proofOf(this.#world.token, "agent", this.#nonces);
    const ok: Results["hello"] = { protocol: PROTOCOL, pid: process.pid, nonce: this.#nonces.agent, proof };
    this.#send({ id, ok });
  }

  #trust(id: number, { proof }: RequestOf<"proof">): void {
    if (!isProof(proof, this.#world.token, "client", this.#nonces)) throw malformed();
    this.#standing = "trusted";
    this.#reader.maxLineBytes = MAX_LINE_BYTES;
    this.#send({ id, ok: null });
  }

  /** Anybody who gets as far as the socket could end the process as well. */
  #quit(id: number): void {
    this.#send({ id, ok: null });
    this.#world.keeper.dispatch({ kind: "end" });
  }

  #claim(id: number, vault: string): void {
    try {
      this.#world.keeper.claim(vault, { connection: this.#connection, request: id });
    } catch (error) {
      this.#send({ id, error: toWire(error) });
    }
  }

  async #serve(id: number, request: Answered): Promise<void> {
    this.#unanswered++;
    this.#pace();
    try {
      this.#send({ id, ok: await this.#result(request) });
    } catch (error) {
      this.#send({ id, error: toWire(error) });
    }
    this.#unanswered--;
    this.#pace();
  }

  /** Who asks faster than it reads would fill the memory with answers. */
  #pace(): void {
    const isBehind = this.#unanswered >= MAX_UNANSWERED || this.#socket.writableNeedDrain;
    if (isBehind) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  async #result(request: Answered): Promise<unknown> {
    const { keeper } = this.#world;
    switch (request.kind) {
      case "status":
        return keeper.status();
      case "state":
        return await keeper.state(request.vault);
      case "complete":
        return await keeper.complete(request, this.#client);
      case "release":
        return keeper.release(request.vault, this.#connection);
      case "unlock":
        return await keeper.unlock(request, this.#client);
      case "lock":
        return await keeper.lock(request.vault);
      case "call":
        return await keeper.call(request, this.#client);
      case "clip":
        return keeper.clip(request);
    }
  }

  #send(response: object): void {
    if (this.#socket.destroyed) return;
    try {
      this.#socket.write(encodeMessage(response));
    } catch (error) {
      // Too large: who asked gets to know at least that.
      this.#socket.write(encodeMessage({ ...response, ok: undefined, error: toWire(error) }));
    }
  }
}

function clientOf(connection: number, pid: number): Client {
  let program: string | undefined;
  return {
    connection,
    pid,
    views: new WeakMap(),
    given: { search: new WeakSet(), export: new WeakSet() },
    program: () => (program ??= programOf(pid)),
  };
}

/** What is no PmError may say anything, so it says nothing. */
function toWire(error: unknown): WireError {
  if (!(error instanceof PmError)) {
    return { code: "error", message: "internal error in the agent", hint: "repeat it with --no-agent" };
  }
  const { code, message, hint, details } = error;
  return { code, message, details, ...(hint === undefined ? {} : { hint }) };
}
