/** Every call of rekey, merge and restore that changes a file: killed there, or failed by the disk. */
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { type ChangingCall, changingCalls, FAULTS, runWithFault } from "../support/faults.ts";
import { createScenario, FAULT_NAMES, type FaultName } from "../support/fault-scenarios.ts";

/** When modules are read and threads woken differs from run to run by some calls. */
const SPREAD: Readonly<Record<string, number>> = { openat: 1, write: 2 };

function around(call: ChangingCall): readonly ChangingCall[] {
  const spread = SPREAD[call.name] ?? 0;
  const offsets = Array.from({ length: 2 * spread + 1 }, (_, i) => i - spread);
  return offsets.map((offset) => ({ ...call, nth: Math.max(1, call.nth + offset) }));
}

function uniqueCalls(calls: readonly ChangingCall[]): readonly ChangingCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

describeWith(["strace"], "a vault whose change was cut off is the old one or the new one", () => {
  const cases = FAULT_NAMES.flatMap((name) => FAULTS.map((fault) => [name, fault] as const));
  test.each<readonly [FaultName, (typeof FAULTS)[number]]>(cases)(
    "%s: %s at every call that changes a file",
    { timeout: 600_000 },
    async (title, fault) => {
      const scenario = await createScenario(title);
      const calls = await changingCalls(scenario.program);
      expect(calls.length).toBeGreaterThan(5);
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
      const times = (list: readonly string[], name: string): number =>
        list.filter((other) => other === name).length;
      const names = calls.map((call) => call.name);
      // Those that are counted differently in each run need only have been hit.
      const wanted = (name: string): number => (name in SPREAD ? 1 : times(names, name));
      expect(names.filter((name) => times(hits, name) < wanted(name))).toEqual([]);
    },
  );
});
