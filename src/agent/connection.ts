/** The client's end of a connection: requests out, answers back to who asked. */
import type { Socket } from "node:net";
import { PmError } from "../core/errors.ts";
import type { Json } from "../core/vault/json.ts";
import { errnoOf, ioError } from "../node/io-error.ts";
import type { Kind, Request, RequestOf, Results, WireError } from "./protocol.ts";
import { encodeMessage, malformed, MAX_LINE_BYTES, MessageReader } from "./wire.ts";

interface Asked {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const LOST = "the connection to the agent was lost";

/** Whether a request was sent, and the agent went away without an answer. */
export function isLost(error: unknown): boolean {
  return error instanceof PmError && error.message === LOST;
}

/** Undefined where nobody listens. */
export function connectTo(path: string): Promise<Connection | undefined> {
  const net = process.getBuiltinModule("node:net");
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    const fail = (error: Error): void => {
      if (["ENOENT", "ECONNREFUSED"].includes(errnoOf(error) ?? "")) resolve(undefined);
      else reject(ioError(error, "can't reach the agent", "unavailable"));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.off("error", fail);
      resolve(new Connection(socket));
    });
  });
}

export class Connection implements Disposable {
  /** When the other side has closed it. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #reader = new MessageReader();
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader.maxLineBytes = MAX_LINE_BYTES;
    this.ended = new Promise((resolve) => {
      socket.once("close", () => {
        this.#fail();
        resolve();
      });
    });
    // "close" follows.
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
  }

  request<K extends Kind>(request: RequestOf<K>): Promise<Results[K]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const lines = encodeMessage({ id, ...request });
      if (this.#socket.destroyed) return reject(lost());
      // What answers has proved that it is pm's own, and speaks this version.
      this.#asked.set(id, { resolve: (result) => resolve(result as Results[K]), reject });
      this.#socket.write(lines);
    });
  }

  /** A request to which only a refusal is answered that matters, by the end of the connection. */
  send(request: Request): void {
    this.#socket.write(encodeMessage({ id: ++this.#lastId, ...request }));
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const message of this.#reader.read(chunk)) this.#answer(message);
    } catch {
      // What is no answer is from no agent.
      this.#socket.destroy();
    }
  }

  #answer(message: Json): void {
    if (typeof message !== "object" || message === null || !("id" in message)) throw malformed();
    const asked = this.#asked.get(Number(message["id"]));
    this.#asked.delete(Number(message["id"]));
    if ("error" in message) asked?.reject(toPmError(message["error"]));
    else asked?.resolve("ok" in message ? message["ok"] : undefined);
  }

  #fail(): void {
    for (const { reject } of this.#asked.values()) reject(lost());
    this.#asked.clear();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

function lost(): PmError {
  return new PmError("io", LOST, { hint: "run the command again" });
}

/** A PmError as it was thrown in the agent. */
function toPmError(value: Json | undefined): PmError {
  const { code, message, hint, details = [] } = value as unknown as WireError;
  return new PmError(code, message, { ...(hint === undefined ? {} : { hint }), details });
}
