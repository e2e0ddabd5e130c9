/** The helpers through pm's agent: what they serve while the vault is unlocked, and that they ask nobody when it is not. */
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAgentHere, WITH_AGENT } from "../support/agent.ts";
import { describeWith } from "../support/describe-with.ts";
import { createCaller } from "../support/entry-calls.ts";
import { type Finished, PM, pmEnvironment, runPm } from "../support/process.ts";

const ASKED = "protocol=https\nhost=code.example\n";
const WORKED = `${ASKED}username=mara\npassword=s3cret\n`;

describeWith(["ssh-keygen"], "with pm's agent", () => {
  test("keys and credentials are served while the vault is unlocked, and only then", async () => {
    using caller = await createCaller();
    const home = join(caller.directory, "home");
    const key = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" });
    await caller.run(["add", "ssh/work", "-t", "ssh-key"], { stdin: String(key) });
    const token = (await caller.run(["key", "add", "machine", "--label", "test"])).stdout.trim();
    await startAgentHere(home);
    const pm = (args: readonly string[], input = "", env: Readonly<Record<string, string>> = {}) =>
      runPm(args, { home, input, env: { ...WITH_AGENT, ...env } });
    const unlock = (): Promise<Finished> => pm(["unlock"], "", { PM_KEY: token });
    const git = (action: string, input: string): Promise<Finished> =>
      pm(["credential", "git", action], input);

    const socket = await startSshAgent(home);
    const listed = (): Promise<string> => sshAdd(socket);
    expect(await listed()).toBe("The agent has no identities.\n");
    expect(await git("store", WORKED)).toMatchObject({ exit: 0, stderr: "" });
    expect(await git("get", ASKED)).toMatchObject({ exit: 4 });

    expect(await unlock()).toMatchObject({ exit: 0 });
    expect(await listed()).toMatch(/ ssh\/work \(ED25519\)\n$/);
    expect(String((await git("get", ASKED)).stdout)).toBe("");
    expect(await git("store", WORKED)).toMatchObject({ exit: 0, stderr: "" });
    expect(String((await git("get", ASKED)).stdout)).toBe("username=mara\npassword=s3cret\n");
    const log = String((await pm(["agent", "log", "--json"])).stdout);
    expect(log).toContain('"ssh-agent"');
    expect(log).toContain('"credential git"');

    expect(await pm(["lock"])).toMatchObject({ exit: 0 });
    expect(await listed()).toBe("The agent has no identities.\n");
    expect(await unlock()).toMatchObject({ exit: 0 });
    expect(await listed()).toContain("ssh/work");
    expect(await pm(["lock"])).toMatchObject({ exit: 0 });
  });
});

/** @returns its socket */
async function startSshAgent(home: string): Promise<string> {
  const child = spawn(process.execPath, [PM, "ssh-agent"], {
    env: pmEnvironment({ home, env: WITH_AGENT }),
    detached: true,
  });
  const stopped = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill();
    await stopped;
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    child.stderr.once("data", (bytes: Buffer) => reject(new Error(bytes.toString())));
  });
  return /^SSH_AUTH_SOCK=([^;]+);/.exec(line)?.[1] ?? "";
}

/** What ssh-add -l says; not with spawnSync, since the agent is in this process. */
async function sshAdd(socket: string): Promise<string> {
  const child = spawn("ssh-add", ["-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return said;
}
