/** Secrets of a random spelling go through every command, and turn up nowhere but where they were asked for. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Display, startDisplay } from "../node/fixtures/display.ts";
import { until } from "../node/fixtures/run.ts";
import { canary, filesWith, readProcess, watchArguments } from "../support/canary.ts";
import { describeWith } from "../support/describe-with.ts";
import { type Finished, runPm, type RunOptions, temporaryDirectory } from "../support/process.ts";

const ON_LINUX = process.platform === "linux";
/** A vault of its own whose temporary files and home go elsewhere, and a pm that is told everything. */
function createWorld() {
  const top = temporaryDirectory();
  const [home, elsewhere] = [join(top, "home"), join(top, "elsewhere")];
  for (const directory of [home, elsewhere]) mkdirSync(directory);
  const password = canary();
  const pm = async (
    args: readonly string[],
    { input, env }: Pick<RunOptions, "input" | "env"> = {},
  ): Promise<Finished> =>
    await runPm(args, {
      home,
      cwd: elsewhere,
      env: { HOME: elsewhere, TMPDIR: elsewhere, PM_PASSWORD: password, PM_DEBUG: "1", ...env },
      ...(input === undefined ? {} : { input }),
    });
  return { top, home, elsewhere, password, pm };
}

test.runIf(ON_LINUX)("a value is in no argument, no file, no error", { timeout: 120_000 }, async () => {
  const { top, password, pm } = createWorld();
  const [value, second, note] = [canary(), canary(), canary()];
  const secrets = [password, value, second, note];
  const processes = watchArguments(secrets);
  const errors: string[] = [];
  const run = async (argv: readonly string[], exit: number, input = ""): Promise<string> => {
    const ended = await pm(argv, { input });
    expect({ argv, exit: ended.exit }).toEqual({ argv, exit });
    errors.push(ended.stderr);
    return ended.stdout.toString();
  };
  await run(["init", "--kdf", "constrained"], 0);
  expect(await run(["add", "web/github", "-v"], 0, value)).toBe("");
  expect(await run(["get", "web/github"], 0)).toBe(`${value}\n`);
  expect(await run(["show", "web/github"], 0)).not.toContain("canary");
  expect(await run(["show", "web/github", "--json", "--all"], 0)).not.toContain("canary");
  expect(await run(["set", "web/github", "password=-", "-v"], 0, second)).toBe("");
  expect(await run(["set", "web/github", "answer:secret=-"], 0, note)).toBe("");
  const generated = (await run(["gen", "web/github"], 0)).trim();
  secrets.push(generated);
  await run(["cp", "web/github", "copy"], 0);
  await run(["mv", "copy", "moved"], 0);
  for (const listing of [
    ["ls", "-l"],
    ["ls", "--json"],
    ["find", "git"],
    ["status"],
    ["verify"],
    ["key", "ls"],
  ]) {
    expect(await run(listing, 0)).not.toContain("canary");
  }
  expect(await run(["find", "--in", "fields", "canary"], 3)).toBe("");
  // Wrong calls that come with a secret on standard input.
  await run(["add", "web/github"], 7, value);
  await run(["add", "new", "a=-", "b=-"], 2, value);
  await run(["add", "new", "--json"], 2, `{"fields":[{"name":"password","value":"${value}"},]}`);
  await run(["set", "nothing", "password=-"], 3, value);
  await run(["get", "web/github", "--password-stdin"], 5, value);
  await run(["rm", "moved", "-y"], 0);
  await run(["trash", "ls"], 0);
  await run(["trash", "empty", "-y"], 0);
  expect(secrets.filter((secret) => errors.join("").includes(secret))).toEqual([]);
  expect([...processes.seen]).toEqual([]);
  expect(processes.looks()).toBeGreaterThan(20);
  expect(filesWith(top, secrets)).toEqual([]);
});

