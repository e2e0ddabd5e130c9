/** Every call of rekey, merge and restore that changes a file: killed there, or failed by the disk. */
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { type ChangingCall, changingCalls, FAULTS, runWithFault } from "../support/faults.ts";
import { createScenario, type FaultName } from "../support/fault-scenarios.ts";

/** Which module is read when differs from run to run by one or two calls. */
const OPENAT_SPREAD = 2;

function around(call: ChangingCall): readonly ChangingCall[] {
  if (call.name !== "openat" || call.thread !== "main") return [call];
  const offsets = Array.from({ length: 2 * OPENAT_SPREAD + 1 }, (_, i) => i - OPENAT_SPREAD);
  return offsets.map((offset) => ({ ...call, nth: call.nth + offset }));
}

function uniqueCalls(calls: readonly ChangingCall[]): readonly ChangingCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

describeWith(["strace"], "a vault whose change was cut off is the old one or the new one", () => {
  const cases = (["rekey", "merge", "restore"] as const).flatMap((name) =>
    FAULTS.map((fault) => [name, fault] as const),
  );
  test.each<readonly [FaultName, (typeof FAULTS)[number]]>(cases)(
    "%s: %s at every call that changes a file",
    { timeout: 600_000 },
    async (name, fault) => {
      const scenario = await createScenario(name);
      const calls = await changingCalls(scenario.program);
      expect(calls.length).toBeGreaterThan(15);
      const missed: ChangingCall[] = [];
      for (const call of uniqueCalls(calls.flatMap(around))) {
        scenario.reset();
        const run = await runWithFault(scenario.program, call, fault);
        // A module that can't be read is no fault of ours to describe.
        const isOther = call.name === "openat" && !/O_(?:CREAT|RDWR|WRONLY)/.test(run.hit ?? "");
        if (isOther && fault !== "kill") continue;
        if (run.hit === undefined) missed.push(call);
        await scenario.check(run, fault).catch((error: unknown) => {
          throw new Error(`${JSON.stringify(call)}: ${run.hit ?? "not hit"}\n${run.stderr}`, {
            cause: error,
          });
        });
      }
      expect(missed.filter(({ name: call }) => call !== "openat")).toEqual([]);
    },
  );
});
