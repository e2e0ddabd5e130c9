/** Questions with a choice, through inquirer: the only file that loads it. */
import { openSync, writeSync } from "node:fs";
import { WriteStream } from "node:tty";
import type inquirerModule from "inquirer";
import { ioError } from "./io-error.ts";
import type { Choice } from "./io.ts";
import { type Keyboard, openKeyboard } from "./keyboard.ts";
import { interrupted } from "./raw-input.ts";
import { atEnd, endSignal } from "./signals.ts";
import { type TerminalDevice, visible } from "./terminal.ts";

/** ECMA-48 / DECTCEM: inquirer hides the cursor while it asks. */
const SHOW_CURSOR = "\u001b[?25h";

/** A yes/no question, "no" by default. @throws PmError "interrupted" on Ctrl-C */
export async function confirm(device: TerminalDevice, question: string): Promise<boolean> {
  const message = visible(question);
  const answer = await ask(device, async (inquirer, streams) => {
    const prompt = inquirer.createPromptModule(streams);
    return (await prompt([{ type: "confirm", name: "answer", message, default: false }])).answer;
  });
  return answer === true;
}

/** One of `choices`; undefined on Esc or where there is none. @throws PmError "interrupted" on Ctrl-C */
export async function select(
  device: TerminalDevice,
  question: string,
  choices: readonly string[],
): Promise<string | undefined> {
  if (choices.length === 0) return undefined;
  const message = visible(question);
  const shown = choices.map((choice) => ({ name: visible(choice), value: choice, short: visible(choice) }));
  return await ask(device, async (inquirer, streams) => {
    const prompt = inquirer.createPromptModule(streams);
    return (await prompt([{ type: "select", name: "answer", message, choices: shown, loop: false }])).answer;
  });
}

export interface Search {
  readonly find: (words: string) => readonly Choice[];
  /** What is typed already. */
  readonly words: string;
}

/** The value of one of what is found; undefined on Esc. Nothing of it stays on the screen. */
export async function search(
  device: TerminalDevice,
  question: string,
  { find, words }: Search,
): Promise<string | undefined> {
  const source = (typed: string | undefined) =>
    find(typed ?? "").map(({ name, value, about }) => ({
      name: visible(name),
      value,
      description: visible(about),
    }));
  return await ask(device, async (inquirer, streams) => {
    const prompt = inquirer.createPromptModule({ ...streams, clearPromptOnDone: true });
    const pageSize = Math.max(MIN_SHOWN, Math.min(MAX_SHOWN, streams.output.rows - AROUND));
    const message = visible(question);
    const asked = {
      type: "search",
      name: "answer",
      message,
      source,
      pageSize,
      initialValue: visible(words),
    } as const;
    return (await prompt([asked])).answer as string;
  });
}

/** Lines of the list, and those around it. */
const MIN_SHOWN = 3;
const MAX_SHOWN = 15;
const AROUND = 5;

type Inquirer = typeof inquirerModule;
interface Streams {
  readonly input: Keyboard;
  readonly output: WriteStream;
  readonly signal: AbortSignal;
}

async function ask<T>(
  device: TerminalDevice,
  question: (inquirer: Inquirer, streams: Streams) => Promise<T>,
): Promise<T | undefined> {
  const { default: inquirer } = await import("inquirer");
  const escape = new AbortController();
  const gone = new AbortController();
  const { input, output } = openStreams(device);
  const restore = atEnd(() => {
    input.setRawMode(false);
    writeSync(device.output, SHOW_CURSOR);
  });
  input.on("keypress", (_text, key: { name?: string }) => key.name === "escape" && escape.abort());
  // Without this the promise would never settle, and the process would end with status 0.
  for (const event of ["end", "error", "close"]) input.once(event, () => gone.abort());
  const signal = AbortSignal.any([escape.signal, gone.signal, endSignal()]);
  try {
    return await question(inquirer, { input, output, signal });
  } catch (error) {
    if (escape.signal.aborted) return undefined;
    throw isPromptEnd(error) ? interrupted() : error;
  } finally {
    restore[Symbol.dispose]();
    input.setRawMode(false);
    input.destroy();
    output.destroy();
  }
}

function openStreams(device: TerminalDevice): { input: Keyboard; output: WriteStream } {
  try {
    const input = openKeyboard(device.inputPath);
    return { input, output: new WriteStream(openSync(device.outputPath, "r+")) };
  } catch (error) {
    throw ioError(error, "can't open the terminal");
  }
}

/** How inquirer says that the person or the signal ended the question. */
function isPromptEnd(error: unknown): boolean {
  return error instanceof Error && /^(?:Exit|Abort|Cancel)PromptError$/.test(error.name);
}
