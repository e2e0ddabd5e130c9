/** `pm rotate` as real processes: whenever it ends, and by whom, no value is lost that a command was given. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { onScreen } from "../node/fixtures/pty.ts";
import { ON_LINUX, until } from "../node/fixtures/run.ts";
import { endAgentAfterTest, WITH_AGENT } from "../support/agent.ts";
import { createHome, type Home, openHome } from "../support/home.ts";
import { finished, PM, pmEnvironment } from "../support/process.ts";
import { startProgram } from "../support/shell.ts";

interface Scene extends Home {
  readonly env: Readonly<Record<string, string>>;
  /** What the command has written to a file of this name. */
  readonly file: (name: string) => string;
}

async function createScene(): Promise<Scene> {
  const home = await createHome();
  await home.pm(["add", "db/app", "--use-only"], { input: "old" });
  const own = { PM_KEY: home.token, NODE: process.execPath, PM };
  const env = pmEnvironment({ home: home.directory, env: own });
  return { ...home, env, file: (name) => readFileSync(join(home.directory, name), "utf8") };
}

const rotation = (script: string, ...more: readonly string[]): readonly string[] => [
  "rotate",
  "db/app",
  "--with",
  `sh -c '${script}'`,
  ...more,
];

function start({ env, directory }: Scene, args: readonly string[]) {
  return startProgram([process.execPath, PM, ...args], { env, cwd: directory });
}

/** The present value and the pending one. */
async function valuesOf(scene: Scene): Promise<{ readonly now?: string; readonly next?: string }> {
  using session = await openHome(scene);
  const found = await session.resolve("db/app");
  const { fields, pending } = await session.entry(found.kind === "found" ? found.row.id : "", "use");
  const [now, next] = [fields[0]?.text, pending?.[0]?.text];
  return { ...(now === undefined ? {} : { now }), ...(next === undefined ? {} : { next }) };
}

describe.runIf(ON_LINUX)("a rotation", () => {
  test.each([
    ["while the command runs", "cat <&4 >new; kill -KILL $PPID"],
    ["once the command has ended", "cat <&4 >new; kill -STOP $PPID; (sleep 0.1; kill -KILL $PPID) &"],
  ])("that is killed %s leaves both values, and --resume finishes", async (_when, script) => {
    const scene = await createScene();
    const { exit } = await finished(start(scene, rotation(script)));
    expect(exit).toBe("SIGKILL");
    expect(await valuesOf(scene)).toEqual({ now: "old", next: scene.file("new") });
    expect((await scene.pm(rotation("true"))).exit).toBe(7);
    const resumed = await scene.pm(rotation("cat <&3 >was; cat <&4 >again", "--resume"));
    expect(resumed).toMatchObject({ exit: 0, stderr: "" });
    expect([scene.file("was"), scene.file("again")]).toEqual(["old", scene.file("new")]);
    expect(await valuesOf(scene)).toEqual({ now: scene.file("new") });
  });

  test("that Ctrl-C ends keeps both values, and says how to go on", async () => {
    const scene = await createScene();
    const screen = onScreen([process.execPath, PM, ...rotation("echo ready; exec sleep 60")], scene.env);
    await screen.see("ready");
    screen.type("\u0003");
    await screen.see("the new one is kept");
    await screen.see("--resume");
    await screen.end();
    expect(await valuesOf(scene)).toMatchObject({ now: "old" });
    expect((await scene.pm(["rotate", "db/app", "--abort"])).exit).toBe(0);
    expect(await valuesOf(scene)).toEqual({ now: "old" });
  });

  test("is one at a time", async () => {
    const scene = await createScene();
    const first = finished(start(scene, rotation("cat <&4 >new; until test -e go; do sleep 0.02; done")));
    await until("the command runs", () => existsSync(join(scene.directory, "new")) || undefined);
    expect(await scene.pm(rotation("echo >second"))).toMatchObject({ exit: 7 });
    writeFileSync(join(scene.directory, "go"), "");
    expect((await first).exit).toBe(0);
    expect(existsSync(join(scene.directory, "second"))).toBe(false);
    expect((await valuesOf(scene)).now).toBe(scene.file("new"));
  });

  test("works through the agent, also of a use-only entry; one that was locked meanwhile can't save", async () => {
    const scene = await createScene();
    endAgentAfterTest(scene.directory);
    const { PM_KEY: _, ...env } = { ...scene.env, ...WITH_AGENT };
    const call = (...args: readonly string[]) =>
      finished(startProgram([process.execPath, PM, ...args], { env, cwd: scene.directory }));
    const unlock = () => scene.pm(["unlock"], { env: WITH_AGENT });
    expect((await unlock()).exit).toBe(0);
    expect(await call(...rotation("cat <&3 >was; cat <&4 >new"))).toMatchObject({ exit: 0, stderr: "" });
    expect(scene.file("was")).toBe("old");
    const locked = await call(...rotation('cat <&4 >next; "$NODE" "$PM" lock'));
    expect(locked).toMatchObject({ exit: 125 });
    expect(locked.stderr).toMatch(/^pm: error: the command ended well, and .* could not be saved/m);
    expect(locked.stderr).toMatch(/^pm: hint: pm rotate db\/app password --resume --with true/m);
    expect(await valuesOf(scene)).toEqual({ now: scene.file("new"), next: scene.file("next") });
    await unlock();
    expect((await call("rotate", "db/app", "--resume", "--with", "true")).exit).toBe(0);
    expect(await valuesOf(scene)).toEqual({ now: scene.file("next") });
  });
});
