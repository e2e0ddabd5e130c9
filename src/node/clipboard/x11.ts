/** Copies on X11, where a process of pm's own stays to serve the value: see x11-owner.ts. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { ownCommand } from "../own-process.ts";
import { unavailable } from "./failure.ts";

/** The start of a process, and 5 s for each of its two connections. */
const PATIENCE_MS = 15_000;
const HINT = "see that DISPLAY and XAUTHORITY lead to a running display, or leave out --clip";

export interface HeldClipboard {
  /** Until then it is cleared when this process ends. */
  keepFor(ms: number): void;
  clear(): void;
}

/**
 * Starts the process that holds the value, and waits until it was read back through the display.
 * @throws PmError "unavailable" where the clipboard does not hold it then
 */
export async function copyToX11(
  bytes: Uint8Array,
  env: Readonly<Record<string, string>>,
): Promise<HeldClipboard> {
  const { file, args } = ownCommand("x11-owner", { flags: ["--disable-sigusr1"] });
  const owner = spawn(file, args, {
    // A folder that nobody wants to unmount.
    cwd: "/",
    env,
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  // Where it ends early, what it said before tells why.
  owner.stdin.on("error", () => undefined);
  owner.stdin.write(`${bytes.length}\n`);
  owner.stdin.write(bytes);
  const answer = await firstLine(owner);
  if (answer !== "held") {
    owner.kill("SIGKILL");
    throw unavailable(`the X11 clipboard can't be used: ${answer}`, HINT);
  }
  const leave = (last: string): void => {
    owner.stdin.end(last);
    owner.stdout.destroy();
    owner.unref();
  };
  return { keepFor: (ms) => leave(`${ms}\n`), clear: () => leave("") };
}

function firstLine(owner: ChildProcessByStdio<Writable, Readable, null>): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const timer = setTimeout(() => resolve("it does not answer"), PATIENCE_MS);
    const end = (line: string): void => {
      clearTimeout(timer);
      resolve(line);
    };
    owner.once("error", () => end("no process can be started"));
    owner.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n")) end(text.slice(0, text.indexOf("\n")));
    });
    owner.stdout.once("close", () => end("the process that should hold it has ended"));
  });
}
