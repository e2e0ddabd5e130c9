/** Copies a value to the clipboard of whoever sits there, and sees to it that it is cleared later. */
import { closeSync } from "node:fs";
import { fromUtf8 } from "../../core/bytes.ts";
import { hasCode, PmError } from "../../core/errors.ts";
import { atEnd } from "../signals.ts";
import { type Clearing, type ClearingPlace, startClearing } from "./clear.ts";
import type { ClipCommand } from "./command.ts";
import { clipboardEnvironment } from "./environment.ts";
import { unavailable } from "./failure.ts";
import { type ClearOrder, clearOrder } from "./order.ts";
import { clipboardWays, type Env, type Way } from "./ways.ts";

/** By so much the process that serves a value on X11 outlasts the time that another keeps for it. */
const KEPT_ELSEWHERE_MS = 2000;

export interface CopyOptions {
  /** UTF-8 text; stays the caller's. */
  readonly bytes: Uint8Array;
  readonly clearAfterMs: number;
  readonly env: Env;
  /** What PM_CLIP_COMMAND says, where it is set. */
  readonly command?: ClipCommand | undefined;
  /** Asks a process that runs anyway to clear; false where there is none. */
  readonly schedule?:
    | ((order: ClearOrder, env: Readonly<Record<string, string>>) => Promise<boolean>)
    | undefined;
}

/**
 * Copies a value, reads it back where that can be done, and has the clipboard cleared later, if it still holds
 * that value. Does not wait for that.
 * @returns the way it went
 * @throws PmError "usage" where the value is not text, "unavailable" where there is no clipboard that takes it;
 * nothing is copied then
 */
export async function copyToClipboard(options: CopyOptions): Promise<Way> {
  requireText(options.bytes);
  const ways = clipboardWays(options.env, process.platform);
  for (const [index, way] of ways.entries()) {
    try {
      await copyBy(way, options);
      return way;
    } catch (error) {
      if (index === ways.length - 1 || !hasCode(error, "unavailable")) throw error;
    }
  }
  throw unavailable("there is no clipboard: no display is set", "set PM_CLIP_COMMAND, or leave out --clip");
}

function requireText(bytes: Uint8Array): void {
  const text = fromUtf8(bytes);
  if (text !== undefined && !text.includes("\0")) return;
  throw new PmError("usage", "the value is not text and can't be copied", {
    hint: "-o FILE writes it to a file",
  });
}

async function copyBy(way: Way, options: CopyOptions): Promise<void> {
  switch (way) {
    case "command":
      return await viaCommand(options);
    case "terminal":
      return await viaTerminal(options);
    case "wayland":
      return await viaWayland(options);
    case "x11":
      return await viaX11(options);
    case "system":
      return await viaSystem(options);
  }
}

async function viaCommand({ bytes, clearAfterMs: afterMs, command }: CopyOptions): Promise<void> {
  if (command === undefined) throw new PmError("usage", "PM_CLIP_COMMAND names no command");
  const { copyByCommand, clearByCommand } = await import("./command.ts");
  await copyByCommand(bytes, command);
  const { argv, cwd, env } = command;
  await clearLater({ way: "command", argv, cwd, afterMs }, { env }, () => clearByCommand(command));
}

async function viaTerminal({ bytes, clearAfterMs: afterMs, env }: CopyOptions): Promise<void> {
  const { sendToTerminal, clearTerminal, multiplexerOf } = await import("./osc52.ts");
  const terminal = await sendToTerminal(bytes, env);
  const multiplexer = multiplexerOf(env);
  try {
    const place = { env: clipboardEnvironment(env, "terminal"), terminal };
    await clearLater({ way: "terminal", multiplexer, afterMs }, place, () =>
      clearTerminal(terminal, multiplexer),
    );
  } finally {
    closeSync(terminal);
  }
}

async function viaWayland(options: CopyOptions): Promise<void> {
  const { copyToWayland, clearWayland } = await import("./wayland.ts");
  const env = clipboardEnvironment(options.env, "wayland");
  const order = clearOrder(options.bytes, options.clearAfterMs);
  using _ = clearingAtEnd(order, env);
  await copyToWayland(options.bytes, env);
  await keepTime(order, env, { schedule: options.schedule, clearNow: () => clearWayland(env) });
}

async function viaSystem(options: CopyOptions): Promise<void> {
  const { copyToSystem, clearSystem } = await import("./system.ts");
  const env = clipboardEnvironment(options.env, "system");
  const order = clearOrder(options.bytes, options.clearAfterMs);
  using _ = clearingAtEnd(order, env);
  await copyToSystem(fromUtf8(options.bytes) ?? "", env);
  await keepTime(order, env, { schedule: options.schedule, clearNow: () => clearSystem(env) });
}

/** A process stays anyway, so it keeps the time too: alone, or in case that who took the order is ended. */
async function viaX11({ bytes, clearAfterMs: afterMs, env, schedule }: CopyOptions): Promise<void> {
  const { copyToX11 } = await import("./x11.ts");
  const allowed = clipboardEnvironment(env, "x11");
  const held = await copyToX11(bytes, allowed);
  try {
    const isTaken = await schedule?.(clearOrder(bytes, afterMs), allowed);
    held.keepFor(isTaken === true ? afterMs + KEPT_ELSEWHERE_MS : afterMs);
  } catch (error) {
    held.clear();
    throw error;
  }
}

interface Keeping extends Pick<CopyOptions, "schedule"> {
  readonly clearNow: () => Promise<void>;
}

async function keepTime(
  order: ClearOrder,
  env: Readonly<Record<string, string>>,
  { schedule, clearNow }: Keeping,
): Promise<void> {
  if ((await schedule?.(order, env)) === true) return;
  await clearLater({ ...order, way: "readable" }, { env }, clearNow);
}

/** Where pm is interrupted between copying and the time that is kept for it. */
function clearingAtEnd(order: ClearOrder, env: Env): Disposable {
  return atEnd(() => void startClearing({ ...order, way: "readable" }, { env }).catch(() => undefined));
}

async function clearLater(
  clearing: Clearing,
  place: ClearingPlace,
  clearNow: () => Promise<void> | void,
): Promise<void> {
  try {
    await startClearing(clearing, place);
  } catch (error) {
    await clearNow();
    const what = "the clipboard could not be cleared later, so it was cleared at once";
    throw unavailable(what, "leave out --clip to print the value", error);
  }
}
