/** Commands that change the vault as a whole, and what must hold after any of their calls has failed. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { type ErrorCode, hasCode, PmError } from "../../src/core/errors.ts";
import { type Credentials, parseToken } from "../../src/core/vault/credentials.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { openVault } from "../../src/node/local-session.ts";
import { fixture } from "../node/fixtures/run.ts";
import { type Fault, type FaultRun, type Program } from "./faults.ts";
import { createHome, type Home, openOptions, PASSWORD } from "./home.ts";
import { pmEnvironment, temporaryDirectory } from "./process.ts";
import { runProgram } from "./shell.ts";

const NEW_PASSWORD = "another good long sentence";

export interface FaultScenario {
  readonly program: Program;
  /** Puts everything back as it was before the first run. */
  reset(): void;
  /** The rules of a run, and of the next command after it. */
  check(run: FaultRun, fault: Fault): Promise<void>;
}

export const FAULT_NAMES = ["rekey", "merge", "restore", "replace", "place"] as const;
/** "replace" and "place" are `pm restore` where the vault is damaged, and where there is none. */
export type FaultName = (typeof FAULT_NAMES)[number];

/** A vault of "a" and "c", its .bak of "a", and a copy of "a" and "b". */
export async function createScenario(name: FaultName): Promise<FaultScenario> {
  const home = await createHome();
  const files = { other: join(home.directory, "other.pm"), keys: join(home.directory, "keys.txt") };
  await add(openOptions(home), "a");
  cpSync(home.vault, files.other);
  await add({ ...openOptions(home), path: files.other, stateDir: join(home.directory, "elsewhere") }, "b");
  await add(openOptions(home), "c");
  writeFileSync(join(home.directory, "new.txt"), NEW_PASSWORD, { mode: 0o600 });
  if (name === "replace") damage(home.vault);
  if (name === "place") rmSync(home.vault);
  const template = join(temporaryDirectory(), "template");
  cpSync(home.directory, template, { recursive: true });
  const reset = (): void => {
    rmSync(home.directory, { recursive: true });
    cpSync(template, home.directory, { recursive: true });
  };
  const env = pmEnvironment({ home: home.directory, env: { PM_PASSWORD: PASSWORD } });
  const program = { argv: [process.execPath, ...argvOf(name, home, files)], env };
  const check = async (run: FaultRun, fault: Fault): Promise<void> => {
    const judged = { run, fault };
    if (name === "rekey") await checkRekey(home, files.keys, judged);
    else if (name === "merge" || name === "restore") await checkCopied(home, name, judged);
    else await checkReplaced(home, { other: files.other, template, program }, judged);
  };
  return { program, reset, check };
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(path, bytes);
}

function argvOf(name: FaultName, home: Home, files: { other: string; keys: string }): readonly string[] {
  const pm = fixture("cheap-pm");
  if (name === "rekey") {
    const sources = ["--new-password-file", join(home.directory, "new.txt"), "-o", files.keys];
    return [pm, "rekey", "-y", "--json", ...sources];
  }
  if (name === "merge") return [pm, "merge", files.other];
  return [pm, "restore", "-y", ...(name === "replace" ? ["--force"] : []), files.other];
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
  if (isNew) return expect(stderr).toMatch(/^(?:.*(?:saved|in place, but).*\n)*$/);
  expect(exit).not.toBe(0);
  expect(stderr).toMatch(/nothing was changed|can't create the folder/);
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

/** The copy as a whole in the place of the vault, or what was there; then the same command again does it. */
async function checkReplaced(
  home: Home,
  { other, template, program }: { other: string; template: string; program: Program },
  judged: Judged,
): Promise<void> {
  const before = bytesOf(join(template, "data", "vault.pm"));
  const after = bytesOf(home.vault);
  const isNew = after === bytesOf(other);
  if (!isNew) expect(after).toBe(before);
  checkWords(judged, isNew);
  if (!isNew) {
    const [node = "", ...args] = program.argv;
    const { exit, stderr } = await runProgram([node, ...args], { env: program.env });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(bytesOf(home.vault)).toBe(bytesOf(other));
  }
  const damaged = readdirSync(join(home.vault, "..")).filter((file) => file.startsWith("vault.pm.damaged-"));
  expect(damaged.map((file) => bytesOf(join(home.vault, "..", file)))).toEqual(
    before === undefined ? [] : [before],
  );
  // Cut off before the local state knew of it, this is what the next command's hint says.
  const options = { ...openOptions(home), credentials: tokenOf(home.token) };
  if ((await refusal(options)) === "rollback")
    (await openVault({ ...options, acceptRollback: true }))[Symbol.dispose]();
  await checkNext(home, tokenOf(home.token), ["a", "b"]);
}

async function refusal(options: Options): Promise<ErrorCode | undefined> {
  try {
    using session = await openVault({ ...options, credentials: copyOf(options.credentials) });
    await session.list({});
    return undefined;
  } catch (error) {
    if (error instanceof PmError) return error.code;
    throw error;
  }
}

/** Enough to tell files apart, and short in a failure. */
function bytesOf(path: string): string | undefined {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;
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
