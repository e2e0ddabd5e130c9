import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { PmError } from "../../src/core/errors.ts";
import { acquireLock, type LockOptions } from "../../src/node/lock.ts";
import { lifeOf, ownIdentity } from "../../src/node/process-identity.ts";
import { temporaryDirectory } from "../support/process.ts";
import { seededRandom } from "../support/random.ts";
import { describeWithMounts, inNamespace } from "../support/mounts.ts";
import {
  ended,
  fixture,
  line,
  lines,
  ON_LINUX,
  ON_WINDOWS,
  start,
  startFixture,
  until,
} from "./fixtures/run.ts";

let path = "";

beforeEach(() => {
  path = join(temporaryDirectory(), "vault.pm");
  fs.writeFileSync(path, "");
});

function options(more: Partial<LockOptions> = {}): LockOptions {
  return { path, timeoutMs: 0, breakLock: false, random: seededRandom(path), now: Date.now, ...more };
}

const isLockFile = (name: string): boolean => /^\.vault\.pm\.lock\.[0-9a-f]{16}$/.test(name);
const lockFiles = (): string[] => fs.readdirSync(join(path, "..")).filter(isLockFile);

/** See proc(5). */
const statOf = (pid: number | string | undefined): string => fs.readFileSync(`/proc/${pid}/stat`, "utf8");

/** Puts down what claims to be a lock. */
function putLock(content: unknown): string {
  const file = join(path, "..", ".vault.pm.lock.0123456789abcdef");
  fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

async function refusal(more: Partial<LockOptions> = {}): Promise<PmError> {
  try {
    (await acquireLock(options(more))).release();
  } catch (error) {
    if (error instanceof PmError) return error;
    throw error;
  }
  throw new Error("the lock was free");
}

describe.skipIf(ON_WINDOWS)("a lock", () => {
  test("stands complete beside the vault, for the owner only, and goes with its release", async () => {
    const lock = await acquireLock(options());
    const [file = ""] = lockFiles();
    expect(JSON.parse(fs.readFileSync(join(path, "..", file), "utf8"))).toEqual(ownIdentity());
    expect(fs.statSync(join(path, "..", file)).mode & 0o777).toBe(0o600);
    lock.release();
    lock.release();
    expect(fs.readdirSync(join(path, ".."))).toEqual(["vault.pm"]);
  });

  test.skipIf(!ON_LINUX)("keeps the own process out too, until it is disposed of", async () => {
    {
      await using own = await acquireLock(options());
      expect(own).toHaveProperty("release");
      const { code, message, hint } = await refusal();
      expect(code).toBe("lock-held");
      expect(message).toBe(`the vault ${path} is locked by process ${process.pid}`);
      expect(hint).toBe("wait for it to end, or wait longer with --timeout SECONDS");
    }
    (await acquireLock(options())).release();
  });

  test("is the same through a symbolic link", async () => {
    const link = join(temporaryDirectory(), "link");
    fs.symlinkSync(path, link);
    const lock = await acquireLock(options({ path: link }));
    expect((await refusal()).code).toBe("lock-held");
    lock.release();
  });

  test("is waited for", async () => {
    const holder = startFixture("holder", [path]);
    await line(lines(holder));
    const waiting = acquireLock(options({ timeoutMs: 20_000 }));
    holder.stdin?.end();
    (await waiting).release();
  });

  test("of a vault that is not there is not found", async () => {
    expect((await refusal({ path: `${path}.no` })).code).toBe("not-found");
  });

  test("leaves no file behind where a signal ends its holder", async () => {
    const holder = startFixture("holder", [path]);
    await line(lines(holder));
    holder.kill("SIGTERM");
    expect((await ended(holder)).status).toBe("SIGTERM");
    expect(lockFiles()).toEqual([]);
  });
});

describe.skipIf(ON_WINDOWS)("a holder", () => {
  const mine = ownIdentity();
  const unknownHint = "if it no longer runs, repeat with --break-lock";

  test("that was killed counts no more, and its file is removed", async () => {
    const holder = startFixture("holder", [path]);
    await line(lines(holder));
    holder.kill("SIGKILL");
    await ended(holder);
    expect(lockFiles()).toHaveLength(1);
    (await acquireLock(options())).release();
    expect(lockFiles()).toEqual([]);
  });

  test.skipIf(!ON_LINUX)("that is stopped still counts", async () => {
    const holder = startFixture("holder", [path]);
    const pid = await line(lines(holder));
    holder.kill("SIGSTOP");
    await until("the stop", () => statOf(pid).includes(") T ") || undefined);
    const { message } = await refusal({ breakLock: true, timeoutMs: 100 });
    expect(message).toBe(`the vault ${path} is locked by process ${pid}`);
  });

  test.skipIf(!ON_LINUX)("that nobody has waited for counts no more", async () => {
    // The shell becomes a sleep, and so never collects its child, which ends with our pipe.
    const script = 'exec 3<&0; sh -c "read _ <&3" & echo $!; exec sleep 60 3<&-';
    const parent = start(["sh", "-c", script]);
    const pid = Number(await line(lines(parent)));
    await until("the sleep", () => statOf(parent.pid).includes("(sleep)") || undefined);
    parent.stdin?.end();
    await until("the end", () => statOf(pid).includes(") Z ") || undefined);
    const stat = statOf(pid);
    putLock({ ...mine, pid, processStartTime: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] });
    (await acquireLock(options())).release();
  });

  test.skipIf(!ON_LINUX)("whose id now belongs to another process counts no more", async () => {
    putLock({ ...mine, processStartTime: "1" });
    (await acquireLock(options())).release();
    expect(lockFiles()).toEqual([]);
  });

  test.each([
    ["dead where a machine id says that it is the same machine", "m", "dead"],
    ["unknown where only the host name does", null, "unknown"],
  ])("of another boot is %s", (_what, machine, life) => {
    const own = { ...mine, machine };
    expect(lifeOf({ ...own, bootId: "another" }, own)).toBe(life);
  });

  test.each([
    ["on another host", { host: "elsewhere\u001b[31m" }, "process 7 on elsewhere??31m"],
    ["on another machine of the same name", { machine: "0".repeat(32) }, `process 7 on ${hostname()}`],
    ["in another container", { pidNamespace: "pid:[1]" }, `process 7 on ${hostname()}`],
  ])("%s can't be judged, and is broken only when asked", async (_what, difference, who) => {
    const file = putLock({ ...mine, pid: 7, ...difference });
    const { message, hint, details } = await refusal();
    expect([message, hint, details]).toEqual([
      `the vault ${path} is locked by ${who}`,
      unknownHint,
      [`lock file: ${file}`],
    ]);
    (await acquireLock(options({ breakLock: true }))).release();
    expect(lockFiles()).toEqual([]);
  });
});

