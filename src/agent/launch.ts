/** Starting the agent as a process of its own, and waiting until it answers. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { PmError } from "../core/errors.ts";
import { errnoOf } from "../node/io-error.ts";
import { ownCommand } from "../node/own-process.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What paths.ts reads, and what a program needs to run. Nothing that holds a secret, nothing that steers Node. */
const ENVIRONMENT =
  "PM_HOME HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_RUNTIME_DIR " +
  "PATH LANG LC_ALL LC_CTYPE TMPDIR " +
  "APPDATA LOCALAPPDATA USERPROFILE SystemRoot windir TEMP TMP";

/**
 * Without the first, `kill -USR1` opens a debugger in the process; a report of a crash shows the environment;
 * and the agent has no use for texts that become code.
 */
const FLAGS = ["--disable-sigusr1", "--report-exclude-env", "--disallow-code-generation-from-strings"];

/** An argument of main.ts: it does not end by itself, and says what goes wrong on stderr. */
const STAY = "--stay";

/** Ends where it is, for ever: what it says on the descriptor is short. */
const MAX_REPORT_CHARS = 4096;
/** A memory image of the agent holds the keys. */
const SHELL = ["-c", 'ulimit -c 0; exec "$0" "$@"'];

/** Returns when the agent answers, this one or another that was first. @throws PmError "unavailable" */
export async function launchAgent(env: Env): Promise<void> {
  const [file, args] = command();
  const child = spawn(file, args, {
    cwd: process.platform === "win32" ? undefined : "/",
    env: agentEnvironment(env),
    detached: true,
    windowsHide: true,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  child.unref();
  const report = await readReport(child);
  if (report === "ready") return;
  throw new PmError("unavailable", `the agent did not start${report === "" ? "" : `: ${report}`}`, {
    hint: "pm --no-agent works without it",
  });
}

/**
 * Makes this process the agent, which then stays also without a key: for a service manager, whose process it
 * remains. @throws PmError "unavailable" where a process can't be replaced
 */
export function replaceByAgent(env: Env): never {
  if (process.platform === "win32") {
    throw new PmError("unavailable", "no process can become the agent on Windows", {
      hint: "pm agent start",
    });
  }
  const [file, args] = command(STAY);
  const environment = agentEnvironment(env);
  process.chdir("/");
  process.execve?.(file, [file, ...args], environment);
  throw new PmError("unavailable", "this version of Node can't replace the process", {
    hint: "pm agent start",
  });
}

function command(...options: readonly string[]): readonly [file: string, args: readonly string[]] {
  const { file, args } = ownCommand("agent", { flags: FLAGS, args: options });
  return process.platform === "win32" ? [file, args] : ["/bin/sh", [...SHELL, file, ...args]];
}

function agentEnvironment(env: Env): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const name of ENVIRONMENT.split(" ")) {
    const value = env[name];
    if (value !== undefined) allowed[name] = value;
  }
  // The agent works in another folder.
  if (env["PM_HOME"]) allowed["PM_HOME"] = resolve(env["PM_HOME"]);
  return allowed;
}

/** What it says before it closes the descriptor: "ready", or why not. */
function readReport(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((done) => {
    const pipe = child.stdio[3];
    let text = "";
    child.once("error", (error) => done(errnoOf(error) ?? "it can't be run"));
    pipe?.on("error", () => done(text));
    pipe?.on("data", (chunk: Uint8Array) => {
      text = `${text}${new TextDecoder().decode(chunk)}`.slice(0, MAX_REPORT_CHARS);
    });
    pipe?.once("close", () => done(text.trim()));
  });
}
