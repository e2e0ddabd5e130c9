/** Messages opened by gpg, the user's own: secrets pass through pipes only, and its agent asks for passphrases. */
import { type ChildProcess, spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { devNull } from "node:os";
import type { Readable, Writable } from "node:stream";
import { joined } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { findProgram } from "../find-program.ts";
import { ioError } from "../io-error.ts";

export interface GpgCall {
  /** Without anything of pm's that opens a vault. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** What is opened, for messages. */
  readonly what: string;
  /** Bytes that it may hold: a small message can claim to be endless. */
  readonly limit: number;
  /** Of a message that is encrypted with a password instead of a key. */
  readonly passphrase?: Uint8Array;
}

const MAX_STATUS_BYTES = 65_536;

/** @throws PmError "unavailable" where there is none */
export function requireGpg(env: GpgCall["env"]): string {
  const path = ["gpg", "gpg2"].map((name) => findProgram(name, env["PATH"] ?? "")).find((found) => found);
  if (path !== undefined) return path;
  throw new PmError("unavailable", "gpg was not found", { hint: "install GnuPG: apt install gnupg" });
}

/**
 * @throws PmError "unavailable" without gpg, "auth" without the key or password, "locked" where gpg can't ask,
 * "interrupted" where the user gave up, "limit" where the content is too large, "usage" where it is damaged
 */
export async function gpgDecrypt(message: Uint8Array, call: GpgCall): Promise<Uint8Array> {
  call.signal.throwIfAborted();
  const child = start(requireGpg(call.env), call);
  const stop = (): void => void child.kill();
  call.signal.addEventListener("abort", stop, { once: true });
  try {
    const [, content, status, , passphrase] = child.stdio as unknown as [
      Writable,
      Readable,
      Readable,
      null,
      Writable,
    ];
    feed(child.stdin, message);
    feed(passphrase, call.passphrase);
    const [bytes, said] = await Promise.all([
      collect(content, call.limit, stop),
      collect(status, MAX_STATUS_BYTES, stop),
      ended(child),
    ]);
    if (call.signal.aborted) throw new PmError("interrupted", "interrupted");
    return opened(bytes, statusLines(said), call);
  } finally {
    call.signal.removeEventListener("abort", stop);
  }
}

function start(gpg: string, { env, passphrase }: GpgCall): ChildProcess {
  const words = ["--batch", "--no-symkey-cache", "--status-fd", "2", "--logger-file", devNull];
  if (passphrase !== undefined)
    words.push("--no-keyring", "--pinentry-mode", "loopback", "--passphrase-fd", "4");
  // As pass(1) has it: options such as another home.
  const own = passphrase === undefined ? (env["PASSWORD_STORE_GPG_OPTS"] ?? "") : "";
  const options = own.split(/\s+/).filter((word) => word !== "");
  return spawn(gpg, [...options, ...words, "--decrypt"], {
    stdio: ["pipe", "pipe", "pipe", "ignore", "pipe"],
    env: { ...env, ...terminalOf(env) },
  });
}

/** Where gpg's agent is to ask, as pass(1) tells it. */
function terminalOf(env: GpgCall["env"]): { readonly GPG_TTY?: string } {
  if ((env["GPG_TTY"] ?? "") !== "") return {};
  for (const fd of [0, 1, 2]) {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      if (/^\/dev\/(?:pts\/|tty)/.test(target)) return { GPG_TTY: target };
    } catch {
      // Not every system has these links.
    }
  }
  return {};
}

/** A program that does not read to the end is no failure by itself. */
function feed(to: Writable | null, bytes: Uint8Array | undefined): void {
  to?.on("error", () => undefined);
  to?.end(bytes);
}

async function collect(from: Readable, limit: number, stop: () => void): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of from as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else stop();
  }
  return length > limit ? undefined : joined(chunks);
}

async function ended(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve());
    child.once("error", (error) => reject(ioError(error, "gpg can't be started", "unavailable")));
  });
}

/** "[GNUPG:] KEYWORD words": doc/DETAILS of GnuPG. */
function statusLines(said: Uint8Array | undefined): readonly string[] {
  const lines = new TextDecoder().decode(said).split("\n");
  return lines.flatMap((line) => (line.startsWith("[GNUPG:] ") ? [line.slice(9)] : []));
}

function opened(bytes: Uint8Array | undefined, status: readonly string[], call: GpgCall): Uint8Array {
  if (bytes === undefined) {
    throw new PmError("limit", `with ${call.what} the import is over its limit`, {
      hint: "import a part at a time, such as one folder of the store",
    });
  }
  // It is said only after the last byte was checked.
  if (status.some((line) => line.startsWith("DECRYPTION_OKAY"))) return bytes;
  throw refusalOf(status, call);
}

/** GPG_ERR_CANCELED and GPG_ERR_FULLY_CANCELED; GPG_ERR_NO_PIN_ENTRY; the bit of errors of the system (libgpg-error). */
const CANCELED: ReadonlySet<number> = new Set([99, 198]);
const NO_PINENTRY = 85;
const SYSTEM_ERROR = 0x8000;

function refusalOf(status: readonly string[], { what, passphrase }: GpgCall): PmError {
  const error = status.map((line) => /^ERROR pkdecrypt_failed (\d+)/.exec(line)?.[1]).find((code) => code);
  const code = error === undefined ? undefined : Number(error) & 0xffff;
  const has = (word: string): boolean => status.some((line) => line.split(" ")[0] === word);
  const isKnownKey = has("DECRYPTION_KEY") || has("PLAINTEXT");
  if (isKnownKey || has("NODATA") || has("UNEXPECTED") || has("BADMDC")) {
    return new PmError("usage", `${what} is damaged, or no message of gpg`, {
      hint: "gpg --decrypt FILE says more",
    });
  }
  if (passphrase !== undefined) {
    return new PmError("auth", `the password does not open ${what}`, {
      hint: "give the one that was chosen for the export",
    });
  }
  if (code !== undefined && CANCELED.has(code))
    return new PmError("interrupted", `${what} was not opened: cancelled`);
  if (code === NO_PINENTRY || (code !== undefined && (code & SYSTEM_ERROR) !== 0)) {
    return new PmError("locked", `gpg can't ask for the passphrase of the key that opens ${what}`, {
      hint: "export GPG_TTY=$(tty), or unlock the key first: pass show NAME",
    });
  }
  if (has("NO_SECKEY")) {
    return new PmError("auth", `no secret key here opens ${what}`, {
      hint: "gpg --list-secret-keys lists them, gpg --import adds one",
    });
  }
  return new PmError("auth", `gpg does not open ${what}`, { hint: "gpg --decrypt FILE says why" });
}
