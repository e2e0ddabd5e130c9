/** `pm audit` of a large vault: of passwords as pm makes them, and with some as people do. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { medians, peakMemory, type Work } from "./measure.ts";
import { type BenchVault, makeVault, type Sample, samples } from "./vaults.ts";

const PM = fileURLToPath(new URL("../../bin/pm.js", import.meta.url));
const ENTRIES = 10_000;
const LIMIT_MS = 3000;
const CHOSEN_BY_PEOPLE = 500;
const WORDS = ["sunshine", "Dragon", "monkey", "Berlin", "P4ssw0rd", "summer", "charlie", "football"];

/** Prints the times, and the memory at most. */
export async function benchAudit(folder: string, runs: number): Promise<void> {
  const made = samples(ENTRIES);
  const mixed = made.map((one, at) => (at < CHOSEN_BY_PEOPLE ? { ...one, password: chosen(at) } : one));
  const clean = auditWork(await vaultOf(join(folder, "audit"), made));
  const vault = await vaultOf(join(folder, "audit-mixed"), mixed);
  const works = [
    clean,
    findingWork(vault, `the same, ${CHOSEN_BY_PEOPLE} of them as people choose them`),
    findingWork(vault, "these with --min-score 4", ["--min-score", "4"]),
  ];
  const times = medians(works, runs);
  for (const { name } of works) {
    const ms = (times.get(name) ?? Number.NaN).toFixed(1);
    process.stdout.write(`${name.padEnd(46)} ${ms.padStart(8)} ms (limit ${LIMIT_MS} ms)\n`);
  }
  const megabytes = peakMemory(clean, runs + 1) / 1e6;
  process.stdout.write(`${clean.name.padEnd(46)} ${megabytes.toFixed(0).padStart(8)} MB at most\n`);
}

function chosen(at: number): string {
  return `${WORDS[at % WORDS.length]}${1900 + (at % 126)}${at % 3 === 0 ? "!" : at}`;
}

async function vaultOf(home: string, entries: readonly Sample[]): Promise<BenchVault> {
  mkdirSync(home);
  return await makeVault(home, entries);
}

function auditWork({ env, token }: BenchVault): Work {
  const name = `pm audit, ${ENTRIES.toLocaleString("en")} generated`;
  return { name, file: process.execPath, args: () => [PM, "audit"], env: { ...env, PM_KEY: token } };
}

/** Something is found there, which is exit 11. */
function findingWork({ env, token }: BenchVault, name: string, options: readonly string[] = []): Work {
  const script = '"$0" "$@" >/dev/null 2>&1; test $? = 11';
  const args = (): string[] => ["-c", script, process.execPath, PM, "audit", ...options];
  return { name, file: "sh", args, env: { ...env, PM_KEY: token } };
}
