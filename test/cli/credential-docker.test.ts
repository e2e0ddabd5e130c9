/** Failures of the docker helper: docker reads their messages on standard output. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, createCaller } from "../support/entry-calls.ts";

let caller: Caller;

beforeAll(async () => {
  caller = await createCaller();
  for (const name of ["web/a", "web/b"]) {
    const stdin = `secret of ${name}`;
    await caller.run(["add", name, "-u", name, "--url", "https://both.example"], { stdin });
  }
});

afterAll(() => caller[Symbol.dispose]());

const FAILURES = [
  ["get", "ghcr.io", 1, "credentials not found in native keychain\n"],
  ["get", "", 1, "no credentials server URL\n"],
  ["get", "ftp://", 2, "docker names a server by no address\n"],
  ["get", "both.example", 6, "several entries are for https://both.example\n"],
  ["erase", "  \n", 1, "no credentials server URL\n"],
  ["store", '{"Username":"u","Secret":"hunter2"}', 1, "no credentials server URL\n"],
  ["store", '{"ServerURL":"ghcr.io","Secret":"hunter2"}', 1, "no credentials username\n"],
  [
    "store",
    '{"ServerURL":"ghcr.io","Username":"u"}',
    2,
    "standard input is not what docker sends to a credential helper\n",
  ],
  ["store", "hunter2", 2, "standard input is not what docker sends to a credential helper\n"],
] as const;

test.each(FAILURES)("%s of %j ends with %i and says why", async (action, stdin, exit, stdout) => {
  const answer = await caller.run(["credential", "docker", action], { stdin });
  expect(answer).toMatchObject({ exit, stdout });
  expect(answer.stderr).not.toContain("hunter2");
});

test("a vault that can't be opened or written says so there, too", async () => {
  const stdin = '{"ServerURL":"ghcr.io","Username":"u","Secret":"s"}';
  const store = ["credential", "docker", "store"];
  expect(await caller.run([...store, "--read-only"], { stdin })).toMatchObject({
    exit: 13,
    stdout: "this would write, and pm is read-only here\n",
  });
  const wrong = await caller.run(store, { stdin, env: { PM_PASSWORD: "wrong" } });
  expect(wrong.exit).toBe(5);
  expect(wrong.stdout).not.toBe("");
});
