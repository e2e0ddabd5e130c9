/** Which modules the quick calls may load, and that those of the quickest are one file: the time to start is theirs. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endAgentAfterTest, WITH_AGENT } from "./support/agent.ts";
import { PM, pmEnvironment } from "./support/process.ts";

const SOURCES = fileURLToPath(new URL("support/pm-from-sources.ts", import.meta.url));
const TRACE = new URL("support/trace-modules.ts", import.meta.url).href;
const ROOT = new URL("..", import.meta.url).href;
const PASSWORD = "correct horse battery staple";

let home = "";
let machineKey = "";

function pm(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string; program?: readonly string[] } = {},
): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...(options.program ?? [PM]), ...args], {
    cwd: home,
    env: pmEnvironment({ home, env: options.env ?? {} }),
    input: options.input ?? "",
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`pm ${args.join(" ")}: exit ${status}: ${stderr}`);
  return stdout;
}

/** Files of pm from its folder on, and names of everything else, in the order in which they are loaded. */
function modulesOf(
  args: readonly string[],
  env: Record<string, string> = {},
  program: string = SOURCES,
): readonly string[] {
  const file = join(home, "trace");
  pm(args, { env: { ...env, TRACE_FILE: file }, program: ["--import", TRACE, program] });
  return readFileSync(file, "utf8")
    .split("\n")
    .map((url) => url.replace(ROOT, ""));
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "pm-startup-"));
  const env = { PM_PASSWORD: PASSWORD };
  pm(["init", "--kdf", "constrained"], { env });
  pm(["add", "a"], { env, input: "secret" });
  pm(["otp", "a", "--set"], { env, input: "JBSWY3DPEHPK3PXP" }); // not-a-secret
  machineKey = pm(["key", "add", "machine"], { env }).trim();
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What costs more than the rest together, or is only for calls that go wrong. */
const HEAVY =
  /node_modules\/|program\.ts|exit\.ts|usage\.ts|cli\/gen\/|node:(child_process|net|http|https|tls|readline|worker_threads|url)$/;

/** A value that goes to a pipe needs none of these. */
const FOR_PEOPLE = /cli\/(escape|style|progress|ask)\.ts|node\/(prompt|terminal)\.ts|node\/clipboard\//;

/** For changing a vault. */
const FOR_CHANGES =
  /core\/vault\/(apply|draft|edit|history|revision|root|slot-book|verify)\.ts|node\/(vault-rewrite|durable-save|verified-write|lock|user-file)\.ts/;

/** For a vault only. */
const FOR_VAULTS =
  /core\/vault\/|core\/crypto\/(?!kdf)|cli\/(vault-access|credentials|stdin)\.ts|node:crypto/;

describe.each<[line: string, limit: number, without: readonly RegExp[]]>([
  ["--version", 12, [HEAVY, FOR_PEOPLE, FOR_VAULTS, /context\.ts/]],
  ["gen", 28, [HEAVY, FOR_PEOPLE, FOR_VAULTS]],
  ["get a", 64, [HEAVY, FOR_PEOPLE, FOR_CHANGES, /node:https?$|noble/]],
])("pm %s", (line, limit, without) => {
  const trace = (): readonly string[] => modulesOf(line.split(" "), { PM_KEY: machineKey });

  test(`loads at most ${limit} files`, () => {
    const files = trace().filter((module) => !module.startsWith("node:"));
    expect(files).toContain("src/cli/main.ts");
    expect(files.slice(limit)).toEqual([]);
  });

  test("loads nothing heavy, and nothing for other calls", () => {
    const modules = trace();
    expect(modules.filter((module) => without.some((pattern) => pattern.test(module)))).toEqual([]);
  });
});

/** For opening a vault, which the agent has done. */
const FOR_OPENING =
  /core\/crypto\/(?!sha256|sha1)|core\/vault\/(?!model|names|types|find-field)|cli\/(vault-access|agent-unlock|credentials|stdin)\.ts|node:crypto|agent\/(launch|requests|shape)\.ts/;

test("through the agent pm get and pm otp load few files, nothing heavy, and nothing that opens a vault", () => {
  endAgentAfterTest(home);
  pm(["unlock"], { env: { ...WITH_AGENT, PM_PASSWORD: PASSWORD } });
  for (const [command, limit] of [
    ["get", 35],
    ["otp", 37],
  ] as const) {
    const modules = modulesOf([command, "a"], WITH_AGENT);
    const files = modules.filter((module) => !module.startsWith("node:"));
    expect(files).toContain("src/agent/client.ts");
    expect(files.slice(limit)).toEqual([]);
    const without = [HEAVY, FOR_PEOPLE, FOR_CHANGES, FOR_OPENING];
    expect(modules.filter((module) => without.some((pattern) => pattern.test(module)))).toEqual([]);
  }
  const installed = modulesOf(["get", "a"], WITH_AGENT, PM).filter((module) => !module.startsWith("node:"));
  expect(installed).toEqual([
    "bin/pm.js",
    "dist/cli/main.cjs",
    "dist/chunks/get.cjs",
    "dist/chunks/rolldown-runtime.cjs",
    "dist/node/io-process.cjs",
  ]);
});

describe("the entry file", () => {
  test("is a sentence and exit 1 on a Node that is too old", () => {
    const pretend = `Object.defineProperty(process, "versions", { value: { node: "20.11.1" } })`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, PM, "--version"],
      { encoding: "utf8", env: pmEnvironment({ home }) },
    );
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toMatch(/^pm: error: pm needs Node\.js [^\n]*20\.11\.1\n$/);
  });

  test("has only syntax that an old Node can read", () => {
    const source = readFileSync(fileURLToPath(new URL("../bin/pm.js", import.meta.url)), "utf8");
    expect(source).toMatch(/^#!\/usr\/bin\/env -S node --\n/);
    expect(source).not.toMatch(/^import |\?\.|\?\?|=>|`|async|await/m);
  });
});
