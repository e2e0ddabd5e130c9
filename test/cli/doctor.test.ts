/** What `pm doctor` finds on a real file system, and what --fix leaves alone. */
import fs from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { line, lines, ON_LINUX, ON_WINDOWS, startFixture } from "../node/fixtures/run.ts";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { callHere } from "../support/home.ts";
import { PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";
import { runProgram } from "../support/shell.ts";

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { readonly id: string; readonly text: string; readonly fix: string }[];
  readonly fixed: readonly { readonly id: string }[];
  readonly notes: readonly string[];
}

const NOBODY = 65_534;
const ON = { PM_AGENT: "on" };
const isRoot = process.geteuid?.() === 0;

let pm: Caller;
let vault = "";

beforeEach(async () => {
  pm = await createCaller();
  vault = join(fs.realpathSync(pm.directory), "home", "data", "vault.pm");
  await pm.run(["key", "add", "recovery"]);
  await pm.run(["backup"]);
});

afterEach(() => pm[Symbol.dispose]());

async function doctor(argv: readonly string[] = [], env: Record<string, string> = {}): Promise<Report> {
  const { stdout, stderr, exit } = await pm.run(["doctor", "--json", ...argv], { env: { ...ON, ...env } });
  if (exit !== 0 && exit !== 11) throw new Error(stderr);
  const report = JSON.parse(stdout) as Report;
  expect(exit).toBe(report.ok ? 0 : 11);
  return report;
}

function ids({ findings }: Report): string[] {
  return findings.map(({ id }) => id);
}

const beside = (name: string): string => join(dirname(vault), name);

test("a healthy vault has no findings", async () => {
  expect(await doctor()).toMatchObject({ ok: true, findings: [], fixed: [], notes: [] });
});

describe.skipIf(ON_WINDOWS)("links", () => {
  test("a second name of the vault is found, and left", async () => {
    fs.linkSync(vault, beside("second.pm"));
    const report = await doctor(["--fix"]);
    expect(ids(report)).toEqual(["links"]);
    expect(report.findings[0]?.fix).toBe(`find / -xdev -samefile ${vault}`);
    expect(fs.existsSync(beside("second.pm"))).toBe(true);
  });

  test("--fix changes nothing through a link that stands in the place of a file", async () => {
    const target = join(pm.directory, "target");
    fs.writeFileSync(target, "mine");
    fs.chmodSync(target, 0o644);
    fs.rmSync(`${vault}.bak`);
    fs.symlinkSync(target, `${vault}.bak`);
    fs.symlinkSync(target, beside(".vault.pm.0123456789abcdef.tmp"));
    const report = await doctor(["--fix"]);
    expect(ids(report)).toContain("permissions");
    expect(report.fixed).toEqual([]);
    expect(fs.statSync(target).mode & 0o777).toBe(0o644);
    expect(fs.lstatSync(beside(".vault.pm.0123456789abcdef.tmp")).isSymbolicLink()).toBe(true);
  });

  test("--fix changes no file that has a second name", async () => {
    const target = join(pm.directory, "target");
    fs.writeFileSync(target, "mine");
    fs.chmodSync(target, 0o755);
    fs.rmSync(`${vault}.bak`);
    fs.linkSync(target, `${vault}.bak`);
    expect((await doctor(["--fix"])).fixed).toEqual([]);
    expect(fs.statSync(target).mode & 0o777).toBe(0o755);
  });

  test("a second name that a cut-off save left goes first, then the permissions are set", async () => {
    fs.linkSync(vault, beside(".vault.pm.0123456789abcdef.bak"));
    fs.chmodSync(vault, 0o644);
    const report = await doctor(["--fix"]);
    expect([report.fixed.map(({ id }) => id), report.findings]).toEqual([["leftover", "permissions"], []]);
  });

  test("a vault behind the user's own link is mended where it is", async () => {
    fs.symlinkSync(vault, join(pm.directory, "link.pm"));
    fs.chmodSync(vault, 0o640);
    const report = await doctor(["--fix", "--vault", "./link.pm"]);
    expect([report.fixed.length, report.findings]).toEqual([1, []]);
    expect(fs.statSync(vault).mode & 0o777).toBe(0o600);
  });
});

