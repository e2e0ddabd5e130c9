/** A reader in another language finds what merging, undoing and a new root key leave in a vault. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { callHere, createHome, type Home } from "../support/home.ts";
import { readVault, type ReadVault } from "../support/python-reader.ts";

/** The log as `pm log` has it, oldest first, in the reader's words. */
async function loggedAsRead(home: Home): Promise<unknown> {
  const { stdout } = await home.pm(["log", "--json"]);
  const { operations } = JSON.parse(stdout.toString()) as {
    operations: readonly { command: string; count: number; entries: readonly { id: string }[] }[];
  };
  return operations
    .map(({ command, count, entries }) => [command, count, entries.map(({ id }) => id)])
    .toReversed();
}

/** A home whose vault was merged with a copy that somebody else wrote to, and then got a new root key. */
async function merged(directory: string): Promise<{ home: Home; before: ReadVault; after: ReadVault }> {
  const home = await createHome(directory);
  const file = (name: string): string => join(directory, name);
  const run = async (argv: readonly string[], input = ""): Promise<void> => {
    const { exit, stderr } = await home.pm(["--quiet", ...argv], { input });
    expect({ argv, exit, stderr }).toEqual({ argv, exit: 0, stderr: "" });
  };
  await run(["add", "both"], "first");
  await run(["add", "large", "-t", "custom"], "x".repeat(200_000));
  copyFileSync(home.vault, file("copy.pm"));
  await run(["set", "both", "password=-"], "mine");
  await run(["set", "both", "password=-", "--tag", "a", "--vault", file("copy.pm")], "theirs");
  await run(["add", "new", "--vault", file("copy.pm")], "n");
  await run(["merge", file("copy.pm")]);
  await run(["mv", "new", "moved"]);
  await run(["undo", "-y"]);
  writeFileSync(file("token"), home.token);
  const before = await readVault(home, ["--token-file", file("token")]);
  const inTime = before.log.toSorted((a, b) => a.op[2] - b.op[2]);
  expect(inTime.map(({ by, count, entries }) => [by, count, entries])).toEqual(await loggedAsRead(home));
  writeFileSync(file("newer"), "a password that is newer\n", { mode: 0o600 });
  await callHere(["rekey", "-y", "--no-machine", "--new-password-file", file("newer")], directory);
  return { home, before, after: await readVault(home, ["--password-file", file("newer")]) };
}

describeWith(["python3"], "the Python reader", () => {
  test("reads what a merge, an undo and a new root key leave", { timeout: 60_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "pm-python-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const { before, after } = await merged(directory);
    expect(Object.fromEntries(before.entries.map(({ path, concurrent }) => [path, concurrent]))).toEqual({
      both: ["f:password"],
      large: [],
      new: [],
    });
    const kinds = before.log.map(({ by, kind }) => `${by} ${kind}`);
    expect(kinds.filter((text) => text.endsWith("merged"))).toEqual(["set merged", "add merged"]);
    expect(kinds.slice(-3)).toEqual(["merge change", "mv change", "undo change"]);
    expect([before.keyEpoch, before.keyHistory]).toEqual([1, []]);
    expect([after.keyEpoch, after.entries]).toEqual([2, before.entries]);
    expect(after.keyHistory).toEqual([[1, before.keyId, expect.stringMatching(/^[0-9a-f]{64}$/)]]);
    expect(after.keyId).not.toBe(before.keyId);
    expect(new Set(after.log.map(({ kind }) => kind))).toEqual(new Set(["bare", "barrier", "merged"]));
  });
});
