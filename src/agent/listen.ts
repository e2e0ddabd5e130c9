/** The agent's socket: its place is prepared, an old one is replaced, and its end is noticed. */
import { createServer, type Server, type Socket } from "node:net";
import { fs } from "../node/fs.ts";
import { ioError } from "../node/io-error.ts";
import { acquireLock, type Lock } from "../node/lock.ts";
import type { Random } from "../core/random.ts";
import { createPrivateDirectory } from "../node/paths.ts";
import { writeUserFile } from "../node/user-file.ts";
import { connectTo } from "./client.ts";
import { type AgentPlace, isSocketThere, requirePrivateDirectory, TOKEN_BYTES } from "./place.ts";

export interface ListenWorld {
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onConnection: (socket: Socket) => void;
  /** Somebody removed the socket, or put another one in its place. */
  readonly onGone: () => void;
}

export interface Listening {
  readonly token: Uint8Array;
  /** Takes no more connections, and leaves nothing behind. */
  close(): Promise<void>;
}

const LOCK_TIMEOUT_MS = 10_000;
const IS_WINDOWS = process.platform === "win32";

/** Undefined where another agent listens there already. @throws PmError "unavailable" or "io" */
export async function listen(place: AgentPlace, world: ListenWorld): Promise<Listening | undefined> {
  // Also for the socket, of which no other mode can be had before others may see it.
  process.umask(0o077);
  createPrivateDirectory(place.directory);
  requirePrivateDirectory(place.directory);
  createToken(place);
  using _lock = await lockPlace(place, world);
  // Of two that start at once, the second finds the first.
  if (isSocketThere(place) && (await isAnswered(place))) return undefined;
  const token = world.random(TOKEN_BYTES);
  await writeUserFile(place.token, token, { cwd: place.directory, overwrite: true });
  const server = createServer(world.onConnection);
  // Under another name first: one that is there can be connected to.
  const name = IS_WINDOWS ? place.socket : `${place.socket}~`;
  if (!IS_WINDOWS) fs.rmSync(name, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(ioError(error, `can't listen at ${name}`, "unavailable")));
    server.listen(name, resolve);
  });
  if (!IS_WINDOWS) fs.renameSync(name, place.socket);
  const own = inodeOf(place.socket);
  const watch = IS_WINDOWS ? undefined : watchPlace(place, world.onGone);
  return { token, close: () => close({ place, world, server, own, watch }) };
}

function createToken({ token }: AgentPlace): void {
  try {
    fs.closeSync(fs.openSync(token, "a", 0o600));
  } catch (error) {
    throw ioError(error, `can't write ${token}`, "unavailable");
  }
}

/** Beside the token, which has to be there for that. */
async function lockPlace(place: AgentPlace, { random, now }: ListenWorld): Promise<Lock> {
  return await acquireLock({ path: place.token, timeoutMs: LOCK_TIMEOUT_MS, breakLock: true, random, now });
}

async function isAnswered(place: AgentPlace): Promise<boolean> {
  const connection = await connectTo(place.socket);
  connection?.[Symbol.dispose]();
  return connection !== undefined;
}

function inodeOf(path: string): bigint | undefined {
  return fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Without the token, too, nobody could reach it, not even to lock. */
function watchPlace({ directory, socket, token }: AgentPlace, onGone: () => void): Disposable {
  const own = [inodeOf(socket), inodeOf(token)];
  const check = (): void => {
    if (inodeOf(socket) !== own[0] || inodeOf(token) !== own[1]) onGone();
  };
  const watcher = fs.watch(directory, check);
  // The folder itself is gone, or can't be watched any longer.
  watcher.on("error", onGone);
  check();
  return { [Symbol.dispose]: () => watcher.close() };
}

interface Open {
  readonly place: AgentPlace;
  readonly world: ListenWorld;
  readonly server: Server;
  readonly own: bigint | undefined;
  readonly watch: Disposable | undefined;
}

/** Under the lock, so that nothing of another agent is removed, which may have started meanwhile. */
async function close({ place, world, server, own, watch }: Open): Promise<void> {
  watch?.[Symbol.dispose]();
  server.close();
  if (IS_WINDOWS || inodeOf(place.socket) !== own) return;
  // Another agent would have made a token first. Somebody removes the folder, and nothing new may come into it.
  if (inodeOf(place.token) === undefined) return fs.rmSync(place.socket, { force: true });
  try {
    using _lock = await lockPlace(place, world);
    if (inodeOf(place.socket) !== own) return;
    fs.rmSync(place.socket, { force: true });
    fs.rmSync(place.token, { force: true });
  } catch {
    // The next agent replaces what is left.
  }
}
