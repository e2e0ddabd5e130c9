/** The standalone binary: built as its users build it, and run where there is no Node.js. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { connect, endAgentAfterTest, placeIn, WITH_AGENT } from "../support/agent.ts";
import { describeWith } from "../support/describe-with.ts";
import { type Finished, finished, pmEnvironment, type RunOptions } from "../support/process.ts";
import { startOnPty } from "../support/pty.ts";
import { startDisplay } from "../node/fixtures/display.ts";
import { until } from "../node/fixtures/run.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/binary.ts", import.meta.url));
/** Neither node nor pm is there. */
const PATH = "/usr/bin:/bin";
const PASSWORD = "correct horse battery staple";

let folder: string;
let home: string;
let key: string;

async function run(
  args: readonly string[],
  { env, input = "", program = "pm" }: Partial<RunOptions> & { readonly program?: string } = {},
): Promise<Finished> {
  const child = spawn(join(folder, program), args, {
    cwd: home,
    env: pmEnvironment({ home, env: { PATH, PM_KEY: key, ...env } }),
    argv0: program,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  return await finished(child);
}

/** What it prints, where all went well. */
async function answer(...call: Parameters<typeof run>): Promise<string> {
  const { exit, stdout, stderr } = await run(...call);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return stdout.toString();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pm-binary-"));
  home = mkdtempSync(join(folder, "home-"));
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, join(folder, "pm")], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the binary was not built: ${stderr}`);
  const env = { PM_PASSWORD: PASSWORD, PM_KEY: undefined } as never;
  await answer(["init"], { env });
  key = (await answer(["key", "add", "machine"], { env })).trim();
  await answer(["add", "web/example.org", "-u", "ada", "--url", "https://example.org"], {
    input: "a secret",
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("does the main job where there is no Node.js", async () => {
  expect(await answer(["get", "web/example.org"])).toBe("a secret\n");
  expect(await answer(["gen", "-w", "5"])).toMatch(/^([a-z]+-){4}[a-z]+\n$/);
  expect(JSON.parse(await answer(["strength", "--json"], { input: "hunter2" }))).toMatchObject({ score: 1 });
  expect(await answer(["run", "-e", "X=pm://web/example.org/password", "--", "sh", "-c", "echo $X"])).toBe(
    "<pm:web/example.org/password>\n",
  );
  expect(await answer(["man"])).toContain(".TH PM 1");
  expect(await answer(["help", "get"])).toContain("Usage: pm get");
});

test("says the same as the package where it goes wrong", async () => {
  const { exit, stdout, stderr } = await run(["get", "nothing"]);
  expect({ exit, stdout: stdout.toString() }).toEqual({ exit: 3, stdout: "" });
  expect(stderr).toMatch(/^pm: error: .*"nothing"/);
  expect(await run(["get", "--nope"])).toMatchObject({ exit: 2 });
});

test("is not steered by NODE_OPTIONS, nor by what lies in the folder where it is called", async () => {
  writeFileSync(join(home, ".env"), "PM_VAULT=/nonexistent\nPM_KEY=\n");
  writeFileSync(join(home, "bunfig.toml"), 'preload = ["/nonexistent.js"]\n');
  writeFileSync(join(home, "tsconfig.json"), "}");
  const env = { NODE_OPTIONS: "--require=/nonexistent" };
  expect(
    await answer(["run", "--env-file", ".env", "--", "sh", "-c", "echo $NODE_OPTIONS$PM_VAULT"], { env }),
  ).toBe("--require=/nonexistent/nonexistent\n");
});

test("knows nothing of the place where it was built", () => {
  expect(readFileSync(join(folder, "pm")).includes(fileURLToPath(new URL("../..", import.meta.url)))).toBe(
    false,
  );
});

test("asks at a terminal, also twice, and leaves to others what is typed after that", async () => {
  const child = startOnPty(
    "sh",
    ["-c", `'${join(folder, "pm")}' get web/example.org; read -r line; echo "<$line>"`],
    {
      home,
    },
  );
  await child.see(/Master password: /);
  child.type("wrong\r");
  await child.see(/Master password: /);
  child.type(`${PASSWORD}\r`);
  await child.see(/a secret\r\n/);
  child.type("the next line\r");
  await child.see(/<the next line>/);
  expect(await child.exit()).toBe(0);
});

test("lets a person choose, and Ctrl-C leave", async () => {
  const env = { PM_KEY: key };
  const choosing = startOnPty(join(folder, "pm"), ["pick"], { home, env });
  await choosing.see(/web\/example\.org/);
  choosing.type("\r");
  expect(await choosing.exit()).toBe(0);
  const leaving = startOnPty(join(folder, "pm"), ["rm", "web/example.org"], { home, env });
  await leaving.see(/\(y\/N\)/);
  leaving.type("\u0003");
  expect(await leaving.exit()).toBe(130);
  expect(await answer(["get", "web/example.org"])).toBe("a secret\n");
});

test("passes any bytes on through both streams of a command", async () => {
  const script = "head -c 3000000 /dev/zero; echo $X; head -c 3000000 /dev/zero >&2; echo $X >&2";
  const reference = ["-e", "X=pm://web/example.org/password"];
  const { exit, stdout, stderr } = await run(["run", ...reference, "--", "sh", "-c", script]);
  const bytes = `${"\0".repeat(3_000_000)}<pm:web/example.org/password>\n`;
  expect([exit, stdout.toString() === bytes, stderr === bytes]).toEqual([0, true, true]);
});

test("is the agent, too", async () => {
  endAgentAfterTest(home);
  const env = { ...WITH_AGENT, PM_KEY: undefined } as never;
  await answer(["unlock", "--password-stdin"], { env, input: PASSWORD });
  const { pid } = await connect(await placeIn(home));
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toBe(`${join(folder, "pm")}\0@agent\0`);
  expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size +0 /m);
  expect(await answer(["get", "web/example.org"], { env })).toBe("a secret\n");
  expect(await answer(["lock"], { env })).toBe("");
  expect(await run(["get", "web/example.org", "--no-input"], { env })).toMatchObject({ exit: 4 });
});

test("is the helper that git calls by its name", async () => {
  const program = "git-credential-pm";
  symlinkSync(join(folder, "pm"), join(folder, program));
  await answer(["store"], {
    program,
    input: "protocol=https\nhost=git.example\nusername=ada\npassword=p\n\n",
  });
  expect(await answer(["get"], { program, input: "protocol=https\nhost=git.example\n\n" })).toContain(
    "password=p\n",
  );
});

describeWith(["xvfb", "xclip"], "the clipboard of the binary", () => {
  test("is held and cleared by a process of its own", async () => {
    const display = await startDisplay();
    onTestFinished(() => display.stop());
    await answer(["get", "--clip=1", "web/example.org"], { env: display.env });
    expect(await display.paste()).toBe("a secret");
    await until("an empty clipboard", async () => ((await display.paste()) === "" ? true : undefined));
  });
});