describe.skipIf(ON_WINDOWS)("a hostile lock file", () => {
  const mine = ownIdentity();
  const contents: readonly (readonly [string, unknown])[] = [
    ["nothing", ""],
    ["no JSON", "{"],
    ["a list", []],
    ["null", null],
    ["not UTF-8", "\xff"],
    ["a megabyte", "x".repeat(1_000_000)],
    ["a process group", { ...mine, pid: 0 }],
    ["everyone's processes", { ...mine, pid: -1 }],
    ["a pid that is no number", { ...mine, pid: "1" }],
    ["a pid with a fraction", { ...mine, pid: 1.5 }],
    ["an endless host", { ...mine, host: "h".repeat(257) }],
    ["a field too many", { ...mine, more: 1 }],
    ["a field too few", { pid: 1, host: "h", bootId: null }],
    ["a number for a text", { ...mine, bootId: 1 }],
  ];

  test.each(contents)("with %s counts as a lock of someone unknown", async (_what, content) => {
    putLock(content);
    expect((await refusal()).message).toBe(`the vault ${path} is locked by an unknown process`);
  });

  test.each<[string, (file: string) => void]>([
    ["a FIFO", (file) => void execFileSync("mkfifo", [file])],
    ["a folder", (file) => fs.mkdirSync(file)],
    [
      "a link to a lock",
      (file) => {
        fs.writeFileSync(join(path, "..", "other"), JSON.stringify({ ...mine, processStartTime: "1" }));
        fs.symlinkSync("other", file);
      },
    ],
  ])("that is %s is not followed and holds nobody up", async (_what, put) => {
    const file = putLock("");
    fs.unlinkSync(file);
    put(file);
    expect((await refusal()).message).toBe(`the vault ${path} is locked by an unknown process`);
  });
});

describeWithMounts("a container that shares the folder", () => {
  test("can't be judged from outside, alive or dead", async () => {
    const command = inNamespace(
      `exec "${process.execPath}" "${fixture("holder")}" "$1"`,
      [path],
      ["--pid", "--fork", "--mount-proc", "--kill-child"],
    );
    const holder = start(command);
    const pid = await line(lines(holder));
    expect((await refusal({ timeoutMs: 100 })).message).toBe(
      `the vault ${path} is locked by process ${pid} on ${hostname()}`,
    );
    holder.kill("SIGKILL");
    await ended(holder);
    expect((await refusal({ timeoutMs: 100 })).code).toBe("lock-held");
    (await acquireLock(options({ breakLock: true }))).release();
  });
});