describe.skipIf(ON_WINDOWS)("permissions", () => {
  test("of the state files and of the folder that holds another vault are looked at", async () => {
    const folder = join(pm.directory, "shared");
    fs.mkdirSync(folder);
    await pm.run(["init", "--vault", "./shared/v.pm", "--no-recovery"]);
    fs.chmodSync(folder, 0o777);
    const state = join(pm.directory, "home", "state");
    for (const name of fs.readdirSync(state)) fs.chmodSync(join(state, name), 0o666);
    const report = await doctor(["--vault", "./shared/v.pm"]);
    expect(ids(report)).toEqual(["permissions", "permissions", "folder", "single-key", "backup"]);
    expect(report.findings.at(-1)?.fix).toBe("pm backup --vault ./shared/v.pm");
    fs.chmodSync(folder, 0o1777);
    expect(ids(await doctor(["--fix", "--vault", "./shared/v.pm"]))).toEqual(["single-key", "backup"]);
  });

  test.runIf(isRoot)("a file of another user is found, and left", async () => {
    fs.chownSync(`${vault}.bak`, NOBODY, NOBODY);
    fs.chmodSync(`${vault}.bak`, 0o644);
    const report = await doctor(["--fix"]);
    expect(ids(report)).toContain("owner");
    expect(report.findings.map(({ fix }) => fix)).toContain(`sudo chown 0 ${vault}.bak`);
    expect(fs.statSync(`${vault}.bak`).mode & 0o777).toBe(0o644);
  });
});

test.runIf(ON_LINUX && isRoot)("a folder that can't be entered is a finding like others", async () => {
  const home = join(pm.directory, "home");
  fs.writeFileSync(beside(".vault.pm.0123456789abcdef.tmp"), "");
  fs.chmodSync(join(home, "data", "backups"), 0o000);
  const argv = ["setpriv", "--bounding-set=-all", process.execPath, PM, "doctor", "--json"];
  const run = async (): Promise<string> => {
    const { exit, stdout } = await runProgram(argv, { env: pmEnvironment({ home }) });
    expect(exit).toBe(11);
    return stdout.toString();
  };
  expect(await run()).toContain("backups has the permissions 0000");
  fs.chmodSync(join(home, "data"), 0o400);
  expect(ids(JSON.parse(await run()) as Report)).toEqual(["vault", "permissions"]);
});

describe.runIf(ON_LINUX)("locks", () => {
  test("one that a running process holds is said, and is no finding; files of its save stay", async () => {
    const holder = startFixture("holder", [vault]);
    const pid = await line(lines(holder));
    const temporary = beside(".vault.pm.0123456789abcdef.tmp");
    fs.writeFileSync(temporary, "");
    const report = await doctor(["--fix"]);
    expect(report).toMatchObject({ ok: true, findings: [], fixed: [] });
    expect(report.notes).toEqual([`process ${pid} is writing the vault`]);
    expect(fs.existsSync(temporary)).toBe(true);
  });

  test("one of a process that has ended is found, and removed with --fix", async () => {
    const own = JSON.parse(await lockOfHolder()) as Record<string, unknown>;
    const path = beside(".vault.pm.lock.0123456789abcdef");
    // The process of this id is another one than that which began so long ago.
    fs.writeFileSync(path, JSON.stringify({ ...own, processStartTime: "1" }));
    expect(ids(await doctor())).toEqual(["lock"]);
    const report = await doctor(["--fix"]);
    expect([report.findings, report.fixed.map(({ id }) => id)]).toEqual([[], ["lock"]]);
    expect(fs.existsSync(path)).toBe(false);
  });
});

/** The lock of a process that runs, as it stands in its file. */
async function lockOfHolder(): Promise<string> {
  const holder = startFixture("holder", [vault]);
  await line(lines(holder));
  const name = fs.readdirSync(dirname(vault)).find((file) => file.startsWith(".vault.pm.lock."));
  const text = fs.readFileSync(beside(name ?? ""), "utf8");
  const ended = new Promise((resolve) => holder.once("exit", resolve));
  holder.stdin?.end();
  await ended;
  return text;
}

