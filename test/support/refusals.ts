/** Calls of the real pm that must fail: exit status, one line and a hint, nothing on stdout, nothing changed. */
import { describe, expect, test } from "vitest";
import { callHere, contentsOf, createHome, type Home } from "./home.ts";
import { runPm } from "./process.ts";

export interface Refusal {
  readonly title: string;
  readonly exit: number;
  readonly code: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
  readonly details?: RegExp;
  /** On a vault that holds `web/github`. */
  readonly prepare?: (home: Home) => void | Promise<void>;
  /** Each of these calls is refused. `add` reads JSON with `--json`, so it is not also called so. */
  readonly calls: readonly (readonly string[])[];
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Without the machine key. */
  readonly isKeyless?: boolean;
}

export const READS: readonly (readonly string[])[] = [["get", "web/github"], ["ls"], ["verify"]];
export const WRITES: readonly (readonly string[])[] = [
  ["add", "new", "--no-secret"],
  ["set", "web/github", "username=x"],
  ["gen", "new"],
];

async function prepared(refusal: Pick<Refusal, "prepare">): Promise<Home> {
  const home = await createHome();
  await callHere(["add", "web/github", "-g", "-u", "mara"], home.directory);
  await refusal.prepare?.(home);
  return home;
}

export function describeRefusals(refusals: readonly Refusal[]): void {
  describe.each(refusals)("$title: $exit", (refusal) => {
    test("says so in a line and a hint, and changes nothing", { timeout: 60_000 }, async () => {
      const home = await prepared(refusal);
      const before = contentsOf(home.directory);
      for (const call of refusal.calls) await expectRefusal(home, call, refusal);
      expect(contentsOf(home.directory)).toEqual(before);
    });
  });
}

async function expectRefusal(home: Home, call: readonly string[], refusal: Refusal): Promise<void> {
  const { env = {}, input = "" } = refusal;
  const key: Record<string, string> = refusal.isKeyless === true ? {} : { PM_KEY: home.token };
  const pm = (args: readonly string[]) =>
    runPm(args, { home: home.directory, env: { ...key, ...env }, input });
  const isJson = call.includes("--json");
  if (!isJson) {
    const text = await pm(call);
    expect({ call, exit: text.exit, stdout: text.stdout.toString() }).toEqual({
      call,
      exit: refusal.exit,
      stdout: "",
    });
    expectLines(text.stderr, refusal);
  }
  if (!isJson && call[0] === "add") return;
  const json = await pm(isJson ? call : ["--json", ...call]);
  expect([json.exit, json.stdout.length]).toEqual([refusal.exit, 0]);
  expect(json.stderr).toMatch(/^\{.*\}\n$/);
  const { error } = JSON.parse(json.stderr);
  expect(error).toMatchObject({ code: refusal.code, exit: refusal.exit });
  expect(error.message).toMatch(refusal.message);
  expect(error.hint).toMatch(refusal.hint ?? /./);
  expect(json.stderr).not.toContain("hunter2");
}

function expectLines(stderr: string, { message, hint = /./, details }: Refusal): void {
  expect(stderr).not.toContain("hunter2");
  const lines = stderr.split("\n");
  expect(lines.pop()).toBe("");
  const [first = "", ...rest] = lines;
  const last = rest.pop() ?? "";
  expect(first).toMatch(/^pm: error: /);
  expect(first.slice("pm: error: ".length)).toMatch(message);
  expect(last).toMatch(/^pm: hint: /);
  expect(last.slice("pm: hint: ".length)).toMatch(hint);
  expect(rest.join("\n")).toMatch(details ?? /^$/);
}
