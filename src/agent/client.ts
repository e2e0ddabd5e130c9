/** Finding the agent. On the way of every command that uses it, so it loads little. */
import { toBase64 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type Connection, connectTo, isLost } from "./connection.ts";
import { type AgentPlace, isSocketThere, readToken } from "./place.ts";
import { isProof, NONCE_BYTES, proofOf } from "./proof.ts";
import { type Kind, PROTOCOL, type RequestOf, type Results } from "./protocol.ts";

export interface AgentClient extends Disposable {
  /** The agent's process. */
  readonly pid: number;
  /** When the agent has closed the connection. */
  readonly ended: Promise<void>;
  /** @throws PmError as the agent answers, or "io" where the connection was lost meanwhile */
  request<K extends Kind>(request: RequestOf<K>): Promise<Results[K]>;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * A connection to the agent, which has proved that it is pm's own; undefined where none runs. One of another
 * version is asked to end first.
 * @throws PmError "unavailable" where what is there must not be trusted
 */
export async function connectAgent(place: AgentPlace): Promise<AgentClient | undefined> {
  const first = await connectOnce(place);
  // An agent that was replaced between our connecting and our reading of its token proves nothing.
  const found = first === "distrusted" ? await connectOnce(place) : first;
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

async function connectOnce(place: AgentPlace): Promise<AgentClient | "distrusted" | undefined> {
  if (!isSocketThere(place)) return undefined;
  const connection = await connectTo(place.socket);
  if (connection === undefined) return undefined;
  try {
    const pid = await greet(connection, place);
    if (typeof pid === "number") return Object.assign(connection, { pid });
    connection[Symbol.dispose]();
    return pid;
  } catch (error) {
    connection[Symbol.dispose]();
    if (isLost(error)) return undefined;
    throw error;
  }
}

/** Proves each side to the other. @returns the agent's process, or undefined where there is to be another one */
async function greet(connection: Connection, place: AgentPlace): Promise<number | "distrusted" | undefined> {
  const client = toBase64(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
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
