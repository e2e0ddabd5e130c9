/** The socket of the ssh-agent: of the user alone, in the place of one that a killed agent left, and gone at the end. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import { utf8 } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { createFrames } from "../../core/ssh/agent-messages.ts";
import { fs } from "../fs.ts";
import { errnoOf, ioError } from "../io-error.ts";
import { createPrivateDirectory } from "../paths.ts";
import { isOwn } from "../side-files.ts";
import { atEnd } from "../signals.ts";

/** sockaddr_un has room for 108 bytes on Linux and 104 on macOS, one of them the end; a name is tried before it is taken. */
const MAX_PATH_BYTES = 100;
const MAX_CONNECTIONS = 256;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** The answer to one message, framed. It never throws. */
export type Answer = (message: Uint8Array) => Promise<Uint8Array>;

/** The absolute path of the socket: the one that is named, or pm's own. */
export function resolveSocket(
  named: string | undefined,
  place: { readonly cwd: string; readonly run: string },
): string {
  return named === undefined ? join(place.run, "ssh-agent.sock") : resolve(place.cwd, named);
}

/**
 * Serves until it is disposed of.
 * @param path absolute
 * @throws PmError "conflict" where another agent answers there or something else stands there, "io" where
 * it belongs to somebody else or can't be made, "usage" where the path is too long, "unavailable" on Windows
 */
export async function serveSshAgent(path: string, answer: Answer): Promise<Disposable> {
  if (process.platform === "win32") {
    throw new PmError("unavailable", "Windows has no sockets of the kind that an ssh-agent of pm serves");
  }
  if (utf8(path).length > MAX_PATH_BYTES) {
    throw new PmError("usage", `the path of the socket is over ${MAX_PATH_BYTES} bytes: ${path}`, {
      hint: "--socket with a shorter path",
    });
  }
  createPrivateDirectory(dirname(path));
  requireSafeDirectory(dirname(path));
  await requireFree(path);
  const server = createServer((socket) => void converse(socket, answer));
  server.maxConnections = MAX_CONNECTIONS;
  try {
    await listen(server, path);
  } catch (error) {
    server.close();
    throw ioError(error, `can't make the socket ${path}`);
  }
  return endOf(server, path);
}

/** In a folder where others may write, they could put their own socket in the place of this one. */
function requireSafeDirectory(directory: string): void {
  const { uid, mode } = fs.statSync(directory);
  const isShared = (mode & WRITABLE_BY_OTHERS) !== 0;
  if (isOwn(uid) && !isShared) return;
  if (isShared && (mode & STICKY) !== 0) return;
  throw new PmError("io", `other users can write in ${directory}, where the socket would be`, {
    hint: `chmod 700 ${directory}, or --socket in a folder of your own`,
  });
}

async function requireFree(path: string): Promise<void> {
  const facts = fs.lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return;
  if (!isOwn(facts.uid)) {
    throw new PmError("io", `${path} belongs to another user`, { hint: "--socket with another path" });
  }
  if (!facts.isSocket()) {
    throw new PmError("conflict", `${path} is not a socket`, { hint: "--socket with another path" });
  }
  if (await isAnswered(path)) throw answered(path);
}

function answered(path: string): PmError {
  return new PmError("conflict", `an agent answers at ${path} already`, {
    hint: `SSH_AUTH_SOCK=${path} ssh-add -l, or --socket with another path`,
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      settle(true);
    });
    // Of a killed agent: nobody listens.
    socket.once("error", () => settle(false));
  });
}

/**
 * Under another name first, so that whoever finds the socket can connect to it, and finds it with its mode.
 * That name also keeps those apart that start at once: one gets it, and looks again.
 */
async function listen(server: Server, path: string): Promise<void> {
  const name = `${path}~`;
  try {
    await bind(server, name);
  } catch (error) {
    if (errnoOf(error) !== "EADDRINUSE") throw error;
    if (await isAnswered(name)) throw answered(path);
    fs.rmSync(name, { force: true });
    await bind(server, name);
  }
  await requireFree(path);
  fs.renameSync(name, path);
}

async function bind(server: Server, name: string): Promise<void> {
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((settle, reject) => {
      server.once("error", reject);
      server.listen(name, settle);
    });
  } finally {
    process.umask(mask);
  }
}

function endOf(server: Server, path: string): Disposable {
  const own = inodeOf(path);
  const remove = (): void => {
    // Another agent may have taken the place.
    if (inodeOf(path) === own) fs.rmSync(path, { force: true });
  };
  const undo = atEnd(remove);
  return {
    [Symbol.dispose]: () => {
      undo[Symbol.dispose]();
      server.close();
      remove();
    },
  };
}

function inodeOf(path: string): bigint | undefined {
  return fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Waits until the client takes it, so that nothing piles up here; and then lets others have their turn. */
function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((settle, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : setImmediate(settle)));
  });
}

/** One message after the other; the next one is not read before this one is answered. */
async function converse(socket: Socket, answer: Answer): Promise<void> {
  // Who hangs up does not wait for an answer.
  socket.on("error", () => socket.destroy());
  socket.unref();
  const frames = createFrames();
  try {
    for await (const chunk of socket) {
      for (const message of frames.push(chunk as Uint8Array)) await send(socket, await answer(message));
    }
  } catch {
    // What is no message: nothing that follows can be read.
  } finally {
    socket.destroy();
  }
}
