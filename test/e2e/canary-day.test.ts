/** A day with the agent: a secret is got, run with, injected, edited, copied and crashed with, and leaks nowhere. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Display, startDisplay } from "../node/fixtures/display.ts";
import { onScreen } from "../node/fixtures/pty.ts";
import { endAgentAfterTest, isRunning, until, WITH_AGENT } from "../support/agent.ts";
import { canary, filesWith, watchProcesses } from "../support/canary.ts";
import { describeWith } from "../support/describe-with.ts";
import { partPath } from "../support/parts.ts";
import { finished, memoryDirectory, PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";

const MEMORY = "/dev/shm";
/** In the environment of the commands that are to have the secret, and of nothing else. */
const MARK = "MAY_HAVE_THE_SECRET";
const REFERENCE = "pm://web/github/password";

interface Day {
  readonly home: string;
  readonly elsewhere: string;
  readonly env: Record<string, string>;
  /** The standard errors of all calls. */
  readonly said: string[];
  /** A script in which `pm` is pm; its standard output. */
  sh(script: string, input?: string): Promise<string>;
}

function startDay(top: string, display: Display): Day {
  const [home, elsewhere] = [join(top, "home"), join(top, "elsewhere")];
  for (const directory of [home, elsewhere]) mkdirSync(directory);
  endAgentAfterTest(home);
  const places = { HOME: elsewhere, TMPDIR: elsewhere, XDG_RUNTIME_DIR: memoryDirectory() };
  const own = { ...places, PM_DEBUG: "1", ...WITH_AGENT, ...display.env };
  const env = pmEnvironment({ home, env: { ...own, NODE: process.execPath, PM } });
  const said: string[] = [];
  return {
    home,
    elsewhere,
    env,
    said,
    sh: async (script, input = "") => {
      const text = `pm() { "$NODE" "$PM" "$@"; }; ${script}`;
      const child = start(["bash", "-c", text], { env, cwd: elsewhere }, input);
      const { exit, stdout, stderr } = await finished(child);
      said.push(stderr);
      expect({ script, exit, stderr }).toEqual({ script, exit: 0, stderr });
      return stdout.toString();
    },
  };
}

function start(
  [program = "", ...args]: readonly string[],
  options: { readonly env: Record<string, string>; readonly cwd: string },
  input = "",
): ChildProcess {
  // Without a controlling terminal, so that nothing can be asked there.
  const child = spawn(program, args, { ...options, stdio: ["pipe", "pipe", "pipe"], detached: true });
  child.stdin.on("error", () => undefined).end(input);
  return child;
}

async function runAndInject({ elsewhere, sh }: Day, value: string): Promise<void> {
  writeFileSync(join(elsewhere, ".env"), `${MARK}=1\nX=${REFERENCE}\n`);
  writeFileSync(join(elsewhere, "template"), `password = {{ ${REFERENCE} }}\n`);
  const run = "pm run --env-file .env";
  expect(await sh(`${run} -- sh -c 'echo $X; printf %s "$X" | base64 -w 0' 2>&1`)).toBe(
    "<pm:web/github/password>\n<pm:web/github/password>",
  );
  expect(await sh(`pm run --stdin ${REFERENCE} -- wc -c`)).toBe(`${value.length}\n`);
  expect(await sh(`${run} --files -- sh -c 'wc -c <$X_FILE'`)).toBe(`${value.length}\n`);
  await sh("pm inject -i template -o filled");
  // This one was asked for.
  expect(readFileSync(join(elsewhere, "filled"), "utf8")).toBe(`password = ${value}\n`);
  rmSync(join(elsewhere, "filled"));
}

async function edit({ env }: Day): Promise<void> {
  const screen = onScreen(
    ["sh", "-c", 'cd "$HOME" && exec "$@"', "sh", process.execPath, PM, "edit", "web/github"],
    { ...env, EDITOR: partPath("vim") },
  );
  await screen.see("username: mara");
  screen.type(":%s/mara/ada/\r:x\r");
  expect(await screen.end()).toBe(0);
}

/** Without a chance to tidy up. */
async function crash(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until("the process is gone", () => !isRunning(pid));
}

/** A pm that runs a command with files of secrets is killed, and the agent is. */
async function crashes({ elsewhere, env, said, sh }: Day): Promise<void> {
  const command = ["run", "--files", "--env-file", ".env", "--", "sh", "-c", "echo $$ >pid; exec sleep 600"];
  const pm = start([process.execPath, PM, ...command], { env, cwd: elsewhere });
  const ended = finished(pm);
  await until("the command runs", () => existsSync(join(elsewhere, "pid")));
  pm.kill("SIGKILL");
  await crash(Number(readFileSync(join(elsewhere, "pid"), "utf8")));
  said.push((await ended).stderr);
  const { pid } = JSON.parse(await sh("pm agent status --json")) as { pid: number };
  await crash(pid);
}

describeWith(["xvfb", "xclip", "vim"], "a day with the agent", () => {
  test("leaves a secret in no argument, environment, log, file or error", { timeout: 120_000 }, async () => {
    const top = temporaryDirectory();
    const display = await startDisplay();
    onTestFinished(() => display.stop());
    const day = startDay(top, display);
    const { sh, said } = day;
    const [password, value, second] = [canary(), canary(), canary()];
    const secrets = [password, value, second];
    const processes = watchProcesses(secrets, MARK);

    await sh("pm init --no-recovery --kdf constrained --password-stdin", password);
    await sh("pm unlock --password-stdin", password);
    await sh("pm add web/github -u mara", value);
    expect(await sh("pm get web/github")).toBe(`${value}\n`);
    await runAndInject(day, value);
    await edit(day);
    await sh("pm get -c web/github");
    expect(await display.paste()).toBe(value);
    await crashes(day);
    await sh("! pm get web/github");
    await sh("pm unlock --password-stdin --only 'web/*' --reads 3", password);
    await sh("! pm set web/github password=-", second);
    await sh("pm unlock --password-stdin", password);
    await sh("pm set web/github password=-", second);
    // The next run takes the files away that the killed one left.
    await sh("pm run --files --env-file .env -- true");
    const shown = await sh(
      "pm agent log --json; pm agent log; pm log; pm status; pm doctor || true; pm show web/github",
    );
    await sh("pm agent stop");

    const printed = [shown, ...said].join("\n");
    expect(secrets.filter((secret) => printed.includes(secret))).toEqual([]);
    expect(shown).toContain("web/github");
    expect([...processes.seen]).toEqual([]);
    expect(processes.looks()).toBeGreaterThan(50);
    for (const directory of [top, MEMORY]) expect(filesWith(directory, secrets)).toEqual([]);
  });
});
