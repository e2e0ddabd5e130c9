/** Finding the agent, and talking to it. On the way of every command that uses it, so it loads little. */
import type { Socket } from "node:net";
import { equalBytes, toBase64, utf8 } from "../core/bytes.ts";
import { hmacSha256 } from "../core/crypto/sha256.ts";
import { PmError } from "../core/errors.ts";
import type { Json } from "../core/vault/json.ts";
import { errnoOf, ioError } from "../node/io-error.ts";
import { type AgentPlace, isSocketThere, readToken } from "./place.ts";
import type { Kind, Request, RequestOf, Results, WireError } from "./protocol.ts";
import { encodeMessage, malformed, MAX_LINE_BYTES, MessageReader, PROTOCOL } from "./wire.ts";

export interface AgentClient extends Disposable {
  /** The agent's process. */
  readonly pid: number;
  /** When the agent has closed the connection. */
  readonly ended: Promise<void>;
  /** @throws PmError as the agent answers, or "io" where the connection was lost meanwhile */
  request<K extends Kind>(request: RequestOf<K>): Promise<Results[K]>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** One that is at work on a large vault greets late; one that was stopped never does. */
const GREETING_MS = 10_000;

/**
 * A connection to the agent, which has proved that it is pm's own; undefined where none runs. One of another
 * version is asked to end first.
 * @param patienceMs until it has greeted
 * @throws PmError "unavailable" where what is there must not be trusted, or does not answer
 */
export async function connectAgent(
  place: AgentPlace,
  patienceMs: number = GREETING_MS,
): Promise<AgentClient | undefined> {
  const first = await connectOnce(place, patienceMs);
  // An agent that was replaced between our connecting and our reading of its token proves nothing.
  const found = first === "distrusted" ? await connectOnce(place, patienceMs) : first;
  if (found !== "distrusted") return found;
  throw new PmError("unavailable", `what listens at ${place.socket} is not pm's agent, and is not used`, {
    hint: `find out what it is: ss -xlp; then remove ${place.socket}`,
  });
}

/**
 * A connection to the agent, started where none runs.
 * @param env of this process: what the agent needs of it is passed on
 * @throws PmError "unavailable" saying why it did not start
 */
export async function startAgent(place: AgentPlace, env: Env): Promise<AgentClient> {
  const running = await connectAgent(place);
  if (running !== undefined) return running;
  const { launchAgent } = await import("./launch.ts");
  await launchAgent(env);
  const started = await connectAgent(place);
  if (started !== undefined) return started;
  throw new PmError("unavailable", "the agent ended as soon as it had started", { hint: "pm agent start" });
}

async function connectOnce(
  place: AgentPlace,
  patienceMs: number,
): Promise<AgentClient | "distrusted" | undefined> {
  if (!isSocketThere(place)) return undefined;
  const connection = await connectTo(place.socket);
  if (connection === undefined) return undefined;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection[Symbol.dispose]();
  }, patienceMs);
  try {
    const pid = await greet(connection, place);
    if (typeof pid === "number") return Object.assign(connection, { pid });
    connection[Symbol.dispose]();
    if (!isLate) return pid;
  } catch (error) {
    connection[Symbol.dispose]();
    if (!isLost(error)) throw error;
    if (!isLate) return undefined;
  } finally {
    clearTimeout(timer);
  }
  throw new PmError("unavailable", `what listens at ${place.socket} does not answer`, {
    hint: `rm ${place.socket}`,
  });
}

/**
 * Once and never again as long as the machine runs, and no token outlasts that: a recorded proof is then of no
 * use. Nothing rests on nobody guessing it, for whoever can reach the agent can have it prove itself at any time;
 * and random bytes would cost each call 3 ms. (So would `performance`, half of it.)
 */
function freshNonce(): string {
  return toBase64(utf8(`${process.pid} ${process.hrtime.bigint()}`));
}

/** Proves each side to the other. @returns the agent's process, or undefined where there is to be another one */
async function greet(connection: Connection, place: AgentPlace): Promise<number | "distrusted" | undefined> {
  const client = freshNonce();
  const hello = { kind: "hello", protocol: PROTOCOL, pid: process.pid, nonce: client } as const;
  const { protocol, pid = 0, nonce: agent = "", proof = "" } = await connection.request<"hello">(hello);
  if (protocol !== PROTOCOL) {
    await connection.request<"quit">({ kind: "quit" });
    // The next one needs its place.
    await connection.ended;
    return undefined;
  }
  const token = readToken(place);
  if (token === undefined || !isProof(proof, token, "agent", { client, agent })) return "distrusted";
  // What is asked next need not wait for the answer: a client that can't prove itself is cut off.
  connection.send({ kind: "proof", proof: proofOf(token, "client", { client, agent }) });
  return pid;
}

/** Each side of a proof that both can read the same private file, which is never sent. */
export type Role = "agent" | "client";

/** Both nonces are base64. The role keeps one side's proof from being sent back as the other's. */
export interface Nonces {
  readonly client: string;
  readonly agent: string;
}

/** Base64: HMAC-SHA-256 under the token. */
export function proofOf(token: Uint8Array, role: Role, { client, agent }: Nonces): string {
  const text = utf8(`pm/v1/agent-proof\0${role}\0${client}\0${agent}`);
  return toBase64(hmacSha256(token, text));
}

/** In a time that does not tell where they differ. */
export function isProof(proof: string, token: Uint8Array, role: Role, nonces: Nonces): boolean {
  return equalBytes(utf8(proof), utf8(proofOf(token, role, nonces)));
}

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
      // The last one is from an agent that ends.
      if (["ENOENT", "ECONNREFUSED", "ECONNRESET"].includes(errnoOf(error) ?? "")) resolve(undefined);
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
