/** An import of many rows into an empty vault, beside `keepassxc-cli import` of the same, where it is installed. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KDF_MS, toXml } from "./keepassxc.ts";
import { medians, peakMemory, type Work } from "./measure.ts";
import { makeVault, type Sample, samples } from "./vaults.ts";

const PM = fileURLToPath(new URL("../../bin/pm.js", import.meta.url));
const ROWS = 10_000;
const LIMIT = 1;
const PEAK_LIMIT_MB = 300;
/** The runs of a work begin with one to warm up; one more has its memory measured. */
const FIRST_RUN = -1;

export interface ImportRow {
  readonly what: string;
  readonly ms: number;
  readonly compare: string;
  readonly ratio: number;
  readonly limit: number;
}

/** The row of the table; the peak of memory is printed at once. */
export async function importRows(folder: string, runs: number): Promise<readonly ImportRow[]> {
  const home = join(folder, "import");
  mkdirSync(home);
  const entries = samples(ROWS);
  const work = await pmWork(home, entries, runs);
  const keepassxc = keepassxcWork(home, entries);
  const times = medians([work, ...(keepassxc === undefined ? [] : [keepassxc])], runs);
  const ms = times.get(work.name) ?? Number.NaN;
  const base = times.get(keepassxc?.name ?? "") ?? Number.NaN;
  const megabytes = (peakMemory(work, runs) / 1e6).toFixed(0).padStart(8);
  process.stdout.write(`${work.name.padEnd(46)} ${megabytes} MB at most (limit ${PEAK_LIMIT_MB} MB)\n`);
  return [{ what: work.name, ms, compare: keepassxc?.name ?? "", ratio: ms / base, limit: LIMIT }];
}

/** Each run has a copy of one empty vault, made before anything is timed. */
async function pmWork(home: string, entries: readonly Sample[], runs: number): Promise<Work> {
  const csv = join(home, "entries.csv");
  writeFileSync(csv, toCsv(entries));
  const empty = join(home, "empty");
  mkdirSync(empty);
  const { token } = await makeVault(empty, []);
  const homeOf = (run: number): string => join(home, `run ${run}`);
  for (let run = FIRST_RUN; run <= runs; run++) cpSync(empty, homeOf(run), { recursive: true });
  return {
    name: `pm import, ${entries.length.toLocaleString("en")} rows`,
    file: process.execPath,
    args: (run) => [PM, "import", csv, "--vault", join(homeOf(run), "data", "vault.pm")],
    env: { PM_HOME: join(home, "state"), HOME: home, PM_KEY: token },
  };
}

/** As KeePassXC exports them: folders and titles apart. */
function toCsv(entries: readonly Sample[]): string {
  const rows = entries.map(({ path, username, password, url }) => {
    const [folder = "", title = ""] = path.split("/");
    return [`Root/${folder}`, title, username, password, url, ""].map((cell) => `"${cell}"`).join(",");
  });
  return `"Group","Title","Username","Password","URL","Notes"\n${rows.join("\n")}\n`;
}

/** The same rows as the XML that it reads, into a database that only a key file opens. */
function keepassxcWork(home: string, entries: readonly Sample[]): Work | undefined {
  if (spawnSync("keepassxc-cli", ["--version"]).status !== 0) return undefined;
  const xml = join(home, "entries.xml");
  writeFileSync(xml, toXml(entries));
  const options = ["--set-key-file", join(home, "entries.key"), "--decryption-time", String(KDF_MS)];
  return {
    name: `keepassxc-cli import, ${entries.length.toLocaleString("en")}`,
    file: "keepassxc-cli",
    args: (run) => ["import", "--quiet", ...options, xml, join(home, `${run}.kdbx`)],
  };
}
