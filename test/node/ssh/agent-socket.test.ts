/** The socket of the ssh-agent: who may be there, what clients may do to it, and what is left at the end. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { concat, toHex } from "../../../src/core/bytes.ts";
import { wireString, wireUint32 } from "../../../src/core/ssh/wire.ts";
import { resolveSocket, serveSshAgent } from "../../../src/node/ssh/agent-socket.ts";
import { temporaryDirectory } from "../../support/process.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryDirectory();
  path = join(folder, "run/agent.sock");
});

/** Answers each message with itself. */
const echo = async (message: Uint8Array): Promise<Uint8Array> => wireString(message);

async function serve(): Promise<Disposable> {
  const serving = await serveSshAgent(path, echo);
  onTestFinished(() => serving[Symbol.dispose]());
  return serving;
}

function client(): Socket {
  const socket = connect(path);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** What comes back until so many bytes are there, or the connection ends. */
async function received(socket: Socket, length: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Uint8Array);
    if (concat(...chunks).length >= length) break;
  }
  return toHex(concat(...chunks));
}

describe.skipIf(process.platform === "win32")("the socket", () => {
  test("is the user's alone, in a folder of the user's alone, and gone at the end", async () => {
    const serving = await serve();
    expect([statSync(path).mode & 0o777, statSync(join(folder, "run")).mode & 0o777]).toEqual([0o600, 0o700]);
    serving[Symbol.dispose]();
    expect(existsSync(path)).toBe(false);
  });

  test("of another agent, which came later, is left to it", async () => {
    const serving = await serve();
    renameSync(path, `${path}.old`);
    writeFileSync(path, "");
    serving[Symbol.dispose]();
    expect(existsSync(path)).toBe(true);
  });

  test("answers all messages of a connection in their order, however they are cut", async () => {
    await serve();
    const socket = client();
    const messages = [1, 2, 3].map((byte) => wireString(new Uint8Array(byte).fill(byte)));
    const all = concat(...messages);
    socket.write(all.subarray(0, 7));
    socket.write(all.subarray(7));
    expect(await received(socket, all.length)).toBe(toHex(all));
  });

  test.each([
    ["a message of 10 MiB", wireUint32(10 * 1024 * 1024)],
    ["an empty message", wireUint32(0)],
    ["another protocol", new Uint8Array(Buffer.from("GET / HTTP/1.1\r\n\r\n"))],
  ])("ends the connection at %s, and serves the others", async (_what, bytes) => {
    await serve();
    const [hostile, other] = [client(), client()];
    hostile.write(bytes);
    expect(await received(hostile, 1)).toBe("");
    const message = wireString(Uint8Array.of(7));
    other.write(message);
    expect(await received(other, message.length)).toBe(toHex(message));
  });

  test("answers no more than a client reads, and others meanwhile", async () => {
    let answered = 0;
    const serving = await serveSshAgent(path, async () => {
      answered++;
      return new Uint8Array(262_144);
    });
    onTestFinished(() => serving[Symbol.dispose]());
    const [deaf, other] = [client(), client()];
    const request = wireString(Uint8Array.of(11));
    deaf.pause().write(concat(...Array.from({ length: 10_000 }, () => request)));
    other.write(request);
    expect((await received(other, 262_144)).length).toBe(2 * 262_144);
    // Some stand in the buffers of the system.
    expect(answered).toBeLessThan(20);
    deaf.destroy();
  });

  test("answers a client that says all that it has to say, and closes its side", async () => {
    const serving = await serveSshAgent(path, async () => new Uint8Array(262_144));
    onTestFinished(() => serving[Symbol.dispose]());
    const brief = client();
    brief.end(wireString(Uint8Array.of(11)));
    expect((await received(brief, 262_144)).length).toBe(2 * 262_144);
  });

  test("outlives clients that hang up", async () => {
    await serve();
    const rude = client();
    rude.write(concat(...Array.from({ length: 100 }, () => wireString(new Uint8Array(1000)))));
    rude.destroy();
    const message = wireString(Uint8Array.of(7));
    const other = client();
    other.write(message);
    expect(await received(other, message.length)).toBe(toHex(message));
  });
});

describe.skipIf(process.platform === "win32")("it is refused", () => {
  test("where another one is answered", async () => {
    await serve();
    await expect(serveSshAgent(path, echo)).rejects.toMatchObject({ code: "conflict" });
    expect(existsSync(path)).toBe(true);
  });

  test("to all but one of those that start at once, also after a killed one", async () => {
    await serve().then((serving) => serving[Symbol.dispose]());
    writeFileSync(`${path}~`, "");
    // Each of them has its own for as long as it binds, and takes another's for the one to put back.
    const mask = process.umask();
    onTestFinished(() => void process.umask(mask));
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => serveSshAgent(path, echo)));
    const serving = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    onTestFinished(() => serving.forEach((one) => one[Symbol.dispose]()));
    expect(serving.length).toBe(1);
    const refused = starts.flatMap((start) => (start.status === "rejected" ? [start.reason] : []));
    expect(refused).toEqual(refused.map(() => expect.objectContaining({ code: "conflict" })));
    const message = wireString(Uint8Array.of(7));
    const socket = client();
    socket.write(message);
    expect(await received(socket, message.length)).toBe(toHex(message));
    expect(existsSync(`${path}~`)).toBe(false);
  });

  test("where a file, a folder or a link to one is", async () => {
    mkdirSync(join(folder, "run"), { mode: 0o700 });
    writeFileSync(path, "mine");
    await expect(serveSshAgent(path, echo)).rejects.toMatchObject({ code: "conflict" });
    symlinkSync(path, `${path}.link`);
    await expect(serveSshAgent(`${path}.link`, echo)).rejects.toMatchObject({ code: "conflict" });
    await expect(serveSshAgent(join(folder, "run"), echo)).rejects.toMatchObject({ code: "conflict" });
  });

  test("in a folder where others can put another one in its place", async () => {
    mkdirSync(join(folder, "run"));
    chmodSync(join(folder, "run"), 0o777);
    await expect(serveSshAgent(path, echo)).rejects.toMatchObject({ code: "io" });
    // As /tmp is.
    chmodSync(join(folder, "run"), 0o1777);
    await serve();
  });

  test.runIf(process.getuid?.() === 0)("where it belongs to another user", async () => {
    mkdirSync(join(folder, "run"), { mode: 0o700 });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    chownSync(path, 65_534, 65_534);
    await expect(serveSshAgent(path, echo)).rejects.toMatchObject({ code: "io" });
  });

  test("where its path is too long for a socket", async () => {
    const long = join(folder, "x".repeat(100));
    await expect(serveSshAgent(long, echo)).rejects.toMatchObject({ code: "usage" });
  });
});

test("the path is the one that is named, or stands in pm's folder", () => {
  const place = { cwd: "/there", run: "/run/user/1/pm" };
  expect(resolveSocket(undefined, place)).toBe("/run/user/1/pm/ssh-agent.sock");
  expect(resolveSocket("here", place)).toBe("/there/here");
});
