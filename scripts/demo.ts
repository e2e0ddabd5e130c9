// The main job in a throwaway folder: each command as it is typed, and what it really prints. Ends with 1
// where anything is not as it must be, and leaves nothing behind.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Step {
  readonly says: string;
  /** What is typed; no word needs a quote. */
  readonly command: string;
  /** One line on standard input. */
  readonly input?: string;
  readonly exit: number;
  readonly stdout: RegExp;
  readonly stderr: RegExp;
}

const NOTHING = /^$/;
const WITH_PASSWORD = "--password-file master.txt";

const STEPS: readonly Step[] = [
  {
    says: "a new vault, its master password from a file",
    command: `pm init ${WITH_PASSWORD}`,
    exit: 0,
    stdout: NOTHING,
    stderr: NOTHING,
  },
  {
    says: "an entry, its password from a pipe",
    command: `pm add web/example username=ada ${WITH_PASSWORD}`,
    input: "kept, never shown",
    exit: 0,
    stdout: NOTHING,
    stderr: NOTHING,
  },
  {
    says: "another, its password drawn by pm",
    command: `pm gen mail/work 24 ${WITH_PASSWORD}`,
    exit: 0,
    stdout: /^\S{24}\n$/,
    stderr: NOTHING,
  },
  {
    says: "one value on stdout, and nothing else",
    command: `pm get web/example ${WITH_PASSWORD}`,
    exit: 0,
    stdout: /^kept, never shown\n$/,
    stderr: NOTHING,
  },
  {
    says: "another field",
    command: `pm get web/example username ${WITH_PASSWORD}`,
    exit: 0,
    stdout: /^ada\n$/,
    stderr: NOTHING,
  },
  {
    says: "what there is",
    command: `pm ls ${WITH_PASSWORD}`,
    exit: 0,
    stdout: /^mail\/work\nweb\/example\n$/,
    stderr: NOTHING,
  },
  {
    says: "a wrong password is refused",
    command: "pm get web/example --password-file wrong.txt",
    exit: 5,
    stdout: NOTHING,
    stderr: /^pm: error: [^\n]+\n(pm: hint: [^\n]+\n)?$/,
  },
];

const PM = fileURLToPath(new URL("../bin/pm.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pm-demo-"));
try {
  writeFileSync(join(folder, "master.txt"), "a demo needs no better password\n", { mode: 0o600 });
  writeFileSync(join(folder, "wrong.txt"), "not the one\n", { mode: 0o600 });
  const failures = STEPS.filter((step) => !isAsItMustBe(step));
  for (const { command } of failures) process.stderr.write(`demo: not as it must be: ${command}\n`);
  if (failures.length > 0) process.exitCode = 1;
  else process.stdout.write("Everything is as it must be; the folder is gone again.\n");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function isAsItMustBe(step: Step): boolean {
  const pipe = step.input === undefined ? "" : `echo '${step.input}' | `;
  process.stdout.write(`# ${step.says}\n$ ${pipe}${step.command}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [PM, ...step.command.split(" ").slice(1)], {
    cwd: folder,
    env: { ...withoutSettings(process.env), PM_HOME: join(folder, "home") },
    input: step.input === undefined ? "" : `${step.input}\n`,
    encoding: "utf8",
  });
  process.stdout.write(`${stdout}${stderr}${status === 0 ? "" : `(exit ${status})\n`}\n`);
  return status === step.exit && step.stdout.test(stdout) && step.stderr.test(stderr);
}

/** The person's own PM_VAULT, PM_PASSWORD and so on have no say here. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PM_")));
}
