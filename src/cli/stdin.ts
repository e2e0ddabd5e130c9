/** Standard input, shared by the lines that hold passwords and the command's own input. */
import { concat, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Input } from "../node/io.ts";

/** The longest password, key file or token that is read from anywhere. */
export const MAX_PASSWORD_BYTES = 4096;
/** With a newline of either kind. */
const MAX_LINE_BYTES = MAX_PASSWORD_BYTES + 2;

const LF = 0x0a;
const CR = 0x0d;

/** The bytes that a method returns are the caller's to wipe. */
export interface CallInput {
  /** Line 1, for --password-stdin. */
  password(): Promise<Uint8Array>;
  /** The line after it (line 1 without --password-stdin), for the option called `name`, such as --new-password-stdin. */
  newPassword(name?: string): Promise<Uint8Array>;
  /** All that follows the password lines, at most `limit` bytes. @throws PmError "limit" beyond. */
  rest(limit: number): Promise<Uint8Array>;
}

/** @param passwordStdin whether line 1 is the password of the call */
export function createCallInput(source: Input, passwordStdin: boolean): CallInput {
  const lines = createLines(source);
  let first: Uint8Array | undefined;

  async function takeLine(name: string): Promise<Uint8Array> {
    if (source.isTTY) {
      // The terminal would show the password as it is typed.
      throw new PmError("usage", `${name} reads a pipe or a file, and standard input is a terminal`, {
        hint: `leave ${name} out to be asked`,
      });
    }
    const line = await lines.next();
    if (line.length > MAX_PASSWORD_BYTES) throw tooLong("the password on standard input");
    return line;
  }

  async function password(): Promise<Uint8Array> {
    first ??= await takeLine("--password-stdin");
    return first.slice();
  }

  return {
    password,
    async newPassword(name = "--new-password-stdin") {
      if (passwordStdin) await password();
      return await takeLine(name);
    },
    async rest(limit) {
      if (passwordStdin) await password();
      return await lines.rest(limit);
    },
  };
}

interface Lines {
  /** Without its newline; of a line over the limit of a password only so much that this shows. */
  next(): Promise<Uint8Array>;
  /** What no line took, up to the end; the same again at every call. */
  rest(limit: number): Promise<Uint8Array>;
}

/** Lines as they come: who keeps the pipe open after the password is not waited for. */
function createLines(source: Input): Lines {
  /** Read, and not taken yet. */
  let pending: Uint8Array = new Uint8Array(0);
  let isEnded = false;
  const put = (more: Uint8Array): void => {
    const joined = concat(pending, more);
    wipe(pending, more);
    pending = joined;
  };
  return {
    async next() {
      while (!isEnded && !pending.includes(LF) && pending.length <= MAX_LINE_BYTES) {
        // Not a byte of what follows: it may be for a program that inherits the descriptor.
        const more = await source.readSome(1);
        isEnded = more.length === 0;
        put(more);
      }
      const end = pending.indexOf(LF) + 1 || pending.length;
      const line = withoutNewline(pending.subarray(0, end)).slice();
      pending = pending.subarray(end);
      return line;
    },
    async rest(limit) {
      if (pending.length > limit) throw overLimit(limit);
      if (!isEnded) put(await source.read(limit - pending.length));
      isEnded = true;
      return pending.slice();
    },
  };
}

function overLimit(limit: number): PmError {
  return new PmError("limit", `standard input is over the limit of ${limit} bytes`);
}

/** A view of `bytes` without one trailing newline ("\n" or "\r\n"); nothing else is trimmed. */
export function withoutNewline(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== LF) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CR ? -2 : -1);
}

function tooLong(what: string): PmError {
  return new PmError("limit", `${what} is over ${MAX_PASSWORD_BYTES} bytes`);
}
