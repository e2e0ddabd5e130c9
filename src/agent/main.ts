/** The agent's process: started by launch.ts, which waits for what is said on a descriptor. */
import { PmError } from "../core/errors.ts";
import { fs } from "../node/fs.ts";
import { createProcessIo } from "../node/io-process.ts";
import { processPaths } from "../node/paths.ts";
import { runAgent } from "./agent.ts";
import { agentPlace } from "./place.ts";

const REPORT = 3;
const STDERR = 2;
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Started by a service manager: it goes on without a key. */
const stays = process.argv.includes("--stay");

/** To who started it, and who waits for the end of the descriptor. */
function report(text: string): void {
  if (stays) return;
  try {
    fs.writeSync(REPORT, text);
    fs.closeSync(REPORT);
  } catch {
    // Nobody waits any longer.
  }
}

function fail(message: string): void {
  report(message);
  if (stays) fs.writeSync(STDERR, `pm: error: ${message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { env, random, now } = createProcessIo();
  const paths = processPaths(env);
  const end = await runAgent(await agentPlace(paths, env), { random, now, stateDir: paths.state, stays });
  if (end === undefined && stays) fail("another agent runs already");
  else report("ready");
  // Where nothing else takes it, it would end the process.
  process.on("SIGUSR1", () => undefined);
  for (const signal of SIGNALS) if (end !== undefined) process.on(signal, end);
}

run().catch((error: unknown) => fail(error instanceof PmError ? error.message : "internal error"));
