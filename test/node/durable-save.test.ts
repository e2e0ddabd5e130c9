import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasCode } from "../../src/core/errors.ts";
import { createDurably, saveDurably, type SaveOptions } from "../../src/node/durable-save.ts";
import { temporaryDirectory } from "../support/process.ts";
import { seededRandom } from "../support/random.ts";
import { contentOf, generationOf } from "./fixtures/content.ts";
import { describeWithMounts, inNamespace } from "../support/mounts.ts";
import { ended, ON_WINDOWS, fixture, start } from "./fixtures/run.ts";

const HOUR_MS = 3_600_000;
const OLD = contentOf(1);
const NEW = contentOf(2);

function options(path: string, more: Partial<SaveOptions> = {}): SaveOptions {
  return { path, bytes: NEW, random: seededRandom(path), backup: "previous", now: Date.now, ...more };
}

function newVault(): string {
  const path = join(temporaryDirectory(), "vault.pm");
  fs.writeFileSync(path, OLD, { mode: 0o600 });
  return path;
}

function namesBeside(path: string): string[] {
  return fs.readdirSync(join(path, "..")).toSorted();
}

function mode(path: string): string {
  return (fs.statSync(path).mode & 0o7777).toString(8);
}

describe.skipIf(ON_WINDOWS)("a save", () => {
  test.each([
    ["previous", 1],
    ["same", 2],
    ["none", undefined],
  ] as const)("with backup %s replaces the file and leaves generation %s in .bak", async (backup, kept) => {
    const path = newVault();
    expect(await saveDurably(options(path, { backup }))).toEqual({ durable: true });
    expect(generationOf(fs.readFileSync(path))).toBe(2);
    expect(namesBeside(path)).toEqual(kept === undefined ? ["vault.pm"] : ["vault.pm", "vault.pm.bak"]);
    if (kept !== undefined) expect(generationOf(fs.readFileSync(`${path}.bak`))).toBe(kept);
  });

  test("makes the backup of the same content a file of its own", async () => {
    const path = newVault();
    await saveDurably(options(path, { backup: "same" }));
    expect(fs.statSync(path).nlink).toBe(1);
    expect(fs.statSync(`${path}.bak`).nlink).toBe(1);
  });

  test.each([0o000, 0o077, 0o277])("gives files mode 600 under umask %o", async (mask) => {
    const path = newVault();
    const before = process.umask(mask);
    try {
      await saveDurably(options(path, { backup: "same" }));
    } finally {
      process.umask(before);
    }
    expect([mode(path), mode(`${path}.bak`)]).toEqual(["600", "600"]);
  });

  test("leaves no second name where .bak is the file itself, as after a failed save", async () => {
    const path = newVault();
    fs.linkSync(path, `${path}.bak`);
    await saveDurably(options(path));
    expect(namesBeside(path)).toEqual(["vault.pm", "vault.pm.bak"]);
    expect(generationOf(fs.readFileSync(`${path}.bak`))).toBe(1);
  });

  test("takes an empty file and one of several megabytes", async () => {
    const path = newVault();
    for (const bytes of [new Uint8Array(0), new Uint8Array(3_000_001).fill(7)]) {
      await saveDurably(options(path, { bytes }));
      expect(Buffer.compare(fs.readFileSync(path), bytes)).toBe(0);
    }
  });

  test("with the same content as backup leaves nothing that killed saves left, however young", async () => {
    const path = newVault();
    for (const kind of ["tmp", "bak"]) {
      fs.writeFileSync(join(path, "..", `.vault.pm.0123456789abcdef.${kind}`), OLD);
    }
    await saveDurably(options(path, { backup: "same" }));
    expect(namesBeside(path)).toEqual(["vault.pm", "vault.pm.bak"]);
  });

  test("removes what killed saves left an hour ago, and nothing else", async () => {
    const path = newVault();
    const stale = [".vault.pm.0123456789abcdef.tmp", ".vault.pm.0123456789abcdef.bak"];
    const others = [
      ".vault.pm.0123456789abcdeg.tmp",
      ".other.pm.0123456789abcdef.tmp",
      "vault.pm.tmp",
      ".vault.pm.tmp",
    ];
    for (const name of [...stale, ...others]) fs.writeFileSync(join(path, "..", name), "");
    await saveDurably(options(path, { now: () => Date.now() + HOUR_MS - 60_000 }));
    expect(namesBeside(path)).toEqual(expect.arrayContaining(stale));
    await saveDurably(options(path, { now: () => Date.now() + HOUR_MS + 60_000 }));
    expect(namesBeside(path)).toEqual([...others, "vault.pm", "vault.pm.bak"].toSorted());
  });

  test("of a file that has vanished changes nothing", async () => {
    const path = join(temporaryDirectory(), "vault.pm");
    await expect(saveDurably(options(path))).rejects.toSatisfy((error) => hasCode(error, "io"));
    expect(namesBeside(path)).toEqual([]);
  });
});

