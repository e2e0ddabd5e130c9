import fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { partPath } from "../support/parts.ts";
import { temporaryDirectory } from "../support/process.ts";
import { contentOf, generationOf } from "./fixtures/content.ts";
import { ended, type Ended, fixture, start } from "./fixtures/run.ts";

/** The vault of generation 1, its .bak of generation 0. */
function newVault(): string {
  const path = join(temporaryDirectory(), "vault.pm");
  fs.writeFileSync(path, contentOf(1), { mode: 0o600 });
  fs.writeFileSync(`${path}.bak`, contentOf(0), { mode: 0o600 });
  return path;
}

function save(
  path: string,
  generation: number,
  backup: string,
  strace: readonly string[] = [],
): Promise<Ended> {
  const saver = [process.execPath, fixture("saver"), path, String(generation), "1", backup];
  const tracer =
    strace.length === 0 ? [] : [partPath("strace"), "-f", "-qq", "-o", "/dev/null", ...strace, "--"];
  return ended(start([...tracer, ...saver]));
}

function inject(call: string, what: string): string[] {
  // The same call has other names on other processors.
  const set = call === "rename" || call === "link" || call === "unlink" ? `?${call},?${call}at` : call;
  const names = call === "rename" ? `${set},?renameat2` : set;
  return ["-e", `trace=${names}`, "-e", `inject=${names}:${what}`];
}

function namesBeside(path: string): string[] {
  return fs.readdirSync(join(path, "..")).toSorted();
}

describeWith(["strace"], "a save that the system fails", () => {
  test.each([
    [
      "a write that finds no room",
      "pwrite64",
      "error=ENOSPC:when=1",
      "the disk is full; nothing was changed",
    ],
    ["a write over the quota", "pwrite64", "error=EDQUOT:when=1", "the disk is full; nothing was changed"],
    ["a flush that fails", "fsync", "error=EIO:when=1", "can't save PATH; nothing was changed: EIO"],
    [
      "a first rename that is refused",
      "rename",
      "error=EACCES:when=1",
      "can't write in the folder DIR: permission denied",
    ],
    [
      "a last rename that is refused",
      "rename",
      "error=EACCES:when=2",
      "can't write in the folder DIR: permission denied",
    ],
  ])("%s keeps the old file and leaves nothing behind", async (_what, call, fault, message) => {
    const path = newVault();
    const { stdout } = await save(path, 2, "previous", inject(call, fault));
    expect(stdout).toBe(`io: ${message.replace("PATH", path).replace("DIR", join(path, ".."))}\n`);
    expect(generationOf(fs.readFileSync(path))).toBe(1);
    expect(namesBeside(path)).toEqual(["vault.pm", "vault.pm.bak"]);
  });

  test("a write of which the disk keeps nothing is noticed", async () => {
    const path = newVault();
    // Says that it took four bytes, and took none: the file begins with a hole.
    const { stdout } = await save(path, 2, "previous", inject("pwrite64", "retval=4:when=1"));
    expect(stdout).toBe("io: the disk gave back other bytes than were written; nothing was changed\n");
    expect(generationOf(fs.readFileSync(path))).toBe(1);
    expect(namesBeside(path)).toEqual(["vault.pm", "vault.pm.bak"]);
  });

  test.each(["EIO", "EINVAL"])(
    "a folder that can't be flushed (%s) is a save of unknown durability",
    async (errno) => {
      const path = newVault();
      const { stdout } = await save(path, 2, "previous", inject("fsync", `error=${errno}:when=2`));
      expect(stdout).toBe("2 unsure\n");
      expect(generationOf(fs.readFileSync(path))).toBe(2);
    },
  );

  test("a file system without hard links gets its backup by copying", async () => {
    const path = newVault();
    const { stdout } = await save(path, 2, "previous", inject("link", "error=EPERM"));
    expect(stdout).toBe("2 durable\n");
    expect(generationOf(fs.readFileSync(`${path}.bak`))).toBe(1);
    expect(namesBeside(path)).toEqual(["vault.pm", "vault.pm.bak"]);
  });
});

describeWith(["strace"], "a save that is killed", () => {
  const POINTS = [
    ["pwrite64", 1, "previous"],
    ["fchmod", 1, "previous"],
    ["fsync", 1, "previous"],
    ["link", 1, "previous"],
    ["rename", 1, "previous"],
    ["rename", 2, "previous"],
    ["unlink", 1, "previous"],
    ["fsync", 2, "previous"],
    ["fsync", 2, "same"],
    ["rename", 1, "same"],
    ["rename", 2, "same"],
  ] as const;

  test.each(POINTS)(
    "at %s number %i (%s) leaves the old or the new file, and the next save works",
    async (call, nth, backup) => {
      const path = newVault();
      const killed = await save(path, 2, backup, inject(call, `signal=KILL:when=${nth}`));
      expect(killed.stdout).toBe("");
      expect([1, 2]).toContain(generationOf(fs.readFileSync(path)));
      expect([0, 1, 2]).toContain(generationOf(fs.readFileSync(`${path}.bak`)));

      const next = await save(path, 3, backup);
      expect(next.stdout).toBe("3 durable\n");
      expect(generationOf(fs.readFileSync(path))).toBe(3);
      if (backup === "same") expect(generationOf(fs.readFileSync(`${path}.bak`))).toBe(3);
    },
  );
});
