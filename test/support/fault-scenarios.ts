/** Commands that change the vault as a whole, and what must hold after any of their calls has failed. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { type Credentials, parseToken } from "../../src/core/vault/credentials.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { openVault } from "../../src/node/local-session.ts";
import { fixture } from "../node/fixtures/run.ts";
import { type Fault, type FaultRun, type Program } from "./faults.ts";
import { createHome, type Home, openOptions, PASSWORD } from "./home.ts";
import { pmEnvironment } from "./process.ts";

const NEW_PASSWORD = "another good long sentence";

export interface FaultScenario {
  readonly program: Program;
  /** Puts everything back as it was before the first run. */
  reset(): void;
  /** The rules of a run, and of the next command after it. */
  check(run: FaultRun, fault: Fault): Promise<void>;
}

export type FaultName = "rekey" | "merge" | "restore";

/** A vault of "a" and "c", its .bak of "a", and a copy of "a" and "b". */
export async function createScenario(name: FaultName): Promise<FaultScenario> {
  const home = await createHome();
  const files = { other: join(home.directory, "other.pm"), keys: join(home.directory, "keys.txt") };
  await add(openOptions(home), "a");
  cpSync(home.vault, files.other);
  await add({ ...openOptions(home), path: files.other, stateDir: join(home.directory, "elsewhere") }, "b");
  await add(openOptions(home), "c");
  writeFileSync(join(home.directory, "new.txt"), NEW_PASSWORD, { mode: 0o600 });
  const template = `${home.directory}-template`;
  cpSync(home.directory, template, { recursive: true });
  const reset = (): void => {
    rmSync(home.directory, { recursive: true });
    cpSync(template, home.directory, { recursive: true });
  };
  const env = pmEnvironment({ home: home.directory, env: { PM_PASSWORD: PASSWORD } });
  const program = { argv: [process.execPath, ...argvOf(name, home, files)], env };
  const check = (run: FaultRun, fault: Fault): Promise<void> =>
    name === "rekey" ? checkRekey(home, files.keys, { run, fault }) : checkCopied(home, name, { run, fault });
  return { program, reset, check };
}

function argvOf(name: FaultName, home: Home, files: { other: string; keys: string }): readonly string[] {
  const pm = fixture("cheap-pm");
  if (name === "rekey") {
    const sources = ["--new-password-file", join(home.directory, "new.txt"), "-o", files.keys];
    return [pm, "rekey", "-y", "--json", ...sources];
  }
  if (name === "merge") return [pm, "merge", files.other];
  const state = join(home.directory, "state");
  return [fixture("copy-change"), name, home.vault, state, files.other, home.token];
}

type Options = Parameters<typeof openVault>[0];

async function add(options: Options, path: string): Promise<void> {
  using session = await openVault(options);
  const fields = [{ name: "password", text: "x", encoding: "utf8", concealed: true } as const];
  await session.edit([
    { kind: "create", path, type: "login", fields, tags: [], meta: {}, existing: "refuse" },
  ]);
}

interface Judged {
  readonly run: FaultRun;
  readonly fault: Fault;
}

/** Whether the call says what it did: success and "saved" with the new file, else an error. */
function checkWords({ run, fault }: Judged, isNew: boolean): void {
  const { exit, stderr } = run;
  if (fault === "kill") {
    // What came after the last call can't be killed.
    expect([0, "SIGKILL"]).toContain(exit);
    if (exit === 0) expect(isNew).toBe(true);
    return;
  }
  expect({ isNew, exit, stderr }).toMatchObject({ exit: isNew ? 0 : expect.any(Number) });
  if (isNew) return expect(stderr).toMatch(/^(?:.*saved.*\n)*$/);
  expect(exit).not.toBe(0);
  expect(stderr).toContain("nothing was changed");
}

async function checkRekey(home: Home, keys: string, judged: Judged): Promise<void> {
  const withOld = { password: utf8(PASSWORD) };
  const withNew = { password: utf8(NEW_PASSWORD) };
  const isNew = (await namesIn(home, home.vault, withNew)) !== undefined;
  const credentials = isNew ? withNew : withOld;
  expect(await namesIn(home, home.vault, isNew ? withOld : withNew)).toBe(undefined);
  expect(await namesIn(home, home.vault, credentials)).toEqual(["a", "c"]);
  const backup = `${home.vault}.bak`;
  // It is replaced first: no old key must open it once the vault has new ones.
  const opened = [await namesIn(home, backup, withNew), await namesIn(home, backup, withOld)];
  if (isNew) expect(opened).toEqual([["a", "c"], undefined]);
  else expect(opened.filter((names) => names !== undefined).length).toBe(1);
  checkWords(judged, isNew);
  if (isNew) {
    // Whoever has the new vault has its keys.
    const token = /^machine\ttest\t(.+)\n$/.exec(readFileSync(keys, "utf8"))?.[1] ?? "";
    expect(await namesIn(home, home.vault, tokenOf(token))).toEqual(["a", "c"]);
  } else if (judged.fault !== "kill" && !/unlink/.test(judged.run.hit ?? "")) {
    expect(existsSync(keys)).toBe(false);
  }
  await checkNext(home, credentials, ["a", "c"]);
}

async function checkCopied(home: Home, name: "merge" | "restore", judged: Judged): Promise<void> {
  const credentials = tokenOf(home.token);
  const names = (await namesIn(home, home.vault, credentials)) ?? [];
  const isNew = names.includes("b");
  const wanted = name === "merge" ? ["a", "b", "c"] : ["a", "b"];
  expect(names).toEqual(isNew ? wanted : ["a", "c"]);
  const backup = (await namesIn(home, `${home.vault}.bak`, credentials)) ?? [];
  expect(isNew ? [["a", "c"]] : [["a"], ["a", "c"]]).toContainEqual(backup);
  checkWords(judged, isNew);
  await checkNext(home, credentials, names);
}

/** What a fault left stands in nobody's way, and the local state knows the vault that is there. */
async function checkNext(home: Home, credentials: Credentials, names: readonly string[]): Promise<void> {
  const warnings: string[] = [];
  const options = { ...openOptions(home), lockTimeoutMs: 2000, warn: (text: string) => warnings.push(text) };
  await add({ ...options, credentials: copyOf(credentials) }, "z");
  expect(await namesIn(home, home.vault, credentials)).toEqual([...names, "z"]);
  expect(warnings).toEqual([]);
}

function tokenOf(text: string): Credentials {
  return { token: parseToken(nativeBackend, text).secret };
}

function copyOf(credentials: Credentials): Credentials {
  return Object.fromEntries(Object.entries(credentials).map(([key, value]) => [key, value.slice()]));
}

/** The names in a file that is whole; undefined where these credentials don't open it. */
async function namesIn(
  home: Home,
  path: string,
  credentials: Credentials,
): Promise<readonly string[] | undefined> {
  // Only the vault itself is held against the local state.
  const stateDir = path === home.vault ? join(home.directory, "state") : join(home.directory, "none");
  let session: VaultSession;
  try {
    session = await openVault({ ...openOptions(home), path, stateDir, credentials: copyOf(credentials) });
  } catch (error) {
    if (hasCode(error, "auth")) return undefined;
    throw error;
  }
  using open = session;
  await open.verify();
  return (await open.list({})).map((row) => row.path);
}
