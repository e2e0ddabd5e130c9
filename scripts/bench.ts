// Prints how long pm takes, as ratios to other processes measured in the same run. For people: nothing
// fails here. `npm run bench -- --runs 15 --sizes 1000,10000`
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { KDF_PROFILES } from "../src/core/crypto/kdf.ts";
import { agentFacts, getThroughAgent, withAgent } from "./bench/agent.ts";
import { attachmentRows } from "./bench/attachments.ts";
import { importRows } from "./bench/import.ts";
import { showWork } from "./bench/keepassxc.ts";
import { medians, peakMemory, type Work } from "./bench/measure.ts";
import { passStore } from "./bench/pass.ts";
import { type BenchVault, makeVault, type Sample, samples } from "./bench/vaults.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "9" },
    sizes: { type: "string", default: "1000,10000,100000" },
  },
});
const SIZES = values.sizes.split(",").map(Number);
const PM = fileURLToPath(new URL("../bin/pm.js", import.meta.url));

const PEAK_LIMIT_MB = 400;
const AGENT_ENTRIES = 10_000;
const AGENT_LIMIT_MB = 150;
const MIN_GETS_PER_SECOND = 2000;
const REFERENCES = 200;
const EMPTY = "node, an empty script";
const ARGON2 = "Argon2id alone, in node";

interface Row {
  readonly what: string;
  readonly ms: number;
  readonly compare: string;
  readonly ratio: number;
  /** The limit that design and documentation promise, where there is one. */
  readonly limit?: number;
}

interface Sized {
  readonly size: number;
  readonly withPassword: Work;
  readonly withKey: Work;
  readonly add: Work;
  readonly keepassxc: Work | undefined;
}

