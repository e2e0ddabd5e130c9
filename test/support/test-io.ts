/** An Io for tests: streams in memory, answers in a queue, a clock that counts, seeded randomness. */
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { PmError } from "../../src/core/errors.ts";
import type { Random } from "../../src/core/random.ts";
import type { Input, Io, Output, Terminal } from "../../src/node/io.ts";

export interface TestIoOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: Uint8Array | string;
  /** What a person will answer, in order; undefined where there is no terminal. "^C" interrupts. */
  readonly answers?: readonly string[] | undefined;
  /** Which of the three streams are terminals. */
  readonly ttys?: ReadonlySet<StreamName>;
  readonly now?: () => number;
  readonly random: Random;
}

export type StreamName = "stdin" | "stdout" | "stderr";

export interface TestIo {
  readonly io: Io;
  stdout(): Uint8Array;
  stderr(): string;
  /** All that the terminal showed: questions and prints. */
  terminal(): string;
  /** Answers that no question took. */
  unused(): readonly string[];
  /** Questions for which no answer was left. */
  unanswered(): readonly string[];
}

const COLUMNS = 80;

export function createTestIo(options: TestIoOptions): TestIo {
  const stdout = createSink(options.ttys?.has("stdout") === true);
  const stderr = createSink(options.ttys?.has("stderr") === true);
  const person = createPerson(options.answers);
  const stdin = typeof options.stdin === "string" ? utf8(options.stdin) : options.stdin;
  return {
    io: {
      stdin: createSource(stdin ?? new Uint8Array(0), options.ttys?.has("stdin") === true),
      stdout: stdout.output,
      stderr: stderr.output,
      env: options.env ?? {},
      cwd: options.cwd ?? "/",
      now: options.now ?? createClock().now,
      random: options.random,
      signal: new AbortController().signal,
      openTerminal: () => (options.answers === undefined ? undefined : person.terminal),
    },
    stdout: stdout.bytes,
    stderr: () => fromUtf8(stderr.bytes()) ?? "",
    terminal: person.shown,
    unused: person.unused,
    unanswered: person.unanswered,
  };
}

/** A clock that starts at a fixed time and advances by a millisecond whenever it is read. */
export function createClock(): { readonly now: () => number; readonly advance: (ms: number) => void } {
  let time = Date.UTC(2026, 0, 1);
  return {
    now: () => time++,
    advance: (ms) => {
      time += ms;
    },
  };
}

/** Small and odd, so that lines begin and end within pieces. */
const PIECE_BYTES = 7;

function createSource(bytes: Uint8Array, isTTY: boolean): Input {
  let taken = 0;
  const take = (length: number): Uint8Array => bytes.slice(taken, (taken += length));
  return {
    isTTY,
    readSome: async (most = PIECE_BYTES) => take(Math.min(most, PIECE_BYTES)),
    read: async (limit) => {
      const rest = take(bytes.length);
      if (rest.length > limit)
        throw new PmError("limit", `standard input is over the limit of ${limit} bytes`);
      return rest;
    },
  };
}

function createSink(isTTY: boolean): { readonly output: Output; readonly bytes: () => Uint8Array } {
  const chunks: Uint8Array[] = [];
  return {
    output: {
      isTTY,
      columns: COLUMNS,
      write: async (data) => {
        chunks.push(typeof data === "string" ? utf8(data) : data.slice());
      },
      flush: async () => true,
    },
    bytes: () => Uint8Array.from(Buffer.concat(chunks)),
  };
}

function createPerson(answers: readonly string[] = []) {
  const queue = [...answers];
  const unanswered: string[] = [];
  let shown = "";
  const answer = (question: string): string => {
    shown += `${question}\n`;
    const text = queue.shift();
    if (text === undefined) unanswered.push(question);
    // The call must end; the test fails on `unanswered` whatever it makes of this.
    if (text === undefined || text === "^C") throw new PmError("interrupted", "interrupted");
    return text;
  };
  const terminal: Terminal = {
    readSecret: async (label) => utf8(answer(label)),
    confirm: async (question) => ["y", "yes"].includes(answer(question)),
    select: async (question, choices) => {
      const chosen = answer(question);
      return choices.find((choice) => choice === chosen);
    },
    search: async (question, find, words) => {
      const typed = answer(`${question} ${words}`);
      // As if the words were typed in the place of those that stood there, and then Enter, or Esc.
      return typed === "^[" ? undefined : find(typed)[0]?.value;
    },
    print: async (text) => {
      shown += text;
    },
    [Symbol.dispose]: () => undefined,
  };
  return { terminal, shown: () => shown, unused: () => queue, unanswered: () => unanswered };
}
