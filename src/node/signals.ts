/** How the process ends when it is told to: the abort signal of Io, then last clean-ups, then death by that signal. */
import { PmError } from "../core/errors.ts";

/** 128 + the signal's number (POSIX), which is what a shell reports. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type EndSignal = keyof typeof STATUS;

const undos = new Set<() => void>();
/** How many children the keyboard's signals are for now. */
let attended = 0;
let controller: AbortController | undefined;

/** Aborted on SIGINT, SIGTERM and SIGHUP. Until the first call the process dies of them at once. */
export function endSignal(): AbortSignal {
  controller ??= listen();
  return controller.signal;
}

/** Runs `undo`, which must be synchronous, where the process ends by a signal or exits before this is disposed of. */
export function atEnd(undo: () => void): Disposable {
  endSignal();
  undos.add(undo);
  return { [Symbol.dispose]: () => void undos.delete(undo) };
}

/**
 * While this is not disposed of, Ctrl-C and Ctrl-\\ are the business of a child on the same terminal: they
 * reach it too, and it decides.
 */
export function leaveKeyboardSignals(): Disposable {
  endSignal();
  attended++;
  process.on("SIGQUIT", ignore);
  return {
    [Symbol.dispose]: () => {
      attended--;
      process.off("SIGQUIT", ignore);
    },
  };
}

function ignore(): void {}

function listen(): AbortController {
  for (const name of Object.keys(STATUS) as EndSignal[]) process.on(name, onSignal);
  process.once("exit", runUndos);
  return new AbortController();
}

function onSignal(name: EndSignal): void {
  if (name === "SIGINT" && attended > 0) return;
  controller?.abort(new PmError("interrupted", "interrupted"));
  if (isAlone(name)) end(name);
  // A prompt library listens only while it asks: the abort has just made it stop, and once its
  // listener is gone too nobody handles the signal.
  else setImmediate(() => isAlone(name) && end(name));
}

/** Whoever handles a signal (a server, a parent that passes it on) listens to it, and then stays alive. */
function isAlone(name: EndSignal): boolean {
  return process.listenerCount(name) === 1;
}

function end(name: EndSignal): void {
  runUndos();
  process.exitCode = STATUS[name];
  // On Windows a signal to oneself would end the process with status 1.
  // oxlint-disable-next-line unicorn/no-process-exit
  if (process.platform === "win32") process.exit();
  // Dying of the signal itself lets a calling shell stop its loop too, which exit(130) does not.
  process.removeListener(name, onSignal);
  process.kill(process.pid, name);
}

function runUndos(): void {
  for (const undo of undos) {
    undos.delete(undo);
    try {
      undo();
    } catch {
      // The others have their turn.
    }
  }
}
