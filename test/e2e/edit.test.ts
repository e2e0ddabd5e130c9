/** Real editors on a real terminal: what they do to the entry, and that nothing of it is left anywhere. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { onScreen, type Screen } from "../node/fixtures/pty.ts";
import { ON_LINUX, until } from "../node/fixtures/run.ts";
import { canary, filesWith } from "../support/canary.ts";
import { describeWith } from "../support/describe-with.ts";
import { createHome, type Home } from "../support/home.ts";
import { describeWithMounts, inNamespace } from "../support/mounts.ts";
import { partPath } from "../support/parts.ts";
import { PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";

/** A configuration that asks for every copy that vim can leave. */
const HOSTILE_VIMRC = `
silent! set nocompatible swapfile updatecount=1 updatetime=50 directory=~/left
silent! set backup writebackup backupdir=~/left
silent! set undofile undodir=~/left
silent! set viminfo='100,f1,<500,n~/left/viminfo
silent! set modeline modelines=50
`;

interface Scene {
  readonly home: Home;
  /** HOME, working directory and TMPDIR. */
  readonly elsewhere: string;
  readonly value: string;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Screen;
  field(name: string): Promise<string>;
}

async function createScene(): Promise<Scene> {
  const [home, elsewhere, value] = [await createHome(), temporaryDirectory(), canary()];
  mkdirSync(join(elsewhere, "left"));
  writeFileSync(join(elsewhere, ".vimrc"), HOSTILE_VIMRC);
  await home.pm(["add", "web/github", "-u", "mara"], { input: value });
  const scene: Scene = {
    home,
    elsewhere,
    value,
    start: (args, env = {}) => {
      const own = { HOME: elsewhere, TMPDIR: elsewhere, PM_KEY: home.token, ...env };
      return onScreen(
        ["sh", "-c", 'cd "$HOME" && exec "$@"', "sh", process.execPath, PM, ...args],
        pmEnvironment({ home: home.directory, env: own }),
      );
    },
    field: async (name) => (await home.pm(["get", "web/github", name])).stdout.toString().trimEnd(),
  };
  return scene;
}

/** The file that is being edited, which the editor shows. */
async function editedFile(screen: Screen): Promise<string> {
  return await until("the file", () => /\/dev\/shm\/pm-edit-[\w-]+\/entry\.txt/.exec(screen.text())?.[0]);
}

/** That nothing of the value is in any file, and nothing of the text's folder is there. */
function expectNothingLeft({ elsewhere, home, value }: Scene, file: string): void {
  expect(existsSync(join(file, ".."))).toBe(false);
  expect(readdirSync(join(elsewhere, "left"))).toEqual([]);
  expect(readdirSync(elsewhere).toSorted()).toEqual([".vimrc", "left"]);
  for (const directory of [elsewhere, home.directory]) expect(filesWith(directory, [value])).toEqual([]);
}

describeWith(["vim"], "pm edit in vim", () => {
  test("saves what was typed, and vim leaves no copy whatever its configuration asks for", async () => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: partPath("vim") });
    const file = await editedFile(screen);
    await screen.see("username: mara");
    screen.type(":%s/mara/ada/\r:w\r");
    screen.type(":set swapfile? backup? writebackup?\r");
    await screen.see("noswapfile");
    await screen.see("nobackup");
    await screen.see("nowritebackup");
    screen.type("\r:x\r");
    expect(await screen.end()).toBe(0);
    expect(await scene.field("username")).toBe("ada");
    expect(await scene.field("password")).toBe(scene.value);
    expectNothingLeft(scene, file);
  });

  test("left without writing it saves nothing, left with an error it is 1", async () => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: partPath("vim") });
    const file = await editedFile(screen);
    screen.type(":q!\r");
    await screen.see("no changes");
    expect(await screen.end()).toBe(0);
    const failing = scene.start(["edit", "web/github"], { EDITOR: partPath("vim") });
    await editedFile(failing);
    failing.type(":cq\r");
    await failing.see("ended with status 1");
    expect(await failing.end()).toBe(1);
    expectNothingLeft(scene, file);
  });

  test.each<[NodeJS.Signals, number]>([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("%s to pm takes the text away, also half-way through a change", async (signal, status) => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: partPath("vim") });
    const file = await editedFile(screen);
    await screen.see("username: mara");
    screen.type("Gotyped\u001b:w\r");
    await screen.see("written");
    screen.type("omore");
    await screen.see("more");
    process.kill(screen.pid, signal);
    expect(await screen.end()).toBe(status);
    expect(existsSync(file)).toBe(false);
    expect(await scene.field("username")).toBe("mara");
    expectNothingLeft(scene, file);
  });

  test("Ctrl-C is vim's business", async () => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: partPath("vim") });
    const file = await editedFile(screen);
    await screen.see("username: mara");
    process.kill(screen.pid, "SIGINT");
    screen.type("\u0003");
    await screen.see("Type");
    screen.type(":%s/mara/ada/\r:x\r");
    expect(await screen.end()).toBe(0);
    expect(await scene.field("username")).toBe("ada");
    expectNothingLeft(scene, file);
  });
});

