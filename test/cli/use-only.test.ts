/** Under a machine key no command prints, copies or writes down a secret of a use-only entry. */
import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findRow, ROWS } from "../../src/cli/registry.ts";
import { canary, filesWith } from "../support/canary.ts";
import { type Answer, type CallOptions, type Caller, createCaller } from "../support/entry-calls.ts";

/** They use the secret: it goes to a program. */
const SERVED: ReadonlySet<string> = new Set([
  "run",
  "otp",
  "ssh-agent",
  "credential git",
  "credential docker",
]);
const CANARIES = [canary(), canary(), canary()] as const;
const UNPROVEN = { PM_PASSWORD: undefined, PM_KEY_FILE: "ci.key", EDITOR: "node leak.mjs" };

let caller: Caller;
let copies = 0;

async function pm(line: string, options: CallOptions = {}): Promise<Answer> {
  return await caller.run(line.split(" "), options);
}

async function prepare(line: string, stdin = ""): Promise<void> {
  const { exit, stderr } = await pm(line, { stdin });
  if (exit !== 0) throw new Error(`pm ${line}: ${stderr}`);
}

/** The call on a copy of the vault of its own, opened by the machine key. */
async function underKey(line: string, answers?: readonly string[]): Promise<Answer> {
  const copy = `copy-${copies++}.pm`;
  copyFileSync(join(caller.directory, "home/data/vault.pm"), join(caller.directory, copy));
  return await pm(`--vault ./${copy} ${line}`, {
    env: UNPROVEN,
    ...(answers === undefined ? {} : { answers }),
  });
}

beforeAll(async () => {
  caller = await createCaller();
  writeFileSync(join(caller.directory, "leak.mjs"), LEAK);
  await prepare("key add machine --token-file ci.key");
  await prepare("add web/x username=ada token=- --no-secret", CANARIES[0]);
  await prepare("set web/x password=-", CANARIES[1]);
  for (const copy of ["plain.pm", "other.pm"]) {
    copyFileSync(join(caller.directory, "home/data/vault.pm"), join(caller.directory, copy));
  }
  await prepare("set web/x password=- --use-only", CANARIES[2]);
  await prepare("set web/x password=- --vault ./other.pm", CANARIES[0]);
  await prepare("merge other.pm");
});

/** An editor that keeps what it is given. */
const LEAK = `import { copyFileSync } from "node:fs";
copyFileSync(process.argv.at(-1), "leaked");`;

afterAll(() => caller[Symbol.dispose]());

const PLAIN = [/^pm: error: (.*)$/m, /^pm: hint: (.*)$/m] as const;

function requireSilent({ stdout, stderr, terminal }: Answer): void {
  for (const secret of CANARIES) expect(stdout + stderr + terminal).not.toContain(secret);
  expect(filesWith(caller.directory, CANARIES)).toEqual([]);
}

/** A call of every command that takes an entry, by itself and with each of its flags. */
async function linesOf(name: string): Promise<readonly string[]> {
  const command = await findRow(name)?.load();
  if (command === undefined || !command.args.some(({ completes }) => completes === "entry")) return [];
  const entries = command.args.filter(({ completes, required }) => completes === "entry" && required);
  const base = [name, "-y", ...["web/x", "web/y"].slice(0, Math.max(1, entries.length))].join(" ");
  const flags = Object.entries(command.options).filter(
    ([, { kind }]) => kind === "flag" || kind === "optional",
  );
  return [base, ...flags.map(([flag]) => `${base} --${flag}`), `${base} --json`];
}

const names = ROWS.map(({ name }) => name).filter((name) => !SERVED.has(name));
const calls = await Promise.all(names.map(async (name) => ({ name, lines: await linesOf(name) })));

test.each(calls.filter(({ lines }) => lines.length > 0))("nothing comes out of $name", async ({ lines }) => {
  for (const line of lines) requireSilent(await underKey(line));
});

/** A terminal is there, and nobody is asked: a machine key proves nothing about a person. */
test.each([
  "get web/x",
  "get web/x token",
  "get web/x -f username -f token",
  "get web/x -o out",
  "get web/x --clip",
  "get web/x --chars 1-30",
  "get web/x --rev -1",
  "get web/x --json",
  "show web/x --reveal",
  "show web/x --json --reveal --all",
  "history web/x --reveal",
  "conflicts --reveal",
  "conflicts web/x --reveal --json",
  "resolve web/x --pick 1 --reveal",
  "resolve --all --reveal",
  "edit web/x --allow-disk",
  "gen web/x",
  "gen web/x 30 -c",
  "cp web/x web/y",
  "cp web/ else/",
  "set web/x --no-use-only",
  "set web/x username=b --no-use-only --tag a",
  "add web/x -f --no-secret",
  "restore plain.pm -y",
  "bundle make --only web/x -o out",
])("pm %s is exit 4 without a question, and changes nothing", async (line) => {
  const answer = await underKey(line, []);
  expect(answer).toMatchObject({ exit: 4, stdout: "", terminal: "" });
  const [message, hint] = line.includes("--json") ? [/"message":"(.*?)",/, /"hint":"(.*?)"/] : PLAIN;
  expect(message.exec(answer.stderr)?.[1]?.replaceAll("\\", "")).toBe(
    '"web/x" is use-only, and PM_KEY_FILE does not show it',
  );
  expect(hint.exec(answer.stderr)?.[1]).toContain("--password-file");
  requireSilent(answer);
  expect(readdirSync(caller.directory)).not.toContain("out");
});

test.each([
  "get web/x username",
  "show web/x --all",
  "history web/x",
  "conflicts",
  "ls -l",
  "find --in fields ada",
])("pm %s needs no password", async (line) => {
  const answer = await underKey(line, []);
  expect(answer).toMatchObject({ exit: 0, terminal: "" });
  requireSilent(answer);
});

test("a password that is given beside the key opens what the key does not show", async () => {
  writeFileSync(join(caller.directory, "password"), "correct horse battery staple\n", { mode: 0o600 });
  writeFileSync(join(caller.directory, "wrong"), "wrong\n", { mode: 0o600 });
  const env = { PM_PASSWORD: undefined, PM_KEY_FILE: "ci.key" };
  expect(await pm("get web/x token", { env: { ...env, PM_PASSWORD_FILE: "password" } })).toMatchObject({
    exit: 0,
    stdout: `${CANARIES[0]}\n`,
  });
  expect(await pm("get web/x token", { env: { ...env, PM_PASSWORD_FILE: "wrong" } })).toMatchObject({
    exit: 5,
    stdout: "",
  });
  expect(await pm("get web/x token --password-file password", { env })).toMatchObject({ exit: 0 });
});
