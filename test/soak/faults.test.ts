/** Every call of rekey, merge and restore that changes a file: killed there, or failed by the disk. */
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { type ChangingCall, changingCalls, FAULTS, runWithFault } from "../support/faults.ts";
import { createScenario, type FaultName } from "../support/fault-scenarios.ts";

/** When modules are read and threads woken differs from run to run by some calls. */
const SPREAD: Readonly<Record<string, number>> = { openat: 2, write: 4 };

function around(call: ChangingCall): readonly ChangingCall[] {
  const spread = SPREAD[call.name] ?? 0;
  const offsets = Array.from({ length: 2 * spread + 1 }, (_, i) => i - spread);
  return offsets.map((offset) => ({ ...call, nth: Math.max(1, call.nth + offset) }));
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
      const hits: string[] = [];
      for (const call of uniqueCalls(calls.flatMap(around))) {
        scenario.reset();
        const run = await runWithFault(scenario.program, call, fault);
        if (run.hitsFile) hits.push(call.name);
        // A module that can't be read, a thread that can't be woken is no fault of ours to describe.
        else if (fault !== "kill") continue;
        await scenario.check(run, fault).catch((error: unknown) => {
          throw new Error(`${JSON.stringify(call)}: ${run.hit ?? "not hit"}\n${run.stderr}`, {
            cause: error,
          });
        });
      }
      for (const { name: call } of calls) {
        const times = (list: readonly string[]): number => list.filter((other) => other === call).length;
        expect(times(hits), call).toBeGreaterThanOrEqual(times(calls.map((other) => other.name)));
      }
    },
  );
});