/** Shows the file's name, waits for a line, then changes the user name to what the line says. */
const WAITING = `echo "$1"; read -r line; sed -i "s/mara/$line/" "$1"`;

function waiting({ elsewhere }: Scene): string {
  writeFileSync(join(elsewhere, "left", "wait.sh"), WAITING);
  return "sh left/wait.sh";
}

describe.runIf(ON_LINUX)("pm edit while something else happens", () => {
  test("Ctrl-C that ends the editor is 130, and the text is gone", async () => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: waiting(scene) });
    const file = await editedFile(screen);
    screen.type("\u0003");
    expect(await screen.end()).toBe(130);
    expect(existsSync(join(file, ".."))).toBe(false);
    expect(await scene.field("username")).toBe("mara");
  });

  test("another process changes another field: both changes are there", async () => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: waiting(scene) });
    await editedFile(screen);
    await scene.home.pm(["set", "web/github", "password=-", "url=https://new.example"], { input: "new" });
    screen.type("ada\r");
    expect(await screen.end()).toBe(0);
    expect(await scene.field("username")).toBe("ada");
    expect(await scene.field("password")).toBe("new");
    expect(await scene.field("url")).toBe("https://new.example");
  });

  test("another process changes the same field: a person may make the change on the entry of now", async () => {
    const scene = await createScene();
    const screen = scene.start(["edit", "web/github"], { EDITOR: waiting(scene) });
    const file = await editedFile(screen);
    await scene.home.pm(["set", "web/github", "username=eve", "password=-"], { input: "new" });
    screen.type("ada\r");
    await screen.see('"username" was changed elsewhere meanwhile');
    screen.type("\r");
    await screen.see("entry.txt");
    screen.type("nobody\r");
    expect(await screen.end()).toBe(0);
    expect(await scene.field("username")).toBe("ada");
    expect(await scene.field("password")).toBe("new");
    expect(existsSync(join(file, ".."))).toBe(false);
  });

  test("without a terminal that is 7, and nothing of it is saved", async () => {
    const { home, elsewhere, field } = await createScene();
    writeFileSync(join(elsewhere, "key"), home.token, { mode: 0o600 });
    const set = `"${process.execPath}" "${PM}" set web/github username=eve --key-file key`;
    writeFileSync(join(elsewhere, "both.sh"), `${set} && sed -i "s/mara/ada/; s/^url:/url: x/" "$1"`);
    const { exit, stderr } = await home.pm(["edit", "web/github"], {
      cwd: elsewhere,
      env: { EDITOR: "sh both.sh" },
    });
    expect({ exit, stderr }).toEqual({
      exit: 7,
      stderr: expect.stringContaining('"username" was changed elsewhere'),
    });
    expect(await field("username")).toBe("eve");
    expect(await field("url")).toBe("");
  });
});

describeWithMounts("pm edit without a folder in memory", () => {
  test("refuses, and takes the disk where it is allowed", async () => {
    const home = await createHome();
    await home.pm(["add", "a", "-u", "mara", "--no-secret"]);
    const elsewhere = temporaryDirectory();
    const run = async (flags: readonly string[]): Promise<number> => {
      const script = 'mount --bind "$1" /dev/shm; shift; exec "$@"';
      const argv = inNamespace(script, [elsewhere, process.execPath, PM, "edit", "a", ...flags]);
      const env = {
        PM_KEY: home.token,
        EDITOR: "sed -i s/mara/ada/",
        TMPDIR: elsewhere,
        XDG_RUNTIME_DIR: elsewhere,
      };
      return await onScreen(argv, pmEnvironment({ home: home.directory, env })).end();
    };
    expect(await run([])).toBe(12);
    expect(await run(["--allow-disk"])).toBe(0);
    expect((await home.pm(["get", "a", "username"])).stdout.toString()).toBe("ada\n");
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
