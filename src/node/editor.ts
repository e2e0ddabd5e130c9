/** The user's editor as a child on the same terminal, told to leave no copies of what it edits. */
import { spawn, type StdioOptions } from "node:child_process";
import { closeSync, openSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { PmError } from "../core/errors.ts";
import { findProgram } from "./find-program.ts";
import { atEnd, leaveKeyboardSignals } from "./signals.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * No swap file (-n), no viminfo or shada (-i), no backup and no undo file whatever the user's own
 * configuration says: -c comes after it. What a text says about its own options is not obeyed (--cmd).
 */
const VIM = "-n|-i|NONE|--cmd|set nomodeline|-c|set nobackup nowritebackup noundofile noswapfile".split("|");

/** Evaluated before the file is visited: backups, auto-saves, locks, lists of recent files, local variables. */
const EMACS = [
  "--eval",
  "(setq make-backup-files nil backup-inhibited t auto-save-default nil auto-save-list-file-prefix nil " +
    'create-lockfiles nil recentf-exclude (list ".") enable-local-variables nil)',
];

const MICRO = ["backup", "permbackup", "savecursor", "saveundo", "savehistory"].flatMap((option) => [
  `-${option}`,
  "off",
]);

/** By the name of the program: its arguments before the user's own. An editor with none leaves nothing anyway. */
const PROTECTION: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...["vim", "nvim", "rvim", "vimx"].map((name) => [name, VIM] as const),
  // These leave the terminal, and pm must wait for them.
  ...["gvim", "mvim"].map((name) => [name, ["-f", ...VIM]] as const),
  // Its switches only turn things on; what a nanorc turns on can't be turned off again.
  ["nano", ["--ignorercfiles"]],
  ["emacs", EMACS],
  ["micro", MICRO],
  ["hx", []],
  ["helix", []],
  ["kak", []],
  ["busybox", []],
]);

/**
 * Whether pm knows how to keep this editor from leaving copies (swap files, backups, histories).
 * @param path PATH, by which `vi` is found out to be one of several programs
 */
export function hasLeftoverProtection(argv: readonly string[], path: string = ""): boolean {
  return protectionOf(argv[0] ?? "", path) !== undefined;
}

function protectionOf(program: string, path: string): readonly string[] | undefined {
  const known = PROTECTION.get(nameOf(program));
  if (known !== undefined) return known;
  const found = findProgram(program, path);
  return found === undefined ? undefined : PROTECTION.get(nameOf(real(found)));
}

/** "vim" of /usr/bin/vim.basic, "emacs" of emacs-29.1, "nvim" of nvim.exe. */
function nameOf(program: string): string {
  return basename(program).replace(/(?:\.[a-z0-9]+|-\d[\d.]*)$/, "");
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** @throws PmError "unavailable" where it is known that there is no such program */
export function requireEditor([program = ""]: readonly string[], path: string = ""): void {
  // There PATHEXT and the registry have their say.
  if (process.platform === "win32") return;
  if (findProgram(program, path) === undefined) throw noEditor(program);
}

export interface EditorCall {
  /** The program and the user's own arguments; the file is put behind them. */
  readonly argv: readonly string[];
  readonly file: string;
  /** Where the editor's own temporary files go. */
  readonly directory: string;
  /** Without anything of pm's that opens a vault. */
  readonly env: Env;
  readonly cwd: string;
  /** Whether standard input and output are the terminal. */
  readonly onTerminal: boolean;
}

/**
 * Waits until the editor has ended well.
 * @throws PmError "unavailable" where it can't be run, "error" where it ends with another status than 0,
 * "interrupted" where Ctrl-C ended it
 */
export async function runEditor(call: EditorCall): Promise<void> {
  const [program = "", ...own] = call.argv;
  const ended = await endOf(
    program,
    [...(protectionOf(program, call.env["PATH"] ?? "") ?? []), ...own],
    call,
  );
  if (ended === 0) return;
  if (ended === "SIGINT") throw new PmError("interrupted", "interrupted");
  const how = typeof ended === "number" ? `ended with status ${ended}` : `was ended by ${ended}`;
  throw new PmError("error", `the editor "${program}" ${how}; nothing was changed`);
}

async function endOf(program: string, args: readonly string[], call: EditorCall): Promise<number | string> {
  using _keyboard = leaveKeyboardSignals();
  using terminal = openStreams(call.onTerminal);
  return await new Promise((resolve, reject) => {
    const child = spawn(program, [...args, call.file], {
      cwd: call.cwd,
      env: { ...call.env, TMPDIR: call.directory },
      stdio: terminal.stdio,
    });
    // It must not go on at the terminal by itself with a text that is gone.
    const undo = atEnd(() => child.kill());
    child.once("error", (error) => {
      undo[Symbol.dispose]();
      reject(noEditor(program, error));
    });
    child.once("exit", (status, signal) => {
      undo[Symbol.dispose]();
      resolve(status ?? signal ?? "a signal");
    });
  });
}

/** @param cause what the system said, where it was asked */
function noEditor(program: string, cause?: unknown): PmError {
  return new PmError("unavailable", `the editor "${program}" can't be run`, {
    hint: "set VISUAL or EDITOR to one that is there, as in EDITOR=nano",
    cause,
  });
}

interface Streams extends Disposable {
  readonly stdio: StdioOptions;
}

/** The terminal, also where pm's own input or output is something else. Never pm's standard output in a pipe. */
function openStreams(onTerminal: boolean): Streams {
  if (onTerminal) return { stdio: "inherit", [Symbol.dispose]: () => undefined };
  const fd = openTerminalDevice();
  if (fd === undefined) return { stdio: ["ignore", 2, 2], [Symbol.dispose]: () => undefined };
  return { stdio: [fd, fd, 2], [Symbol.dispose]: () => closeSync(fd) };
}

function openTerminalDevice(): number | undefined {
  try {
    return openSync("/dev/tty", "r+");
  } catch {
    return undefined;
  }
}
