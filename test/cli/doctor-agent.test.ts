/** What `pm doctor` says of the agent, which it neither starts nor ends. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ON_WINDOWS } from "../node/fixtures/run.ts";
import { placeIn } from "../support/agent.ts";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { startFakeAgent } from "../support/raw-agent.ts";

interface Report {
  readonly findings: readonly { readonly id: string; readonly text: string }[];
}

let pm: Caller;

beforeEach(async () => {
  pm = await createCaller();
});

afterEach(() => pm[Symbol.dispose]());

async function doctor(argv: readonly string[] = [], env: Record<string, string> = {}): Promise<Report> {
  const { stdout } = await pm.run(["doctor", "--json", ...argv], { env: { PM_AGENT: "on", ...env } });
  return JSON.parse(stdout) as Report;
}

describe.skipIf(ON_WINDOWS)("the agent", () => {
  const place = async () => await placeIn(join(pm.directory, "home"));

  test("of another version is advice, and is left running", async () => {
    const agent = await startFakeAgent(await place(), ({ id }) => ({ id, ok: { protocol: 99 } }));
    const { findings } = await doctor(["--fix"]);
    const found = findings.find(({ id }) => id === "agent");
    expect(found).toMatchObject({ level: "advice", fix: "pm agent stop" });
    expect(found?.text).toContain("protocol 99");
    expect(agent.received()).not.toContain("quit");
  });

  test("is not what answers otherwise", async () => {
    const { socket } = await place();
    await startFakeAgent(await place(), () => ({}));
    expect((await doctor()).findings).toContainEqual({
      id: "agent",
      level: "problem",
      text: `what listens at ${socket} is not pm's agent, and keeps it from being used`,
      fix: `rm ${socket}`,
    });
  });

  test("is not looked for behind a link", async () => {
    const { directory } = await place();
    symlinkSync(pm.directory, directory);
    expect((await doctor()).findings).toContainEqual({
      id: "agent",
      level: "problem",
      text: `${directory} is no folder, and keeps the agent from being used`,
      fix: `rm ${directory}`,
    });
  });

  test("without a place for its socket is advice, and no failure", async () => {
    const home = join(pm.directory, "x".repeat(90));
    const report = await doctor([], {
      PM_HOME: home,
      PM_VAULT: join(pm.directory, "home/data/vault.pm"),
      XDG_RUNTIME_DIR: "",
    });
    expect(report.findings).toContainEqual(expect.objectContaining({ id: "agent", level: "advice" }));
  });
});
