/** Clearing what was copied: later, in a process of its own that waits, or at once. */
import { type StdioOptions, spawn } from "node:child_process";
import { wipe } from "../../core/bytes.ts";
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

/** Detached, so that it outlives the terminal; in a folder that nobody wants to unmount. */
export function startClearing(clearing: Clearing, { env, terminal }: ClearingPlace): Promise<void> {
  const stdio: StdioOptions = ["pipe", terminal ?? "ignore", "ignore"];
  const { file, args } = ownCommand("clear-process");
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: "/",
      env: { ...env },
      detached: true,
      windowsHide: true,
      stdio,
    });
    child.once("error", reject);
    child.stdin?.once("error", reject);
    child.stdin?.end(JSON.stringify(clearing), () => {
      child.unref();
      resolve();
    });
  });
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
