/** Backups where the machine says no or the process is killed: older copies stay, and no half one has a name. */
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callHere, createHome, type Home } from "../support/home.ts";
import { describeWith } from "../support/describe-with.ts";
import { describeWithMounts, inNamespace } from "../support/mounts.ts";
import { partPath } from "../support/parts.ts";
import { PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";
import { runProgram } from "../support/shell.ts";

const COPY = /^vault-\d{8}T\d{6}Z-[0-9a-f]{8}\.pm$/;

interface Before {
  readonly home: Home;
  readonly directory: string;
  readonly copy: string;
}

/** A vault that has changed since its only copy was made. */
async function changedSinceBackup(): Promise<Before> {
  const home = await createHome();
  const directory = join(home.directory, "copies");
  const copy = (await callHere(["backup", directory], home.directory)).trim();
  await callHere(["add", "a", "--no-secret"], home.directory);
  return { home, directory, copy };
}

describeWith(["strace"], "a backup that is killed", () => {
  test.each([
    ["pwrite64", 1],
    ["fchmod", 1],
    ["fsync", 1],
    ["?link,?linkat", 1],
    ["fsync", 2],
    ["?unlink,?unlinkat", 1],
    ["?unlink,?unlinkat", 2],
  ])("at %s number %i leaves only whole copies, and the next one works", async (calls, nth) => {
    const { home, directory, copy } = await changedSinceBackup();
    const old = readFileSync(copy);
    const inject = ["-e", `trace=${calls}`, "-e", `inject=${calls}:signal=KILL:when=${nth}`];
    const strace = [partPath("strace"), "-f", "-qq", "-o", "/dev/null", ...inject, "--"];
    const env = pmEnvironment({ home: home.directory });
    const run = [process.execPath, PM, "backup", directory, "--keep", "1"];
    await runProgram([...strace, ...run], { env });
    const vault = readFileSync(home.vault);
    const named = readdirSync(directory).filter((name) => COPY.test(name));
    expect(named.length).toBeGreaterThan(0);
    const whole = named.filter((name) => {
      const bytes = readFileSync(join(directory, name));
      return bytes.equals(old) || bytes.equals(vault);
    });
    expect(whole).toEqual(named);
    const next = await home.pm(["backup", directory, "--keep", "1"]);
    expect(next.exit).toBe(0);
    expect(readFileSync(next.stdout.toString().trim()).equals(vault)).toBe(true);
  });
});

describeWithMounts("a folder that takes no copy", () => {
  const script = (prepare: string): string => `
    mount -t tmpfs -o size=100k none "$1"
    cp "$2"/* "$1"
    ${prepare}
    status=0
    "$NODE" "$PM" backup "$1" --keep 1 >"$3/out" || status=$?
    ls -A "$1" >"$3/names"
    exit $status`;

  test.each([
    ["a full disk", ":", /the disk is full/],
    ["a read-only one", `mount -o remount,ro "$1"`, /read-only/],
  ])("%s is 9, and the older copy stays", { timeout: 60_000 }, async (_what, prepare, message) => {
    const { home, directory, copy } = await changedSinceBackup();
    const [mountPoint, notes] = [temporaryDirectory(), temporaryDirectory()];
    const env = { ...pmEnvironment({ home: home.directory }), NODE: process.execPath, PM };
    const run = await runProgram(inNamespace(script(prepare), [mountPoint, directory, notes]), { env });
    expect(run.exit).toBe(9);
    expect(run.stderr).toMatch(message);
    expect(readFileSync(join(notes, "out"), "utf8")).toBe("");
    expect(readFileSync(join(notes, "names"), "utf8")).toBe(`${copy.slice(directory.length + 1)}\n`);
  });
});

test.runIf(process.platform === "linux" && process.geteuid?.() === 0)(
  "a folder that may not be written is 9",
  async () => {
    const { home, directory, copy } = await changedSinceBackup();
    chmodSync(directory, 0o500);
    const env = pmEnvironment({ home: home.directory });
    const argv = ["setpriv", "--bounding-set=-all", process.execPath, PM, "backup", directory, "--keep", "1"];
    const run = await runProgram(argv, { env });
    expect(run.exit).toBe(9);
    expect(run.stderr).toMatch(/permission denied/);
    expect(readdirSync(directory)).toEqual([copy.slice(directory.length + 1)]);
  },
);
