/** Standard input, shared by the lines that hold passwords and the command's own input. */
import { PmError } from "../core/errors.ts";
import type { Input } from "../node/io.ts";

/** The longest password, key file or token that is read from anywhere. */
export const MAX_PASSWORD_BYTES = 4096;
/** What may follow the password lines; each command has a smaller limit of its own. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** The bytes that a method returns are the caller's to wipe. */
export interface CallInput {
  /** Line 1, for --password-stdin. */
  password(): Promise<Uint8Array>;
  /** The line after it (line 1 without --password-stdin), for --new-password-stdin. */
  newPassword(): Promise<Uint8Array>;
  /** All that follows the password lines, at most `limit` bytes. @throws PmError "limit" beyond. */
  rest(limit: number): Promise<Uint8Array>;
}

/** @param passwordStdin whether line 1 is the password of the call */
export function createCallInput(source: Input, passwordStdin: boolean): CallInput {
  let whole: Promise<Uint8Array> | undefined;
  let offset = 0;
  let first: Uint8Array | undefined;

  async function takeLine(name: string): Promise<Uint8Array> {
    if (source.isTTY) {
      // The terminal would show the password as it is typed.
      throw new PmError("usage", `${name} reads a pipe or a file, and standard input is a terminal`, {
        hint: `leave ${name} out to be asked`,
      });
    }
    whole ??= source.read(2 * (MAX_PASSWORD_BYTES + 2) + MAX_INPUT_BYTES);
    const bytes = await whole;
    const end = bytes.indexOf(LF, offset);
    const line = withoutNewline(bytes.subarray(offset, end === -1 ? bytes.length : end + 1));
    offset = end === -1 ? bytes.length : end + 1;
    if (line.length > MAX_PASSWORD_BYTES) throw tooLong("the password on standard input");
    return line.slice();
  }

  async function password(): Promise<Uint8Array> {
    first ??= await takeLine("--password-stdin");
    return first.slice();
  }

  return {
    password,
    async newPassword() {
      if (passwordStdin) await password();
      return await takeLine("--new-password-stdin");
    },
    async rest(limit) {
      if (!passwordStdin) return await source.read(limit);
      await password();
      const bytes = (await whole)?.subarray(offset) ?? new Uint8Array(0);
      if (bytes.length > limit) {
        throw new PmError("limit", `standard input is over the limit of ${limit} bytes`);
      }
      return bytes.slice();
    },
  };
}

/** A view of `bytes` without one trailing newline ("\n" or "\r\n"); nothing else is trimmed. */
export function withoutNewline(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== LF) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CR ? -2 : -1);
}

function tooLong(what: string): PmError {
  return new PmError("limit", `${what} is over ${MAX_PASSWORD_BYTES} bytes`);
}
