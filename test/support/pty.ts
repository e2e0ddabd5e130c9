/** The real bin/pm.js on a real pseudoterminal, with a person who reads before typing. */
import { spawn } from "@lydell/node-pty";
import { onTestFinished } from "vitest";
import { PM, pmEnvironment, type RunOptions } from "./process.ts";

export interface Pty {
  /** Everything that the terminal has shown. */
  screen(): string;
  /** Waits until what was shown since the last match matches, and returns the match. */
  see(pattern: RegExp): Promise<RegExpExecArray>;
  type(text: string): void;
  /** The exit code. */
  exit(): Promise<number>;
}

const PATIENCE_MS = 15_000;

export function startPmOnPty(args: readonly string[], options: Omit<RunOptions, "input">): Pty {
  return startOnPty(process.execPath, [PM, ...args], options);
}

/** Another program there, with the environment that pm would have. */
export function startOnPty(
  program: string,
  args: readonly string[],
  options: Omit<RunOptions, "input">,
): Pty {
  const child = spawn(program, [...args], {
    name: "xterm",
    cols: 100,
    rows: 40,
    cwd: options.cwd ?? options.home,
    env: pmEnvironment(options),
  });
  const changes = new Set<() => void>();
  let screen = "";
  let matchedUpTo = 0;
  let code: number | undefined;
  child.onData((data) => {
    screen += data;
    for (const change of changes) change();
  });
  child.onExit(({ exitCode }) => {
    code = exitCode;
    for (const change of changes) change();
  });
  onTestFinished(() => {
    if (code === undefined) child.kill("SIGKILL");
  });

  function when<T>(what: string, read: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const value = read();
        if (value === undefined) return;
        clearTimeout(timer);
        changes.delete(check);
        resolve(value);
      };
      const timer = setTimeout(() => {
        changes.delete(check);
        reject(new Error(`waited for ${what}; the terminal shows:\n${screen}`));
      }, PATIENCE_MS);
      changes.add(check);
      check();
    });
  }

  return {
    screen: () => screen,
    see: (pattern) =>
      when(String(pattern), () => {
        const match = pattern.exec(screen.slice(matchedUpTo));
        if (match === null) return undefined;
        matchedUpTo += match.index + match[0].length;
        return match;
      }),
    type: (text) => child.write(text),
    exit: () => when("the end", () => code),
  };
}
