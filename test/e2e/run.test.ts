/** `pm run` beside a plain `env`, as real processes: what a command, its parent and its pipes can tell. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ON_LINUX, until } from "../node/fixtures/run.ts";
import { ON_BINARY } from "../support/on-binary.ts";
import { createHome, type Home } from "../support/home.ts";
import { finished, type Finished, memoryDirectory, PM, pmEnvironment } from "../support/process.ts";
import { startProgram } from "../support/shell.ts";

const SECRET = "hunter2-secret";
const GONE = "mkdir -p gone; cd gone; rmdir ../gone; run echo here; echo $?";
const REFERENCE = "pm://ci/deploy/key";

interface Scene {
  readonly home: Home;
  /** With PM_KEY, and X as a reference. */
  readonly env: Readonly<Record<string, string>>;
}

async function createScene(directory?: string): Promise<Scene> {
  const home = await createHome(directory);
  await home.pm(["add", "ci/deploy", "-t", "api-key"], { input: SECRET });
  const env = pmEnvironment({ home: home.directory, env: { PM_KEY: home.token, X: REFERENCE } });
  return { home, env: { ...env, NODE: process.execPath, PM } };
}

/** `$RUN` in front of a command: pm in one run of the script, env in the other. */
const RUNNERS = { env: "env X=" + SECRET, pm: '"$NODE" "$PM" run --' } as const;

function bash({ env, home }: Scene, script: string, runner: keyof typeof RUNNERS): Promise<Finished> {
  const text = `run() { ${RUNNERS[runner]} "$@"; }; ${script}`;
  return finished(startProgram(["bash", "-c", text], { env, cwd: home.directory }));
}