describe.skipIf(ON_WINDOWS)("a creation", () => {
  test("makes the file and its folders, for the owner only, under umask 000", async () => {
    const home = temporaryDirectory();
    const path = join(home, "data", "deep", "vault.pm");
    const before = process.umask(0o000);
    try {
      expect(await createDurably(options(path))).toEqual({ durable: true, realPath: fs.realpathSync(path) });
    } finally {
      process.umask(before);
    }
    expect([mode(path), mode(join(home, "data")), mode(join(home, "data", "deep"))]).toEqual([
      "600",
      "700",
      "700",
    ]);
    expect(namesBeside(path)).toEqual(["vault.pm"]);
    expect(fs.statSync(path).nlink).toBe(1);
  });

  test.each<[string, (path: string) => void]>([
    ["a file", (path) => fs.writeFileSync(path, OLD)],
    ["a folder", (path) => fs.mkdirSync(path)],
    ["a dangling link", (path) => fs.symlinkSync("nowhere", path)],
  ])("never replaces %s", async (_what, occupy) => {
    const path = join(temporaryDirectory(), "vault.pm");
    occupy(path);
    const before = fs.lstatSync(path);
    await expect(createDurably(options(path))).rejects.toSatisfy((error) => hasCode(error, "conflict"));
    expect(fs.lstatSync(path).mtimeMs).toBe(before.mtimeMs);
    expect(namesBeside(path)).toEqual(["vault.pm"]);
  });
});

describeWithMounts("disks that take nothing", () => {
  const runSaver = `"${process.execPath}" "${fixture("saver")}" "$1/vault.pm"`;

  test("a full disk keeps the old file and says so", async () => {
    // Some 200 kB fit once, and not twice beside what fills the rest.
    const script = `mount -t tmpfs -o size=600k none "$1"; cp "$2" "$1/vault.pm"
      head -c 300000 /dev/zero > "$1/rest"; ${runSaver} 18 1; cmp "$2" "$1/vault.pm"; ls -A "$1"`;
    const directory = temporaryDirectory();
    const old = join(directory, "old");
    fs.writeFileSync(old, contentOf(18));
    fs.mkdirSync(join(directory, "disk"));
    const { stdout, stderr } = await ended(start(inNamespace(script, [join(directory, "disk"), old])));
    expect(stdout + stderr).toBe("io: the disk is full; nothing was changed\nrest\nvault.pm\n");
  });

  test("a read-only folder keeps the old file and is named", async () => {
    const script = `mount -t tmpfs none "$1"; cp "$2" "$1/vault.pm"; mount -o remount,ro "$1"
      ${runSaver} 2 1; cmp "$2" "$1/vault.pm"; ls -A "$1"`;
    const directory = temporaryDirectory();
    const disk = join(directory, "disk");
    fs.mkdirSync(disk);
    fs.writeFileSync(join(directory, "old"), OLD);
    const { stdout, stderr } = await ended(start(inNamespace(script, [disk, join(directory, "old")])));
    expect(stdout + stderr).toBe(
      `io: can't write in the folder ${disk}: the file system is read-only\nvault.pm\n`,
    );
  });
});
