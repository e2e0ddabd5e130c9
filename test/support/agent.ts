/** Agents for tests: in this process, or real ones, which are gone when the test is over. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runAgent, type AgentTools } from "../../src/agent/agent.ts";
import { type AgentClient, connectAgent } from "../../src/agent/client.ts";
import { type AgentPlace, agentPlace } from "../../src/agent/place.ts";
import { cheapProfiles } from "./cheap-kdf.ts";

/** Turns the agent on for a real pm. */
export const WITH_AGENT: Readonly<Record<string, string>> = { PM_AGENT: "on" };

/** An agent tightens that of its process, which here is the one of the tests. */
const UMASK = process.umask();
const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;

export async function placeIn(home: string): Promise<AgentPlace> {
  return await agentPlace({ run: join(home, "run") }, { PM_HOME: home });
}

/** The agent of a home, in this process; ended with the test. */
export async function startAgentHere(home: string, tools: Partial<AgentTools> = {}): Promise<AgentPlace> {
  const place = await placeIn(home);
  const end = await runAgent(place, {
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    now: Date.now,
    stateDir: join(home, "state"),
    stays: true,
    kdfProfiles: cheapProfiles,
    ...tools,
  }).finally(() => process.umask(UMASK));
  if (end === undefined) return place;
  onTestFinished(async () => {
    end();
    await until("the agent's socket is gone", () => !existsSync(place.socket));
  });
  return place;
}

/** A connection that ends with the test. */
export async function connect(place: AgentPlace): Promise<AgentClient> {
  const client = await connectAgent(place);
  if (client === undefined) throw new Error("no agent answers");
  onTestFinished(() => client[Symbol.dispose]());
  return client;
}

/** Ends the agent of a home, be it one or none, when the test is over, and waits until it is gone. */
export function endAgentAfterTest(home: string): void {
  onTestFinished(() => endAgent(home));
}

async function endAgent(home: string): Promise<void> {
  using client = await connectAgent(await placeIn(home)).catch(() => undefined);
  if (client === undefined) return;
  await client.request({ kind: "quit" });
  await until("the agent has ended", () => !isRunning(client.pid));
}

/** One that has ended, and that nobody has asked about yet, runs no longer. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self/stat") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
