/**
 * A process of its own: takes on standard input what is to be cleared, waits, and clears it. It never knows a
 * value before it reads it in the clipboard.
 */
import { clear, type Clearing } from "./clear.ts";

const MAX_CHARS = 4 * 1024 * 1024;

async function readClearing(): Promise<Clearing> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > MAX_CHARS) throw new Error("nothing that can be cleared");
  }
  // Written by the pm that started this process.
  return JSON.parse(text) as Clearing;
}

async function run(): Promise<void> {
  const clearing = await readClearing();
  await new Promise((resolve) => setTimeout(resolve, clearing.afterMs));
  // oxlint-disable-next-line node/no-process-env
  await clear(clearing, process.env);
}

void run();
