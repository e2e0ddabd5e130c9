/** Which process a process id means: ids are used again, after a restart and in every container. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { hasSystemId, machineId } from "./machine.ts";

/** A null is what this platform can't tell. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of proc(5) stat: clock ticks between the boot and the start. */
  readonly processStartTime: string | null;
  readonly bootId: string | null;
  /** "pid:[4026531836]" (pid_namespaces(7)). */
  readonly pidNamespace: string | null;
  /** For people. */
  readonly host: string;
  readonly machine: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    processStartTime: readStat(process.pid)?.startTime ?? null,
    bootId: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()) ?? null,
    pidNamespace: attempt(() => readlinkSync("/proc/self/ns/pid")) ?? null,
    host: hostname(),
    machine: hasSystemId() ? machineId() : null,
  };
}

/** "unknown" where it can't be told from here: another machine, another container, no /proc. */
export type Life = "dead" | "alive" | "unknown";

/** Whether the process that `other` names still runs; `own` is this process. */
export function lifeOf(other: ProcessIdentity, own: ProcessIdentity): Life {
  if (other.host !== own.host || other.machine !== own.machine || other.pidNamespace !== own.pidNamespace) {
    return "unknown";
  }
  // Host names alone may be shared, so only a machine id makes another boot an earlier one.
  if (other.bootId !== own.bootId) return own.machine !== null && other.bootId !== null ? "dead" : "unknown";
  if (!exists(other.pid)) return "dead";
  const stat = readStat(other.pid);
  if (stat === undefined || other.processStartTime === null) return "unknown";
  return stat.startTime === other.processStartTime && !stat.isDead ? "alive" : "dead";
}

/** A stopped process exists; so does one that a parent has not waited for yet. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Fields of proc(5) stat counted from the state, which follows the name in parentheses. */
const STATE = 0;
const START_TIME = 19;

function readStat(pid: number): { startTime: string; isDead: boolean } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  // The name may hold spaces and parentheses of its own.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const startTime = fields?.[START_TIME];
  if (startTime === undefined || !/^\d+$/.test(startTime)) return undefined;
  return { startTime, isDead: fields?.[STATE] === "Z" || fields?.[STATE] === "X" };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
