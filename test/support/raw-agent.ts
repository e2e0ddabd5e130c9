/** A bare connection to a socket, for what no client of pm would send; and a socket that only seems to be an agent's. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { AgentPlace } from "../../src/agent/place.ts";
import { proofOf } from "../../src/agent/client.ts";

export interface RawConnection {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** The next line that comes, as JSON; undefined at the end. */
  next(): Promise<Record<string, unknown> | undefined>;
}

export async function connectRaw(path: string): Promise<RawConnection> {
  const socket = connectSocket(path);
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  socket.on("error", () => undefined);
  const lines = linesOf(socket);
  return {
    socket,
    send: (text) => void socket.write(text),
    next: async () => {
      const { value } = await lines.next();
      return value === undefined ? undefined : (JSON.parse(value) as Record<string, unknown>);
    },
  };
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let text = "";
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      yield* lines;
    }
  } catch {
    // Reset, which is an end too.
  }
}

/** Greets and proves itself with `token`. */
export async function greetRaw(raw: RawConnection, token: Uint8Array): Promise<void> {
  raw.send(`${JSON.stringify({ id: 1, kind: "hello", protocol: 1, pid: process.pid, nonce: "bm9uY2U=" })}\n`);
  const { ok } = (await raw.next()) ?? {};
  const { nonce } = ok as { nonce: string };
  const proof = proofOf(token, "client", { client: "bm9uY2U=", agent: nonce });
  raw.send(`${JSON.stringify({ id: 2, kind: "proof", proof })}\n`);
}

export interface FakeAgent {
  /** All that clients sent. */
  received(): string;
}

/** Listens where the agent would, and answers each line as `answer` says; `end` closes. */
export async function startFakeAgent(
  place: AgentPlace,
  answer: (message: Record<string, unknown>) => object,
): Promise<FakeAgent> {
  mkdirSync(place.directory, { recursive: true, mode: 0o700 });
  let received = "";
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      received += String(chunk);
      for (const line of String(chunk).trim().split("\n")) {
        const response = answer(JSON.parse(line) as Record<string, unknown>);
        socket.write(`${JSON.stringify(response)}\n`);
        if ("end" in response) socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(place.socket, resolve));
  chmodSync(place.socket, 0o600);
  writeFileSync(place.token, new Uint8Array(32).fill(5), { mode: 0o600 });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { received: () => received };
}
