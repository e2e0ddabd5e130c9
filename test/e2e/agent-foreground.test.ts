/** The agent under a service manager: it stays without a key, ends when told to, and its unit is sound. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { endAgentAfterTest, until, WITH_AGENT } from "../support/agent.ts";
import { describeWith } from "../support/describe-with.ts";
import { createHome } from "../support/home.ts";
import { findPart } from "../support/parts.ts";
import { finished, PM, pmEnvironment, runPm, temporaryDirectory } from "../support/process.ts";
import { startProgram } from "../support/shell.ts";

const ANALYZE = findPart("systemd-analyze") ?? "";
const UNIT = fileURLToPath(new URL("../../systemd/pm-agent.service", import.meta.url));

describe.skipIf(process.platform === "win32")("pm agent start --foreground", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("is the agent itself until %s", async (signal) => {
    const home = await createHome();
    endAgentAfterTest(home.directory);
    const env = pmEnvironment({ home: home.directory, env: WITH_AGENT });
    const child = startProgram([process.execPath, PM, "agent", "start", "--foreground"], { env });
    const end = finished(child);
    const status = async (): Promise<{ readonly pid?: number; readonly vaults?: readonly unknown[] }> => {
      const { stdout } = await runPm(["agent", "status", "--json"], {
        home: home.directory,
        env: WITH_AGENT,
      });
      return stdout.length === 0 ? {} : (JSON.parse(stdout.toString()) as object);
    };
    await until("the agent answers", async () => (await status()).pid !== undefined);
    expect(await status()).toMatchObject({ pid: child.pid, vaults: [] });
    expect((await home.pm(["unlock"], { env: WITH_AGENT })).exit).toBe(0);
    expect((await status()).vaults).toHaveLength(1);
    child.kill(signal);
    expect(await end).toMatchObject({ exit: 0, stderr: "" });
    expect(existsSync(join(home.directory, "run", "agent.sock"))).toBe(false);
  });

  test("dumps no core, and opens no debugger", async () => {
    const home = temporaryDirectory();
    endAgentAfterTest(home);
    expect((await runPm(["agent", "start"], { home, env: WITH_AGENT })).exit).toBe(0);
    const { stdout } = await runPm(["agent", "status", "--json"], { home, env: WITH_AGENT });
    const { pid } = JSON.parse(stdout.toString()) as { pid: number };
    if (process.platform === "linux") {
      expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size +0 /m);
      process.kill(pid, "SIGUSR1");
      expect((await runPm(["agent", "status"], { home, env: WITH_AGENT })).exit).toBe(0);
    }
  });
});

test("the unit promises what a process can't promise for itself", () => {
  const unit = readFileSync(UNIT, "utf8");
  for (const line of ["LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=yes", "UMask=0077"])
    expect(unit).toContain(`\n${line}\n`);
  expect(unit).toMatch(/^ExecStart=.* pm agent start --foreground$/m);
});

describeWith(["systemd-analyze"], "systemd", () => {
  test("finds nothing to say about the unit", () => {
    const directory = temporaryDirectory();
    copyFileSync(UNIT, join(directory, "pm-agent.service"));
    const { status, stderr } = spawnSync(ANALYZE, ["verify", "--user", join(directory, "pm-agent.service")], {
      env: { ...process.env, XDG_RUNTIME_DIR: directory },
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
