/** The streams of a program that pm runs: pm's own, or pipes that pm stands at the other end of. */
import type { ChildProcess } from "node:child_process";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { type Readable, Writable } from "node:stream";
import { openMemoryInput } from "./memory-folder.ts";
import { pipeStream } from "./pipe-stream.ts";
import { type Filter, type Pump, type Sink, startPump } from "./pump.ts";
import { openRealPipes, type RealPipe } from "./real-pipes.ts";

export interface Filtered {
  readonly filter: Filter;
  readonly sink: Sink;
}

export interface StreamPlan {
  /** Of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Pm's own, nothing, or exactly these bytes. */
  readonly stdin: "inherit" | "ignore" | Uint8Array;
  readonly stdout: "inherit" | Filtered;
  readonly stderr: "inherit" | Filtered;
  /** Whether both of them go to the same place: one pipe, where that can be, keeps their order. */
  readonly isOnePlace: boolean;
  /** Descriptors that pm was given for itself; the program finds nothing in them. */
  readonly hidden: readonly number[];
  /** Other descriptors above 2 that it gets under the same numbers. */
  readonly given: readonly number[];
  /** What it reads from descriptor 3 on, each exactly and then the end; they come before what has those numbers. */
  readonly handed?: readonly Uint8Array[];
}

export type Stdio = "inherit" | "ignore" | "pipe" | number;

export interface ChildStreams extends Disposable {
  readonly stdio: readonly Stdio[];
  /** Once the program has its ends of the pipes. */
  start(child: ChildProcess): readonly Pump[];
}

/** Whether both descriptors are the same file, pipe or device. */
export function areSameFile(a: number, b: number): boolean {
  try {
    const [first, second] = [fstatSync(a, { bigint: true }), fstatSync(b, { bigint: true })];
    return first.dev === second.dev && first.ino === second.ino;
  } catch {
    return false;
  }
}

/** Where a stream has none and needs one, Node makes it. */
interface Pipes {
  readonly stdout?: RealPipe | undefined;
  readonly stderr?: RealPipe | undefined;
}

export function openChildStreams(plan: StreamPlan): ChildStreams {
  const { stdin, stdout, stderr } = plan;
  const pipes = openPipes(plan);
  const isOne = pipes.stdout !== undefined && pipes.stdout === pipes.stderr;
  const input = stdin instanceof Uint8Array ? openMemoryInput(stdin) : undefined;
  const handed = (plan.handed ?? []).map((bytes) => openMemoryInput(bytes));
  const nothing = plan.hidden.length === 0 ? undefined : openSync(devNull, "r+");
  const ends = holdEnds([input, nothing, ...handed], isOne ? [pipes.stdout] : [pipes.stdout, pipes.stderr]);
  return {
    stdio: [
      stdin instanceof Uint8Array ? (input ?? "pipe") : stdin,
      stdout === "inherit" ? "inherit" : (pipes.stdout?.write ?? "pipe"),
      stderr === "inherit" ? "inherit" : (pipes.stderr?.write ?? "pipe"),
      ...handed.map((fd) => fd ?? ("pipe" as const)),
      ...beyond(plan, nothing).slice(handed.length),
    ],
    start: (child) => {
      if (stdin instanceof Uint8Array && child.stdin !== null) feed(child.stdin, stdin);
      for (const [n, bytes] of (plan.handed ?? []).entries()) {
        const pipe = child.stdio[n + 3];
        if (pipe instanceof Writable) feed(pipe, bytes);
      }
      const pumps = [pumpOf(ends.source(pipes.stdout) ?? child.stdout, stdout)];
      if (!isOne) pumps.push(pumpOf(ends.source(pipes.stderr) ?? child.stderr, stderr));
      return pumps.filter((pump) => pump !== undefined);
    },
    [Symbol.dispose]: () => ends[Symbol.dispose](),
  };
}

interface Ends extends Disposable {
  /** The reading end as a stream, which closes it. */
  source(pipe: RealPipe | undefined): Readable | undefined;
}

/** Pm's descriptors, which are closed when the program has ended. */
function holdEnds(single: readonly (number | undefined)[], pipes: readonly (RealPipe | undefined)[]): Ends {
  const all = [...single, ...pipes.flatMap((pipe) => [pipe?.read, pipe?.write])];
  const open = new Set(all.filter((fd) => fd !== undefined));
  const timers: NodeJS.Timeout[] = [];
  return {
    source: (pipe) => {
      if (pipe === undefined) return undefined;
      open.delete(pipe.read);
      return pipeStream(pipe.read).once("close", () => {
        if (open.has(pipe.write)) timers.push(letWritersIn(pipe.write));
      });
    },
    [Symbol.dispose]: () => {
      for (const timer of timers) clearInterval(timer);
      for (const fd of open) closeSync(fd);
      open.clear();
    },
  };
}

/** Short beside what a person waits, long beside what it costs. */
const LET_IN_MS = 50;

/**
 * A named pipe lets nobody open it for writing, as /dev/stdout, where nobody reads: they would wait for ever, where
 * a pipe without a name gives them SIGPIPE. So it is read for a moment, again and again.
 */
function letWritersIn(write: number): NodeJS.Timeout {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  return setInterval(() => {
    try {
      closeSync(openSync(`/dev/fd/${write}`, flags));
    } catch {
      // Not every system opens a descriptor anew.
    }
  }, LET_IN_MS).unref();
}

function openPipes({ env, stdout, stderr, isOnePlace }: StreamPlan): Pipes {
  const wanted = [stdout, stderr].filter((stream) => stream !== "inherit").length;
  const isOne = isOnePlace && wanted === 2;
  const made = openRealPipes(isOne ? 1 : wanted, env["PATH"]);
  if (made === undefined) return {};
  const [first, second = first] = made;
  return {
    stdout: stdout === "inherit" ? undefined : first,
    stderr: stderr === "inherit" ? undefined : second,
  };
}

/** From descriptor 3 on. Node leaves one that is to be ignored as it is: the program has it as without pm. */
function beyond({ hidden, given }: StreamPlan, nothing: number | undefined): readonly Stdio[] {
  const count = Math.max(0, ...[...hidden, ...given].map((fd) => fd - 2));
  return Array.from({ length: count }, (_, i) => {
    const fd = i + 3;
    if (nothing !== undefined && hidden.includes(fd)) return nothing;
    return given.includes(fd) ? fd : "ignore";
  });
}

/** A program that does not read to the end is no failure. */
function feed(to: Writable, bytes: Uint8Array): void {
  to.on("error", () => undefined);
  to.end(bytes);
}

function pumpOf(source: Readable | null, to: "inherit" | Filtered): Pump | undefined {
  return source === null || to === "inherit" ? undefined : startPump(source, to.filter, to.sink);
}
