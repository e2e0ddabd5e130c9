/** Where the agent of a PM_HOME is reached, and whether what is there can be trusted. */
import type { Stats } from "node:fs";
import { utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { fs } from "../node/fs.ts";
import { errnoOf, ioError } from "../node/io-error.ts";
import type { Paths } from "../node/paths.ts";

export interface AgentPlace {
  /** Of the user alone; nothing is trusted in one that is not. */
  readonly directory: string;
  readonly socket: string;
  /** The file with the secret of the mutual proof. */
  readonly token: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** sockaddr_un has room for 108 bytes on Linux and 104 on macOS, one of them the end. */
const MAX_SOCKET_BYTES = 100;
export const TOKEN_BYTES = 32;
const OTHERS = 0o077;
const IS_WINDOWS = process.platform === "win32";

/** @throws PmError "unavailable" where no socket can have so long a path */
export async function agentPlace(paths: Pick<Paths, "run">, env: Env): Promise<AgentPlace> {
  if (IS_WINDOWS) return await pipePlace(paths.run);
  if (utf8(`${paths.run}/agent.sock`).length <= MAX_SOCKET_BYTES) return placeIn(paths.run, "agent");
  const runtime = env["XDG_RUNTIME_DIR"];
  const [{ createHash }, { resolve }] = await Promise.all([import("node:crypto"), import("node:path")]);
  // Without PM_HOME there is no other name for these directories than the one that is too long.
  const home = env["PM_HOME"] ? resolve(env["PM_HOME"]) : paths.run;
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const directory = `${runtime}/pm`;
  if (runtime?.startsWith("/") === true && utf8(`${directory}/${name}.sock`).length <= MAX_SOCKET_BYTES) {
    return placeIn(directory, name);
  }
  throw new PmError("unavailable", `the path of the agent's socket is too long: ${paths.run}/agent.sock`, {
    hint: "set XDG_RUNTIME_DIR to a folder with a short path, or use a shorter PM_HOME",
  });
}

function placeIn(directory: string, name: string): AgentPlace {
  return { directory, socket: `${directory}/${name}.sock`, token: `${directory}/${name}.token` };
}

/** Pipes have names of their own on Windows; the token stands in the user's folder. */
async function pipePlace(run: string): Promise<AgentPlace> {
  const { createHash } = await import("node:crypto");
  const name = createHash("sha256").update(run).digest("hex").slice(0, 16);
  return {
    directory: run,
    socket: String.raw`\\.\pipe\pm-agent-${name}`,
    token: String.raw`${run}\agent.token`,
  };
}

/**
 * Whether there is a socket, in a folder that only this user can write in.
 * @throws PmError "unavailable" where the folder or the socket is not this user's own
 */
export function isSocketThere({ directory, socket }: AgentPlace): boolean {
  if (IS_WINDOWS) return true;
  const facts = lstat(directory);
  if (facts === undefined) return false;
  requirePrivate(facts, directory);
  const found = lstat(socket);
  if (found === undefined) return false;
  if (!found.isSocket() || !isOwn(found)) throw untrusted(socket, "is not a socket of yours");
  return true;
}

/** @throws PmError "unavailable" */
export function requirePrivateDirectory(directory: string): void {
  const facts = lstat(directory);
  if (facts === undefined) throw untrusted(directory, "is gone");
  if (!IS_WINDOWS) requirePrivate(facts, directory);
}

function requirePrivate(facts: Stats, directory: string): void {
  if (!facts.isDirectory()) throw untrusted(directory, "is not a folder");
  if (!isOwn(facts)) throw untrusted(directory, `belongs to another user (uid ${facts.uid})`);
  if ((facts.mode & OTHERS) !== 0) {
    throw untrusted(directory, "is open to other users", `chmod 700 ${directory}`);
  }
}

/**
 * The secret that the agent left for its clients; undefined where there is none.
 * @throws PmError "unavailable" where somebody else may have put it there
 */
export function readToken({ token }: AgentPlace): Uint8Array | undefined {
  let fd: number;
  try {
    fd = fs.openSync(token, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw ioError(error, `can't read ${token}`, "unavailable");
  }
  try {
    const facts = fs.fstatSync(fd);
    if (!facts.isFile() || !isOwn(facts)) throw untrusted(token, "is not a file of yours");
    if (!IS_WINDOWS && (facts.mode & OTHERS) !== 0) {
      throw untrusted(token, "is open to other users", `chmod 600 ${token}`);
    }
    const bytes = new Uint8Array(TOKEN_BYTES);
    return fs.readSync(fd, bytes, 0, TOKEN_BYTES, 0) === TOKEN_BYTES ? bytes : undefined;
  } finally {
    fs.closeSync(fd);
  }
}

function lstat(path: string): Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw ioError(error, `can't look at ${path}`, "unavailable");
  }
}

function isOwn({ uid }: Stats): boolean {
  return IS_WINDOWS || uid === process.geteuid?.();
}

function untrusted(path: string, what: string, hint?: string): PmError {
  return new PmError("unavailable", `the agent is not used: ${path} ${what}`, {
    hint: hint ?? `look at: ls -ld ${path}`,
  });
}
