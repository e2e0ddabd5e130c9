/** The process as the rest of pm sees it; tests build one of their own. */
import type { Random } from "../core/random.ts";

export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: Random;
  /** Aborted on SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  /** The terminal for prompts, apart from the three streams; undefined where there is none. */
  openTerminal(): Terminal | undefined;
}

export interface Input {
  readonly isTTY: boolean;
  /** What a child of this process can inherit; undefined where there is nothing of that kind. */
  readonly fd?: number;
  /** What comes next, at least a byte and at most `most`; empty at the end. The caller owns it. */
  readSome(most?: number): Promise<Uint8Array>;
  /** Everything up to the end, at most `limit` bytes. @throws PmError "limit" beyond. */
  read(limit: number): Promise<Uint8Array>;
}

export interface Output {
  readonly isTTY: boolean;
  /** What a child of this process can inherit; undefined where there is nothing of that kind. */
  readonly fd?: number;
  readonly columns: number;
  /** Resolves when the bytes were taken. A closed pipe is not an error: the rest is dropped. */
  write(data: string | Uint8Array): Promise<void>;
  /** Whether a write has found the pipe closed: who writes without end has to stop then. */
  readonly isClosed?: boolean;
  /**
   * Resolves when what was written is where it lasts, as far as that can be told: a file is flushed to the
   * disk. @returns false where nobody took it, because the pipe was closed
   */
  flush(): Promise<boolean>;
}

/** Something to choose. */
export interface Choice {
  readonly name: string;
  readonly value: string;
  /** A line that is shown while it is marked. */
  readonly about: string;
}

/** A terminal opened for prompts: never stdin or stdout. */
export interface Terminal extends Disposable {
  /** Shows `label`, reads a line without echo as bytes that the caller owns. @throws PmError "interrupted" on Ctrl-C or Ctrl-D on an empty line. */
  readSecret(label: string): Promise<Uint8Array>;
  /** A yes/no question, "no" by default. */
  confirm(question: string): Promise<boolean>;
  /** One of `choices`; undefined where nothing was chosen. */
  select(question: string, choices: readonly string[]): Promise<string | undefined>;
  /**
   * One of what `find` gives for the words typed so far, which begin with `words`: its value; undefined where nothing
   * was chosen (Esc). @throws PmError "interrupted" on Ctrl-C
   */
  search(
    question: string,
    find: (words: string) => readonly Choice[],
    words: string,
  ): Promise<string | undefined>;
  /** Writes text for the person only (a recovery code, a notice). */
  print(text: string): Promise<void>;
}