describe.runIf(ON_LINUX)("pm run beside env", () => {
  let scene: Scene;
  beforeAll(async () => void (scene = await createScene(mkdtempSync(join(tmpdir(), "pm-test-")))));
  afterAll(() => rmSync(scene.home.directory, { recursive: true }));

  test("says nothing of a command that was killed, and ends as it did", async () => {
    const argv = [process.execPath, PM, "run", "--", "sh", "-c", "kill -KILL $$"];
    const { exit, stderr } = await finished(
      startProgram(argv, { env: scene.env, cwd: scene.home.directory }),
    );
    expect({ exit, stderr }).toEqual({ exit: "SIGKILL", stderr: "" });
  });

  test.concurrent.each<readonly string[]>([
    ["exit statuses", 'for n in 0 1 126 255; do run sh -c "exit $n"; echo $?; done'],
    [
      "a signal that ends the command",
      'for s in TERM KILL SEGV; do run sh -c "kill -$s \\$\\$"; echo $?; done 2>/dev/null',
    ],
    ["a command that can't be started", "run no-such-command; echo $?; run /; echo $?"],
    ["a reader that goes away", "run yes | head -n 2; echo ${PIPESTATUS[0]}"],
    ["100 MB of input", "head -c 100000000 /dev/zero | run cksum"],
    ["an empty input", "run cat </dev/null; echo $?"],
    // docs/binary.md: what is not the same.
    ...(ON_BINARY ? [] : [["a directory that is gone", GONE]]),
    [
      "descriptors of its parent",
      "run sh -c 'cat <&5; cat <&7; cat $0; echo out >&8' <(echo third) 5<<<first 7< <(echo second) 8>&1 | sort",
    ],
    [
      "Ctrl-C in a loop, which ends the loop",
      "bash -c 'for i in 1 2; do echo $i; run sh -c \"kill -INT \\$\\$\"; done'; echo $?",
    ],
  ])("shows no difference in %s", async (_, script) => {
    const exported = `export -f run; ${script}`;
    const [plain, ours] = [await bash(scene, exported, "env"), await bash(scene, exported, "pm")];
    expect({ exit: ours.exit, stdout: ours.stdout.toString() }).toEqual({
      exit: plain.exit,
      stdout: plain.stdout.toString(),
    });
    expect(plain.stdout.length).toBeGreaterThan(0);
  });

  test("10 MB of any bytes come through exactly, through both streams at once", async () => {
    const bytes = Uint8Array.from({ length: 10_000_000 }, (_, i) => (i * 2_654_435_761) >>> 24);
    writeFileSync(join(scene.home.directory, "in"), bytes);
    const { exit } = await bash(scene, "run sh -c 'cat; cat in >&2' <in >out 2>err", "pm");
    expect(exit).toBe(0);
    for (const name of ["out", "err"]) {
      expect(Buffer.compare(readFileSync(join(scene.home.directory, name)), bytes)).toBe(0);
    }
  });

  test("secrets are masked in both streams, each for itself, also over the borders of writes", async () => {
    const script =
      "run sh -c 'echo $X; echo $X >&2; printf %s ${X%secret}; printf %s secret' 2>err; cat err >&2";
    const { stdout, stderr } = await bash(scene, script, "pm");
    expect(stdout.toString()).toBe("<pm:ci/deploy/key>\n<pm:ci/deploy/key>");
    expect(stderr).toBe("<pm:ci/deploy/key>\n");
  });

  test("what is lost, or would be, is told", async () => {
    const script = `run echo lost >/dev/full; echo $?; run sh -c 'echo lost; exit 3' >/dev/full; echo $?
      run echo $'\\xff'; echo $?`;
    const { stdout, stderr } = await bash(scene, script, "pm");
    expect(stdout.toString()).toBe("9\n3\n126\n");
    expect(stderr.match(/the disk is full|an argument is not UTF-8/g)).toHaveLength(3);
  });

  test("an env file is read by pm, and never by Node, which would take its NODE_OPTIONS", async () => {
    const script = `echo 'require("fs").writeSync(1, "taken ")' >taken.cjs; echo NODE_OPTIONS=--require=./taken.cjs >env
      "$PM" run --env-file env -- echo pm; "$PM" run --env-file none -- echo; echo $?
      "$PM" run --env-file <(echo X=read) -- sh -c 'echo $X'`;
    const env = { ...scene.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` };
    const { stdout, stderr } = await finished(
      startProgram(["bash", "-c", script], { env, cwd: scene.home.directory }),
    );
    expect(stdout.toString()).toBe("pm\n9\nread\n");
    expect(stderr).toContain("pm: error: can't read none");
  });

  test("both streams to one file keep their order", async () => {
    const loop = "for i in 1 2 3 4 5 6 7 8; do echo out $i; echo err $i >&2; done";
    const { stdout } = await bash(scene, `run sh -c '${loop}' 2>&1`, "pm");
    const expected = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `out ${i}\nerr ${i}\n`).join("");
    expect(stdout.toString()).toBe(expected);
  });

  test("the environment is the same but for what opens the vault, and what is passed on for it", async () => {
    const [plain, ours] = [
      await bash(scene, "run env | sort", "env"),
      await bash(
        scene,
        "run --mask never env | sort".replace("run --mask never", '"$NODE" "$PM" run --mask never --'),
        "pm",
      ),
    ];
    const lines = (text: Buffer) =>
      text
        .toString()
        .split("\n")
        .filter((line) => !/^(PM_KEY|_)=/.test(line));
    expect(lines(ours.stdout)).toEqual(lines(plain.stdout));
    expect(ours.stdout.toString()).not.toContain(scene.home.token);
  });

  test("the password on standard input or in a descriptor is for pm alone", async () => {
    const { home, env } = scene;
    const password = join(home.directory, "password");
    writeFileSync(password, "correct horse battery staple\nfor the command\n");
    const run = '"$NODE" "$PM" run';
    const script = `${run} --password-stdin -- cat <password; ${run} --password-fd 3 -- sh -c 'cat <&3; echo end' 3<password`;
    const { PM_KEY: _, ...keyless } = env;
    const { stdout } = await finished(
      startProgram(["bash", "-c", script], { env: keyless, cwd: home.directory }),
    );
    expect(stdout.toString()).toBe("for the command\nend\n");
  });
});

/** Says each signal that it gets, and ends with 7 on the one after "ready" that is to end it. */
const COUNTING = `
  for s in INT TERM HUP QUIT USR1; do trap "echo got $s" $s; done
  trap 'exit 7' USR2
  echo ready
  while :; do sleep 0.02; done`;

describe.runIf(ON_LINUX)("signals to pm", () => {
  test("reach the command once each, with all of its group, and pm lives until it ends", async () => {
    const { env, home } = await createScene();
    const child = spawn(process.execPath, [PM, "run", "--", "sh", "-c", COUNTING], {
      cwd: home.directory,
      env,
      detached: true,
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let shown = "";
    child.stdout.on("data", (data) => (shown += String(data)));
    const end = finished(child);
    await until("the command", () => shown.includes("ready") || undefined);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1"] as const) {
      child.kill(signal);
      await until(signal, () => shown.includes(`got ${signal.slice(3)}`) || undefined);
    }
    child.kill("SIGUSR2");
    expect((await end).exit).toBe(7);
    expect(shown).toBe("ready\ngot INT\ngot TERM\ngot HUP\ngot QUIT\ngot USR1\n");
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s ends pm as it ends the command, and takes --files away",
    async (signal) => {
      const { env, home } = await createScene();
      const script = "echo $X_FILE; exec sleep 100";
      const child = spawn(process.execPath, [PM, "run", "--files", "--", "sh", "-c", script], {
        cwd: home.directory,
        env,
        detached: true,
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      let file = "";
      child.stdout.on("data", (data) => (file += String(data)));
      const end = finished(child);
      await until("the file", () => file.endsWith("\n") || undefined);
      expect(readFileSync(file.trim(), "utf8")).toBe(SECRET);
      child.kill(signal);
      expect((await end).exit).toBe(signal);
      expect(existsSync(dirname(file.trim()))).toBe(false);
    },
  );

  test("SIGKILL leaves --files to the next start", async () => {
    const { env: shared, home } = await createScene();
    const runtime = { XDG_RUNTIME_DIR: memoryDirectory() };
    const env = { ...shared, ...runtime };
    const script = "echo $$ $X_FILE; exec sleep 100";
    const child = spawn(process.execPath, [PM, "run", "--files", "--", "sh", "-c", script], {
      cwd: home.directory,
      env,
      detached: true,
    });
    let shown = "";
    child.stdout.on("data", (data) => (shown += String(data)));
    const end = finished(child);
    await until("the file", () => shown.endsWith("\n") || undefined);
    const [pid = "", file = ""] = shown.trim().split(" ");
    child.kill("SIGKILL");
    process.kill(Number(pid), "SIGKILL");
    await end;
    expect(existsSync(file)).toBe(true);
    await home.pm(["run", "--", "true"], { env: runtime });
    expect(existsSync(dirname(file))).toBe(false);
  });
});
