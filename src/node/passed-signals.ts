/** Signals to pm that are meant for the program it runs. */
import { constants } from "node:os";
import { fs } from "./fs.ts";

const PASSED_ON = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const;
type PassedSignal = (typeof PASSED_ON)[number];

export interface PassedSignals extends Disposable {
  /** Told at once when the program has been started; before, nothing is passed on. */
  pid: number | undefined;
}

/**
 * Passes signals on, and lives through them, until it is disposed of. Those of the keyboard reach every
 * program in the foreground of a terminal by themselves; a program must not get them twice, because the
 * second Ctrl-C often means "at once".
 * @param leadsGroup whether the program leads a process group of its own, all of which gets the signal
 */
export function passSignals(leadsGroup: boolean): PassedSignals {
  const pass = (name: PassedSignal): void => {
    const isKeyboards = name === "SIGINT" || name === "SIGQUIT";
    if (passed.pid === undefined || (isKeyboards && !leadsGroup && isInForeground())) return;
    try {
      process.kill(leadsGroup ? -passed.pid : passed.pid, name);
    } catch {
      // It has just ended.
    }
  };
  const passed: PassedSignals = {
    pid: undefined,
    [Symbol.dispose]: () => {
      for (const name of PASSED_ON) process.off(name, pass);
    },
  };
  for (const name of PASSED_ON) process.on(name, pass);
  return passed;
}

/** Whether this process has a terminal that can send it signals, whatever its streams are. */
export function hasTerminal(): boolean {
  if (process.platform === "win32") return true;
  try {
    fs.closeSync(fs.openSync("/dev/tty", fs.constants.O_RDWR | fs.constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/** proc(5) stat, counted from the state: the process group, and the one in the foreground of the terminal. */
const GROUP = 2;
const FOREGROUND_GROUP = 5;

/** A job in the background gets nothing from the keyboard. Where it can't be told, it is no such job. */
function isInForeground(): boolean {
  try {
    const text = fs.readFileSync("/proc/self/stat", "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[GROUP] === fields[FOREGROUND_GROUP];
  } catch {
    return true;
  }
}

/** Those that make the system write the memory of a process to a file (signal(7)). */
const WRITES_CORE: ReadonlySet<string> = new Set([
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGSEGV",
  "SIGXCPU",
  "SIGXFSZ",
  "SIGSYS",
]);

/**
 * Makes this process end, once it has nothing to do any more, by the signal that ended its program: a calling
 * shell then stops its loops too, which a mere number does not make it do.
 * @returns the exit status that a shell shows for it, for where that can't be
 */
export function endLike(signal: NodeJS.Signals): number {
  if (process.platform !== "win32" && !WRITES_CORE.has(signal)) {
    process.once("exit", () => {
      // Node ignores SIGPIPE; any listener that goes leaves what the system does, and one that stays prevents it.
      // For SIGKILL there is none.
      if (signal !== "SIGKILL") process.once(signal, () => undefined);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  }
  return 128 + constants.signals[signal];
}
