/** The streams of a program that pm runs: pm's own, or pipes that pm stands at the other end of. */
import type { ChildProcess } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { devNull } from "node:os";
import type { Readable, Writable } from "node:stream";
import { type Filter, type Pump, type Sink, startPump } from "./pump.ts";
import { openRealPipes, type RealPipe } from "./real-pipes.ts";

export interface Filtered {
  readonly filter: Filter;
  readonly sink: Sink;
}

export interface StreamPlan {
  /** Pm's own, nothing, or exactly these bytes. */
  readonly stdin: "inherit" | "nothing" | Uint8Array;
  readonly stdout: "inherit" | Filtered;
  readonly stderr: "inherit" | Filtered;
  /** Whether both of them go to the same place: one pipe, where that can be, keeps their order. */
  readonly isOnePlace: boolean;
  /** Descriptors that pm was given for itself; the program finds nothing in them. */
  readonly hidden: readonly number[];
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

/** Where a stream has no real pipe and needs one, Node makes it. */
interface Pipes {
  readonly stdin?: RealPipe | undefined;
  readonly stdout?: RealPipe | undefined;
  readonly stderr?: RealPipe | undefined;
}

export function openChildStreams(plan: StreamPlan): ChildStreams {
  const { stdin, stdout, stderr } = plan;
  const pipes = openPipes(plan);
  const nothing = plan.hidden.length === 0 ? undefined : openSync(devNull, "r+");
  const isShared = pipes.stdout !== undefined && pipes.stdout === pipes.stderr;
  const open = new Set(
    Object.values<RealPipe | undefined>({ ...pipes }).flatMap((pipe) =>
      pipe === undefined ? [] : [pipe.read, pipe.write],
    ),
  );
  if (nothing !== undefined) open.add(nothing);
  const closeAll = (): void => {
    for (const fd of open) closeSync(fd);
    open.clear();
  };
  const socket = (fd: number | undefined, side: "readable" | "writable"): Socket | undefined => {
    if (fd === undefined) return undefined;
    open.delete(fd);
    return new Socket({ fd, readable: side === "readable", writable: side === "writable" });
  };
  return {
    stdio: stdioOf(plan, pipes, nothing),
    start: (child) => {
      if (stdin instanceof Uint8Array) feed(socket(pipes.stdin?.write, "writable") ?? child.stdin, stdin);
      const pumps = [
        pumpOf(socket(pipes.stdout?.read, "readable") ?? child.stdout, stdout),
        ...(isShared ? [] : [pumpOf(socket(pipes.stderr?.read, "readable") ?? child.stderr, stderr)]),
      ];
      // A pipe ends where nobody else has its writing end any more.
      closeAll();
      return pumps.filter((pump) => pump !== undefined);
    },
    [Symbol.dispose]: closeAll,
  };
}

function openPipes({ stdin, stdout, stderr, isOnePlace }: StreamPlan): Pipes {
  const isShared = isOnePlace && stdout !== "inherit" && stderr !== "inherit";
  const wanted = [stdin instanceof Uint8Array, stdout !== "inherit", stderr !== "inherit" && !isShared];
  const made = openRealPipes(wanted.filter(Boolean).length);
  if (made === undefined) return {};
  const [input, output, errors] = wanted.map((is, i) =>
    is ? made[wanted.slice(0, i).filter(Boolean).length] : undefined,
  );
  return { stdin: input, stdout: output, stderr: errors ?? (isShared ? output : undefined) };
}

function stdioOf(plan: StreamPlan, pipes: Pipes, nothing: number | undefined): readonly Stdio[] {
  const stdio: Stdio[] = [
    plan.stdin instanceof Uint8Array ? (pipes.stdin?.read ?? "pipe") : inputOf(plan.stdin),
    plan.stdout === "inherit" ? "inherit" : (pipes.stdout?.write ?? "pipe"),
    plan.stderr === "inherit" ? "inherit" : (pipes.stderr?.write ?? "pipe"),
  ];
  if (nothing === undefined) return stdio;
  // Node leaves a descriptor alone that is to be ignored: the program has it, or has it not, as without pm.
  const last = Math.max(...plan.hidden);
  for (let fd = stdio.length; fd <= last; fd++) stdio.push(plan.hidden.includes(fd) ? nothing : "ignore");
  return stdio;
}

function inputOf(stdin: "inherit" | "nothing"): Stdio {
  return stdin === "inherit" ? "inherit" : "ignore";
}

/** A program that does not read to the end is no failure. */
function feed(to: Writable | null, bytes: Uint8Array): void {
  to?.on("error", () => undefined);
  to?.end(bytes);
}

function pumpOf(source: Readable | null, to: "inherit" | Filtered): Pump | undefined {
  return source === null || to === "inherit" ? undefined : startPump(source, to.filter, to.sink);
}
