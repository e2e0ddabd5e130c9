/** The clipboard, through clipboardy: the only file that loads it. Values go through pipes, never through argv. */
import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { equalBytes, fromUtf8, utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a clipboard program needs to find the display, and nothing of pm's: on X11 and Wayland it stays
 * to serve the value, and whoever may look at the process sees its environment.
 */
const ENVIRONMENT =
  "DISPLAY XAUTHORITY WAYLAND_DISPLAY XDG_RUNTIME_DIR XDG_SESSION_TYPE " +
  "PATH HOME TMPDIR LANG LC_ALL LC_CTYPE " +
  "SystemRoot windir ComSpec PATHEXT PSModulePath TEMP TMP USERPROFILE APPDATA LOCALAPPDATA " +
  "WSL_DISTRO_NAME WSL_INTEROP TERMUX_VERSION PREFIX";

/** xsel hands longer values over in pieces, and often loses the selection on the way (kfish/xsel, issue 33). */
const X11_MAX_BYTES = 4000;
const KEY_BYTES = 32;
const READ_TRIES = 20;
const READ_PAUSE_MS = 25;

/** What the process that clears gets to know: enough to recognise the value, not to tell it. */
export interface ClearOrder {
  /** Base64. A key of this order alone: equal values give different fingerprints. */
  readonly key: string;
  /** Base64: HMAC-SHA-256 of the value. */
  readonly fingerprint: string;
  readonly afterMs: number;
}

export interface CopyOptions {
  /** UTF-8 text; stays the caller's. */
  readonly bytes: Uint8Array;
  readonly clearAfterMs: number;
  readonly env: Env;
}

/**
 * Copies a value and starts a process that clears the clipboard later, if it still holds that value.
 * Does not wait for it.
 * @throws PmError "usage" where the value is not text, "unavailable" where there is no clipboard that
 * takes it
 */
export async function copyToClipboard({ bytes, clearAfterMs, env }: CopyOptions): Promise<void> {
  const text = fromUtf8(bytes);
  if (text === undefined || text.includes("\0")) {
    throw new PmError("usage", "the value is not text and can't be copied", {
      hint: "-o FILE writes it to a file",
    });
  }
  if (bytes.length > X11_MAX_BYTES && throughXsel(env)) {
    throw new PmError("unavailable", `the X11 clipboard loses values of over ${X11_MAX_BYTES} bytes`, {
      hint: "-o FILE writes the value to a file",
    });
  }
  const childEnv = clipboardEnvironment(env);
  await withEnvironment(childEnv, async () => {
    await writeClipboard(text);
    if (await holds(bytes)) return;
    await writeClipboard("").catch(() => undefined);
    throw unavailable("the clipboard did not take the value");
  });
  try {
    await startClearing(clearOrder(bytes, clearAfterMs), childEnv);
  } catch (error) {
    await withEnvironment(childEnv, () => writeClipboard(""));
    throw unavailable("the clipboard could not be cleared later, so it was cleared at once", error);
  }
}

/** As clipboardy decides. */
function throughXsel({ WAYLAND_DISPLAY, XDG_SESSION_TYPE, WSL_DISTRO_NAME }: Env): boolean {
  if (process.platform !== "linux" || WSL_DISTRO_NAME !== undefined) return false;
  return !WAYLAND_DISPLAY && XDG_SESSION_TYPE !== "wayland";
}

/**
 * Some clipboards report success and hold something else; and xsel ends a moment before the process that
 * it leaves behind owns the selection.
 */
async function holds(bytes: Uint8Array): Promise<boolean> {
  for (let tries = 0; tries < READ_TRIES; tries++) {
    if (equalBytes(await readClipboard(), bytes)) return true;
    await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
  }
  return false;
}

/** The bytes in the clipboard now. @throws PmError "unavailable" where there is none */
export async function readClipboard(): Promise<Uint8Array> {
  try {
    const { default: clipboard } = await import("clipboardy");
    return utf8(await clipboard.read());
  } catch (error) {
    throw unavailable("the clipboard can't be read", error);
  }
}

/** @throws PmError "unavailable" where there is no clipboard */
export async function writeClipboard(text: string): Promise<void> {
  try {
    const { default: clipboard } = await import("clipboardy");
    await clipboard.write(text);
  } catch (error) {
    throw unavailable("there is no clipboard", error);
  }
}

/** @returns whether `bytes` are the value that the order is about */
export function matchesOrder({ key, fingerprint }: ClearOrder, bytes: Uint8Array): boolean {
  return equalBytes(hmac(Buffer.from(key, "base64"), bytes), Buffer.from(fingerprint, "base64"));
}

function clearOrder(bytes: Uint8Array, afterMs: number): ClearOrder {
  const key = randomBytes(KEY_BYTES);
  return { key: key.toString("base64"), fingerprint: hmac(key, bytes).toString("base64"), afterMs };
}

function hmac(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac("sha256", key).update(bytes).digest();
}

function clipboardEnvironment(env: Env): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const name of ENVIRONMENT.split(" ")) {
    const value = env[name];
    if (value !== undefined) allowed[name] = value;
  }
  return allowed;
}

/** clipboardy looks at process.env when it is loaded, and passes it on to the programs that it runs. */
async function withEnvironment<T>(env: Record<string, string>, run: () => Promise<T>): Promise<T> {
  // oxlint-disable node/no-process-env
  const own = process.env;
  process.env = env;
  try {
    return await run();
  } finally {
    process.env = own;
  }
  // oxlint-enable node/no-process-env
}

/** Detached, so that it outlives the terminal; in a folder that nobody wants to unmount. */
function startClearing(order: ClearOrder, env: Record<string, string>): Promise<void> {
  const script = fileURLToPath(new URL(`clear-clipboard${extension()}`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], {
      cwd: "/",
      env,
      detached: true,
      windowsHide: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.once("error", reject);
    child.stdin.once("error", reject);
    child.stdin.end(JSON.stringify(order), () => {
      child.unref();
      resolve();
    });
  });
}

/** ".ts" in the sources, ".js" in what is built of them. */
function extension(): string {
  return import.meta.url.slice(import.meta.url.lastIndexOf("."));
}

function unavailable(what: string, cause?: unknown): PmError {
  const hint =
    process.platform === "linux"
      ? "it takes a display (DISPLAY or WAYLAND_DISPLAY) and xsel or wl-copy; without --clip the value is printed"
      : "without --clip the value is printed";
  return new PmError("unavailable", what, { hint, cause });
}
