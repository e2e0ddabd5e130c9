/** A fixed sample of test/soak/faults.test.ts: the calls around the replacement, each with another fault. */
import { test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { type ChangingCall, type Fault, runWithFault } from "../support/faults.ts";
import { createScenario, type FaultName } from "../support/fault-scenarios.ts";

type Case = readonly [fault: Fault, name: string, nth: number];

const REKEY: readonly Case[] = [
  ["kill", "fsync", 1],
  ["EIO", "rename", 1],
  ["ENOSPC", "pwrite64", 1],
  ["kill", "rename", 2],
  ["EIO", "rename", 3],
  ["EIO", "fsync", 4],
  ["kill", "unlink", 3],
];
const COPIED: readonly Case[] = [
  ["ENOSPC", "pwrite64", 1],
  ["kill", "rename", 2],
  ["kill", "rename", 3],
  ["kill", "unlink", 3],
];

describeWith(["strace"], "a vault whose change was cut off is the old one or the new one", () => {
  test.each<[FaultName, readonly Case[]]>([
    ["rekey", REKEY],
    ["merge", COPIED],
    ["restore", COPIED.slice(2, 3)],
    ["replace", [["kill", "rename", 2]]],
  ])("%s", { timeout: 60_000 }, async (name, cases) => {
    const scenario = await createScenario(name);
    for (const [fault, call, nth] of cases) {
      const where: ChangingCall = { thread: "main", name: call, nth };
      scenario.reset();
      await scenario.check(await runWithFault(scenario.program, where, fault), fault);
    }
  });
});
