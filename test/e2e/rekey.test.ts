/** `pm rekey` as a process among others: signals at every question and in the key derivation, writers beside it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { onScreen } from "../node/fixtures/pty.ts";
import { until } from "../node/fixtures/run.ts";
import { callHere, contentsOf, createHome, type Home } from "../support/home.ts";
import { finished, PM, pmEnvironment } from "../support/process.ts";
import { startProgram } from "../support/shell.ts";

const NEW_PASSWORD = "another good long sentence";
const IS_SOAK = process.env["SOAK"] === "1";
const ON_LINUX = process.platform === "linux";

async function homeWithCode(): Promise<Home> {
  const home = await createHome();
  await callHere(["key", "add", "recovery"], home.directory);
  writeFileSync(join(home.directory, "new.txt"), NEW_PASSWORD, { mode: 0o600 });
  return home;
}

function environment(home: Home): Record<string, string> {
  return pmEnvironment({ home: home.directory, env: { PM_KEY: home.token } });
}

/** What a person sees, and types to get to the next question. */
const QUESTIONS = [
  ["renew the root key and all keys of", "y\r"],
  ["New master password: ", `${NEW_PASSWORD}\r`],
  ["The same again: ", `${NEW_PASSWORD}\r`],
  [" after PMR1: ", ""],
] as const;

describe.skipIf(!ON_LINUX)("rekey that is ended by a signal leaves the vault as it was", () => {
  const cases = QUESTIONS.flatMap((_, question) =>
    (["^C", "SIGINT", "SIGTERM"] as const).map((how) => [how, question] as const),
  );
  // The questions in between are asked as the last one is.
  const wanted = cases.filter(([how, question]) => IS_SOAK || how === "^C" || question % 3 === 0);
  test.each(wanted)("%s at question %i", async (how, question) => {
    const home = await homeWithCode();
    const before = contentsOf(dirname(home.vault));
    const screen = onScreen([process.execPath, PM, "rekey", "--kdf", "constrained"], environment(home));
    for (const [text, answer] of QUESTIONS.slice(0, question)) {
      await screen.see(text);
      screen.type(answer);
    }
    await screen.see(QUESTIONS[question]?.[0] ?? "");
    if (how === "^C") screen.type("\u0003");
    else process.kill(screen.pid, how);
    expect(await screen.end()).toBe(how === "SIGTERM" ? 143 : 130);
    expect(contentsOf(dirname(home.vault))).toEqual(before);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s during the key derivation", async (signal) => {
    const home = await homeWithCode();
    const before = contentsOf(dirname(home.vault));
    const argv = ["rekey", "-y", "--kdf", "strong", "--new-password-file", "new.txt", "-o", "keys.txt"];
    const child = startProgram([process.execPath, PM, ...argv], {
      env: environment(home),
      cwd: home.directory,
    });
    const end = finished(child);
    await until("the memory of Argon2id", () => (residentKiB(child.pid) > 200_000 ? true : undefined));
    child.kill(signal);
    const { exit, stdout } = await end;
    expect({ exit, stdout: stdout.toString() }).toEqual({ exit: signal, stdout: "" });
    expect(contentsOf(dirname(home.vault))).toEqual(before);
    expect(existsSync(join(home.directory, "keys.txt"))).toBe(false);
  });
});

function residentKiB(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

const WRITERS = 4;
const MAX_ADDS = 200;

test("each entry that is added beside rekey is in the new vault, or its key is gone and pm says so", async () => {
  const home = await homeWithCode();
  const acknowledged: string[] = [];
  const refusals: { exit: unknown; stderr: string }[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let i = 0; i < MAX_ADDS; i++) {
      const name = `writer-${writer}/${i}`;
      const { exit, stderr } = await home.pm(["add", name, "--no-secret"]);
      if (exit === 0) acknowledged.push(name);
      else return void refusals.push({ exit, stderr });
    }
  };
  const writing = Array.from({ length: WRITERS }, (_, writer) => write(writer));
  await until("every writer to have added", () => (acknowledged.length >= 2 * WRITERS ? true : undefined));
  const argv = ["rekey", "-y", "--kdf", "constrained", "--new-password-file", "new.txt", "-o", "keys.txt"];
  const { exit, stderr } = await home.pm([...argv, "--timeout", "60"], { cwd: home.directory });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  await Promise.all(writing);
  const keys = readFileSync(join(home.directory, "keys.txt"), "utf8");
  const env = { PM_KEY: /^machine\ttest\t(.+)$/m.exec(keys)?.[1] ?? "" };
  const names = (await home.pm(["ls"], { env })).stdout.toString().split("\n").slice(0, -1);
  expect(names).toEqual(acknowledged.toSorted());
  expect((await home.pm(["verify"], { env })).exit).toBe(0);
  expect(refusals.length).toBe(WRITERS);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({
      exit: expect.toSatisfy((code) => code === 4 || code === 5),
      stderr: expect.stringMatching(/another process changed the keys|wrong password or key/),
    });
  }
}, 60_000);

describe.skipIf(!ON_LINUX)("rekey whose standard output nobody reads", () => {
  test("changes nothing", async () => {
    const home = await homeWithCode();
    const before = contentsOf(dirname(home.vault));
    const script = `trap '' PIPE; { "$NODE" "$PM" rekey -y --kdf constrained --new-password-file new.txt; echo $? >&2; } | exec 0<&-`;
    const child = startProgram(["bash", "-c", script], {
      env: { ...environment(home), NODE: process.execPath, PM },
      cwd: home.directory,
    });
    const { stderr } = await finished(child);
    expect(stderr).toContain("nobody reads standard output, where the new keys go; nothing was changed");
    expect(stderr).toMatch(/^9$/m);
    expect(contentsOf(dirname(home.vault))).toEqual(before);
  });
});
