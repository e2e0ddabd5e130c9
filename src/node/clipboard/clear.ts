/** Clearing what was copied: later, in a process of its own that waits, or at once. */
import { type StdioOptions, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { utf8, wipe } from "../../core/bytes.ts";
import { openMemoryInput } from "../memory-folder.ts";
import { ownCommand } from "../own-process.ts";
import { clearByCommand, type ClipCommand } from "./command.ts";
import { clipboardEnvironment, wayOf } from "./environment.ts";
import { clearTerminal, type Multiplexer } from "./osc52.ts";
import { type ClearOrder, matchesOrder } from "./order.ts";
import type { Env } from "./ways.ts";

/** An order, or a way on which nothing can be read back: there whatever is held is cleared. */
export type Clearing =
  | (ClearOrder & { readonly way: "readable" })
  | (Pick<ClipCommand, "argv" | "cwd"> & { readonly way: "command"; readonly afterMs: number })
  | { readonly way: "terminal"; readonly afterMs: number; readonly multiplexer: Multiplexer | undefined };

export interface ClearingPlace {
  /** Of the process. */
  readonly env: Env;
  /** Open on the terminal; only for "terminal". */
  readonly terminal?: number;
}

/** The descriptor under which the process that clears has the terminal. */
const TERMINAL_FD = 1;

/**
 * Clears the clipboard now if it still holds the value of the order, in a process of its own: programs of a
 * desktop may hang, and a display may be gone. Settled when that has begun.
 * @param env as it came with the order
 */
export function clearIfHeld(order: ClearOrder, env: Env): Promise<void> {
  return startClearing({ ...order, way: "readable", afterMs: 0 }, { env });
}

/**
 * Detached, so that it outlives the terminal; in a folder that nobody wants to unmount. Where there is memory for
 * the order, all is done when this returns: it may be the last thing that this process does.
 */
export function startClearing(clearing: Clearing, { env, terminal }: ClearingPlace): Promise<void> {
  const order = utf8(JSON.stringify(clearing));
  const input = openMemoryInput(order);
  const stdio: StdioOptions = [input ?? "pipe", terminal ?? "ignore", "ignore"];
  const { file, args } = ownCommand("clear-process");
  return new Promise<void>((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: "/",
      env: { ...env },
      detached: true,
      windowsHide: true,
      stdio,
    });
    const started = (): void => {
      child.unref();
      resolve();
    };
    child.once("error", reject);
    if (child.stdin === null) child.once("spawn", started);
    else child.stdin.once("error", reject).end(order, started);
  }).finally(() => input === undefined || closeSync(input));
}

/** What that process does when the time has come. @param env its own */
export async function clear(clearing: Clearing, env: Env): Promise<void> {
  switch (clearing.way) {
    case "command":
      return await clearByCommand({ ...clearing, env });
    case "terminal":
      return clearTerminal(TERMINAL_FD, clearing.multiplexer);
    case "readable":
      return await clearReadable(clearing, clipboardEnvironment(env, wayOf(env)));
  }
}

async function clearReadable(order: ClearOrder, env: Record<string, string>): Promise<void> {
  switch (wayOf(env)) {
    case "wayland": {
      const { readWayland, clearWayland } = await import("./wayland.ts");
      if (isHeld(order, await readWayland(env))) await clearWayland(env);
      return;
    }
    case "system": {
      const { readSystem, clearSystem } = await import("./system.ts");
      if (isHeld(order, await readSystem(env))) await clearSystem(env);
      return;
    }
    case "x11": {
      const { connectDisplay } = await import("./x11-connection.ts");
      const { clearClipboard } = await import("./x11-selection.ts");
      using x = await connectDisplay(env);
      return await clearClipboard(x, (value) => matchesOrder(order, value));
    }
  }
}

function isHeld(order: ClearOrder, value: Uint8Array): boolean {
  const isOurs = matchesOrder(order, value);
  wipe(value);
  return isOurs;
}