test("a secret in a wrong place of the call is not repeated", { timeout: 60_000 }, async () => {
  const { top, pm } = createWorld();
  const secret = canary();
  await pm(["init", "--kdf", "constrained"]);
  const calls = [
    ["add", "a", `password=${secret}`],
    ["add", "a", secret],
    ["add", "a", "b", "-t", "note", `--password=${secret}`],
    ["ls", `--password-stdin=${secret}`],
    ["ls", `-p${secret}`],
    ["get", "a", "b", secret],
    ["gen", "--length", secret],
    ["config", "set", "length", secret],
    ["ls", "--color", secret],
    ["ls", "--timeout", secret],
    ["key", "add", secret],
  ];
  for (const call of calls) {
    const { exit, stdout, stderr } = await pm(call);
    expect({ call, isRepeated: `${stdout.toString()}${stderr}`.includes(secret) }).toEqual({
      call,
      isRepeated: false,
    });
    expect(exit).toBeGreaterThan(0);
  }
  expect(filesWith(top, [secret])).toEqual([]);
});

test(
  "an internal error does not show what it choked on, also with PM_DEBUG",
  { timeout: 60_000 },
  async () => {
    const { top, elsewhere, pm } = createWorld();
    const secret = canary();
    await pm(["init", "--kdf", "constrained"]);
    const broken = join(elsewhere, "broken.mjs");
    writeFileSync(
      broken,
      `const stringify = JSON.stringify;
     JSON.stringify = (value, ...more) => {
       const text = stringify(value, ...more);
       if (text?.includes("canary")) throw new TypeError("can't write " + text);
       return text;
     };`,
    );
    const env = { NODE_OPTIONS: `--import=${broken}`, BUN_OPTIONS: `--preload=${broken}` };
    const { exit, stdout, stderr } = await pm(["add", "a"], { input: secret, env });
    expect([exit, stdout.toString()]).toEqual([1, ""]);
    expect(stderr).toMatch(/^pm: error: internal error\npm: hint: [^\n]+\nTypeError\n {4}at /);
    expect(stderr).not.toContain("canary");
    expect(filesWith(top, [secret])).toEqual([]);
  },
);

test.runIf(ON_LINUX)(
  "a password command gets no secret of pm's environment",
  { timeout: 60_000 },
  async () => {
    const { elsewhere, password, pm } = createWorld();
    await pm(["init", "--kdf", "constrained"]);
    const token = (await pm(["key", "add", "machine"])).stdout.toString().trim();
    writeFileSync(join(elsewhere, "password"), password);
    writeFileSync(
      join(elsewhere, "command"),
      `#!/bin/sh\nenv >"$1"\nls -l /proc/self/fd >>"$1"\ncat password\n`,
      {
        mode: 0o700,
      },
    );
    const seen = join(elsewhere, "seen");
    const command = `${join(elsewhere, "command")} ${seen}`;
    const byFlag = { PM_KEY: token, PM_PASSWORD_FD: "9", KEPT: "kept" };
    for (const env of [byFlag, { PM_PASSWORD: password, ...byFlag }]) {
      const { exit, stderr } = await pm(["ls", "--password-command", command], { env });
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      const environment = readFileSync(seen, "utf8");
      expect(environment).toContain("KEPT=kept");
      expect(environment).not.toMatch(/PM_(?:PASSWORD|KEY)/);
      expect(environment).not.toContain(token);
      expect(environment).not.toContain(password);
    }
  },
);

describeWith(["xvfb", "xclip"], "a value in the clipboard", () => {
  test("is known to no process but the one that serves it", { timeout: 60_000 }, async () => {
    const { elsewhere, password, pm } = createWorld();
    const display: Display = await startDisplay();
    onTestFinished(() => display.stop());
    const value = canary();
    await pm(["init", "--kdf", "constrained"]);
    const token = (await pm(["key", "add", "machine"])).stdout.toString().trim();
    await pm(["add", "a"], { input: value });
    mkdirSync(join(elsewhere, ".cache"));
    const processes = watchArguments([value, token, password]);
    const { exit, stdout } = await pm(["get", "a", "--clip=3"], { env: { ...display.env, PM_KEY: token } });
    expect([exit, stdout.length]).toEqual([0, 0]);
    expect(await display.paste()).toBe(value);
    const left = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readProcess(pid, "environ"))
      .filter((environment) => environment.includes(`DISPLAY=${display.env["DISPLAY"]}\0`));
    // The process that serves the clipboard.
    expect(left.length).toBeGreaterThanOrEqual(1);
    expect(left.join("\0")).not.toMatch(/PM_|canary|pmt1_/);
    await until("an empty clipboard", async () => ((await display.paste()) === "" ? true : undefined));
    expect([...processes.seen]).toEqual([]);
    expect(filesWith(elsewhere, [value, token, password])).toEqual([]);
  });
});