describe("the key derivation", () => {
  test("below what pm gives any new key is found", async () => {
    const home = temporaryDirectory();
    await callHere(["init", "--no-recovery"], home);
    const { main } = await import("../../src/cli/main.ts");
    const { createTestIo } = await import("../support/test-io.ts");
    const { seededRandom } = await import("../support/random.ts");
    const call = createTestIo({ env: { PM_HOME: home, HOME: home }, cwd: home, random: seededRandom("kdf") });
    // With the real profiles, which is where the tests' own cheap one is weak.
    expect(await main(["doctor"], call.io)).toBe(11);
    const text = new TextDecoder().decode(call.stdout());
    expect(text).toMatch(
      /^problem .*costs 19 MiB, 2 passes, less than pm gives any new one \(64 MiB, 3 passes\)$/m,
    );
    expect(text).toMatch(/^ +pm passwd --upgrade-kdf$/m);
  });
});

describe("--deep", () => {
  test("finds a local state that something else has changed", async () => {
    const state = join(pm.directory, "home", "state");
    const [name = ""] = fs.readdirSync(state);
    const text = fs.readFileSync(join(state, name), "utf8");
    fs.writeFileSync(join(state, name), text.replace(/"seq":\d+/, '"seq":0'));
    expect(ids(await doctor())).toEqual([]);
    const report = await doctor(["--deep"]);
    expect(ids(report)).toEqual(["local-state"]);
    await pm.run(["restore", "--accept-rollback", "-y"]);
    await pm.run(["backup"]);
    expect(ids(await doctor(["--deep"]))).toEqual([]);
  });

  test("passes over a previous version that another password opens", async () => {
    const old = fs.readFileSync(vault);
    const env = { PM_PASSWORD: "another good long sentence" };
    fs.writeFileSync(join(pm.directory, "new.txt"), env.PM_PASSWORD);
    await pm.run(["passwd", "--new-password-file", "new.txt"]);
    await pm.run(["backup"]);
    fs.writeFileSync(`${vault}.bak`, old);
    expect(ids(await doctor(["--deep"], env))).toEqual([]);
  });

  test("a vault that stands in the place of another is found", async () => {
    await pm.run(["init", "--no-recovery", "--vault", "other.pm"]);
    fs.copyFileSync(join(pm.directory, "other.pm"), vault);
    fs.rmSync(`${vault}.bak`, { force: true });
    expect(ids(await doctor(["--deep"]))).toContain("rollback");
  });
});

describe.runIf(ON_LINUX)("the clipboard", () => {
  test.each<[env: Record<string, string>, note: RegExp | undefined, what: string]>([
    [{}, undefined, "is there"],
    [{ WAYLAND_DISPLAY: "wayland-0", WSL_DISTRO_NAME: "x" }, undefined, "is there"],
    [{ DISPLAY: ":0" }, /^--clip copies to the X11 clipboard$/, "is there"],
    [{ SSH_TTY: "/dev/pts/0" }, /the terminal's clipboard, by OSC 52$/, "is there"],
    [{ WAYLAND_DISPLAY: "wayland-0" }, /the Wayland clipboard$/, "is missing"],
    [{ PM_CLIP_COMMAND: `${process.execPath} -e 0` }, /by PM_CLIP_COMMAND$/, "is there"],
    [{ PM_CLIP_COMMAND: "nowhere 1" }, /by PM_CLIP_COMMAND$/, "is missing"],
    [{ PM_CLIP_COMMAND: "'", PATH: "/usr/bin" }, /by PM_CLIP_COMMAND$/, "is missing"],
  ])("with %j is the one of %s, and what that needs %s", async (env, note, what) => {
    const report = await doctor([], { PATH: "/nowhere", ...env });
    expect(ids(report)).toEqual(what === "is missing" ? ["clipboard"] : []);
    expect(report.notes).toEqual(note === undefined ? [] : [expect.stringMatching(note)]);
    expect(report.ok).toBe(true);
  });

  test("is there where its programs are", async () => {
    const programs = ["wl-copy", "wl-paste"];
    for (const name of programs) fs.writeFileSync(join(pm.directory, name), "", { mode: 0o755 });
    expect(ids(await doctor([], { PATH: pm.directory, WAYLAND_DISPLAY: "wayland-0" }))).toEqual([]);
  });
});
