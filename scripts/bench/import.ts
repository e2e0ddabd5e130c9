/** An import of many rows into an empty vault, beside `keepassxc-cli import` of the same. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KDF_MS, toXml } from "./keepassxc.ts";
import type { Work } from "./measure.ts";
import { makeVault, type Sample } from "./vaults.ts";

export interface ImportWorks {
  readonly pm: Work;
  /** Undefined where there is no keepassxc-cli. */
  readonly keepassxc: Work | undefined;
}

/**
 * Each run has a copy of one empty vault, made before anything is timed.
 * @param pm the program
 */
export async function importWorks(
  home: string,
  entries: readonly Sample[],
  { pm, runs }: { readonly pm: string; readonly runs: number },
): Promise<ImportWorks> {
  mkdirSync(home);
  const csv = join(home, "entries.csv");
  writeFileSync(csv, toCsv(entries));
  const empty = join(home, "empty");
  mkdirSync(empty);
  const { token } = await makeVault(empty, []);
  const homeOf = (run: number | string): string => join(home, `run ${run}`);
  for (const run of [...Array(runs + 2).keys()].map((n) => n - 1))
    cpSync(empty, homeOf(run), { recursive: true });
  const name = entries.length.toLocaleString("en");
  return {
    pm: {
      name: `pm import, ${name} rows`,
      file: process.execPath,
      args: (run) => [pm, "import", csv, "--vault", join(homeOf(run), "data", "vault.pm")],
      env: { PM_HOME: join(home, "state"), HOME: home, PM_KEY: token },
    },
    keepassxc: keepassxcWork(`keepassxc-cli import, ${name}`, home, entries),
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
function keepassxcWork(name: string, home: string, entries: readonly Sample[]): Work | undefined {
  if (spawnSync("keepassxc-cli", ["--version"]).status !== 0) return undefined;
  const xml = join(home, "entries.xml");
  writeFileSync(xml, toXml(entries));
  const options = ["--set-key-file", join(home, "entries.key"), "--decryption-time", String(KDF_MS)];
  return {
    name,
    file: "keepassxc-cli",
    args: (run) => ["import", "--quiet", ...options, xml, join(home, `${run}.kdbx`)],
  };
}
