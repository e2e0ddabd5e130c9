/** The agent under load: its memory, what it serves in a second, and what it does when nobody asks. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AgentClient, connectAgent } from "../../src/agent/client.ts";
import { type AgentPlace, agentPlace } from "../../src/agent/place.ts";
import { RemoteSession } from "../../src/agent/remote-session.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import type { Work } from "./measure.ts";
import type { BenchVault } from "./vaults.ts";

const PM = fileURLToPath(new URL("../../bin/pm.js", import.meta.url));
const PATH = process.env["PATH"] ?? "";
const IDLE_MS = 3000;

export interface AgentFacts {
  /** After it served all the requests. */
  readonly residentBytes: number;
  /** Name to entry and the entry itself, one after the other on one connection. */
  readonly getsPerSecond: number;
  /** Processor time of some seconds in which nobody asked. */
  readonly idleMs: number;
}

/** `pm get` through an agent that holds the key: {@link withAgent} has it running. */
export function getThroughAgent(vault: BenchVault, name: string): Work {
  return { name, file: process.execPath, args: () => [PM, "get", vault.entry], env: vault.env };
}

/** Runs `work` while an agent holds the key of the vault, and ends it. */
export async function withAgent<T>(vault: BenchVault, work: (client: AgentClient) => Promise<T>): Promise<T> {
  const env = { PATH, ...vault.env, PM_PASSWORD_FILE: vault.passwordFile };
  const { status, stderr } = spawnSync(process.execPath, [PM, "unlock"], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`pm unlock ended with ${status}: ${stderr}`);
  using client = await connectAgent(await placeOf(vault));
  if (client === undefined) throw new Error("the agent does not answer");
  try {
    return await work(client);
  } finally {
    await client.request({ kind: "quit" });
    await client.ended;
  }
}

function placeOf({ env }: BenchVault): Promise<AgentPlace> {
  return agentPlace({ run: join(env["PM_HOME"] ?? "", "run") }, env);
}

/** @param client of {@link withAgent} */
export async function agentFacts(vault: BenchVault, client: AgentClient, gets: number): Promise<AgentFacts> {
  const session = new RemoteSession({
    client,
    vault: join(vault.env["PM_HOME"] ?? "", "data", "vault.pm"),
    call: { command: "bench", lockTimeoutMs: 1000, breakLock: false },
    warn: async () => undefined,
  });
  const started = performance.now();
  for (let n = 0; n < gets; n++) await get(session, vault.entry);
  const getsPerSecond = (1000 * gets) / (performance.now() - started);
  const before = processorMs(client.pid);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const idleMs = processorMs(client.pid) - before;
  return { residentBytes: residentBytes(client.pid), getsPerSecond, idleMs };
}

async function get(session: VaultSession, name: string): Promise<void> {
  const found = await session.resolve(name);
  if (found.kind !== "found") throw new Error("the entry is missing");
  await session.entry(found.row.id);
}

/** proc(5): VmRSS of status, in KiB. */
function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

const TICK_MS = 10;
/** proc(5) stat, counted from the state, which follows the name in parentheses. */
const USER_TIME = 11;

function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return TICK_MS * (Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1]));
}