const folder = mkdtempSync(join(tmpdir(), "pm-bench-"));
try {
  await bench();
  await benchAgent();
  print(await attachmentRows(folder, Number(values.runs)));
  print(await importRows(folder, Number(values.runs)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const version = pm("pm --version", ["--version"], { PM_HOME: folder });
  const gen = pm("pm gen", ["gen"], { PM_HOME: folder });
  const sized: Sized[] = [];
  for (const size of SIZES) sized.push(await sizedWorks(size));
  const ofSizes = sized.flatMap(({ withPassword, withKey, add, keepassxc }) => [
    withPassword,
    withKey,
    add,
    ...(keepassxc === undefined ? [] : [keepassxc]),
  ]);
  const times = medians([script(EMPTY, ""), argon2(), version, gen, ...ofSizes], Number(values.runs));
  print(rows(times, [version, gen], sized));
  process.stdout.write(`peak memory (limit ${PEAK_LIMIT_MB} MB with 100,000 entries)\n`);
  for (const work of sized.flatMap(({ withPassword, withKey, add }) => [withPassword, withKey, add])) {
    const megabytes = peakMemory(work, Number(values.runs) + 1) / 1e6;
    process.stdout.write(`${work.name.padEnd(46)} ${megabytes.toFixed(0).padStart(8)} MB at most\n`);
  }
}

function rows(times: ReadonlyMap<string, number>, plain: readonly Work[], sized: readonly Sized[]): Row[] {
  const ms = (name: string): number => times.get(name) ?? Number.NaN;
  const row = (work: Work, compare: string, base: number, limit?: number): Row => ({
    what: work.name,
    ms: ms(work.name),
    compare,
    ratio: ms(work.name) / base,
    ...(limit === undefined ? {} : { limit }),
  });
  const toEmpty = (work: Work, limit?: number): Row => row(work, EMPTY, ms(EMPTY), limit);
  const result = [
    { what: EMPTY, ms: ms(EMPTY), compare: "", ratio: 1 },
    { what: ARGON2, ms: ms(ARGON2), compare: "", ratio: ms(ARGON2) / ms(EMPTY) },
    ...plain.map((work) => toEmpty(work, work.name === "pm gen" ? 2 : undefined)),
  ];
  const [smallest] = sized;
  for (const { withPassword, withKey, add, keepassxc, size } of sized) {
    const unlocked = `${ARGON2} + ${EMPTY}`;
    result.push(row(withPassword, unlocked, ms(ARGON2) + ms(EMPTY), size === 1000 ? 1.5 : undefined));
    result.push(toEmpty(withKey), toEmpty(add));
    if (keepassxc !== undefined)
      result.push(row(withKey, keepassxc.name, ms(keepassxc.name), size >= 10_000 ? 0.5 : undefined));
    if (smallest !== undefined && smallest.size < size) {
      result.push(row(withKey, smallest.withKey.name, ms(smallest.withKey.name), 10));
    }
  }
  return result;
}

function print(table: readonly Row[]): void {
  for (const { what, ms, compare, ratio, limit } of table) {
    const text = `${what.padEnd(46)} ${ms.toFixed(1).padStart(8)} ms ${ratio.toFixed(2).padStart(7)}x ${compare}`;
    process.stdout.write(limit === undefined ? `${text}\n` : `${text} (limit ${limit}x)\n`);
  }
}

/** What the agent makes quick, beside `pass` with a warm gpg-agent on the same entries. */
async function benchAgent(): Promise<void> {
  const home = join(folder, "agent");
  mkdirSync(home);
  const entries = samples(AGENT_ENTRIES);
  const vault = await makeVault(home, entries);
  const get = getThroughAgent(vault, "pm get, agent unlocked");
  const run = runWork(vault, entries.slice(0, REFERENCES));
  using pass = passStore(entries.slice(0, REFERENCES));
  await withAgent(vault, async (client) => {
    const works = [script(EMPTY, ""), get, run, ...(pass === undefined ? [] : [pass.show])];
    const times = medians(works, Number(values.runs));
    const ms = (name: string): number => times.get(name) ?? Number.NaN;
    const row = (work: Work, compare: string, base: number): Row => ({
      what: work.name,
      ms: ms(work.name),
      compare,
      ratio: ms(work.name) / base,
    });
    const table = [{ ...row(get, EMPTY, ms(EMPTY)), limit: 2 }, row(run, EMPTY, ms(EMPTY))];
    if (pass !== undefined) {
      const { name } = pass.show;
      table.push(row(pass.show, EMPTY, ms(EMPTY)), row(get, name, ms(name)));
      table.push({ ...row(run, `${REFERENCES} times ${name}`, REFERENCES * ms(name)), limit: 0.1 });
    }
    print(table);
    const { residentBytes, getsPerSecond, idleMs } = await agentFacts(vault, client, 2 * MIN_GETS_PER_SECOND);
    process.stdout.write(`agent with ${AGENT_ENTRIES.toLocaleString("en")} entries:
  resident memory    ${(residentBytes / 1e6).toFixed(0)} MB (limit ${AGENT_LIMIT_MB} MB)
  gets a second      ${getsPerSecond.toFixed(0)} on one connection (at least ${MIN_GETS_PER_SECOND})
  processor time     ${idleMs} ms in 3 s without a request (limit 0 ms)
`);
  });
}

function runWork(vault: BenchVault, entries: readonly Sample[]): Work {
  const file = join(folder, "references.env");
  writeFileSync(file, entries.map(({ path }, n) => `SECRET_${n}=pm://${path}/password\n`).join(""));
  return pm(`pm run, ${entries.length} references`, ["run", "--env-file", file, "--", "true"], vault.env);
}

async function sizedWorks(size: number): Promise<Sized> {
  const home = join(folder, String(size));
  mkdirSync(home);
  const entries = samples(size);
  const vault = await makeVault(home, entries);
  const name = size.toLocaleString("en");
  return {
    size,
    withPassword: getWork(vault, `pm get with password, ${name}`, { PM_PASSWORD_FILE: vault.passwordFile }),
    withKey: getWork(vault, `pm get with machine key, ${name}`, { PM_KEY: vault.token }),
    add: {
      ...pm(`pm add with machine key, ${name}`, [], { ...vault.env, PM_KEY: vault.token }),
      args: (run) => [PM, "add", `added ${run}`],
      input: "a value\n",
    },
    keepassxc: showWork(`keepassxc-cli show, ${name}`, home, entries),
  };
}

function getWork(vault: BenchVault, name: string, credential: Readonly<Record<string, string>>): Work {
  return pm(name, ["get", vault.entry], { ...vault.env, ...credential });
}

function pm(name: string, args: readonly string[], env: Readonly<Record<string, string>>): Work {
  return { name, file: process.execPath, args: () => [PM, ...args], env };
}

function script(name: string, source: string): Work {
  const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.mjs`);
  writeFileSync(path, source);
  return { name, file: process.execPath, args: () => [path] };
}

function argon2(): Work {
  const { memoryKiB: memory, passes, lanes: parallelism } = KDF_PROFILES.interactive;
  const parameters = JSON.stringify({ message: "password", memory, passes, parallelism, tagLength: 32 });
  const source = `import { argon2Sync } from "node:crypto";
const started = performance.now();
argon2Sync("argon2id", { ...${parameters}, nonce: Buffer.alloc(32) });
console.log(performance.now() - started);`;
  return { ...script(ARGON2, source), printsTime: true };
}
