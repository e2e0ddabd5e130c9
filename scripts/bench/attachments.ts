/** A vault with attachments beside one without: `pm get` of a password is to cost the same. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { medians, type Work } from "./measure.ts";
import { type BenchVault, makeVault, samples } from "./vaults.ts";

const PM = fileURLToPath(new URL("../../bin/pm.js", import.meta.url));
const ENTRIES = 1000;
const FILES = 3;
const FILE_BYTES = 10_000_000;
/** Beyond the noise of two medians. */
const LIMIT = 1.1;

export interface AttachmentRow {
  readonly what: string;
  readonly ms: number;
  readonly compare: string;
  readonly ratio: number;
  readonly limit?: number;
}

/** Both vaults in one run, in turns. */
export async function attachmentRows(folder: string, runs: number): Promise<readonly AttachmentRow[]> {
  const without = await vaultIn(join(folder, "without attachments"), 0);
  const held = await vaultIn(join(folder, "with attachments"), FILES);
  const megabytes = (FILES * FILE_BYTES) / 1e6;
  const get = work("pm get, 1,000 entries", without, ["get", without.entry]);
  const getHeld = work(`the same beside ${megabytes} MB of attachments`, held, ["get", held.entry]);
  const add = adding("pm add, 1,000 entries", without);
  const addHeld = adding(`pm add beside ${megabytes} MB of attachments`, held);
  const to = ["-o", join(folder, "attached"), "--overwrite"];
  const read = work("pm attach get, 10 MB", held, ["attach", "get", held.entry, "file0", ...to]);
  const times = medians([get, getHeld, add, addHeld, read], runs);
  const ms = (of: Work): number => times.get(of.name) ?? Number.NaN;
  const row = (of: Work, base: Work): AttachmentRow => ({
    what: of.name,
    ms: ms(of),
    compare: base.name,
    ratio: ms(of) / ms(base),
  });
  return [{ ...row(getHeld, get), limit: LIMIT }, row(addHeld, add), row(read, get)];
}

async function vaultIn(home: string, files: number): Promise<BenchVault> {
  mkdirSync(home);
  const vault = await makeVault(home, samples(ENTRIES));
  const file = join(home, "file");
  for (let n = 0; n < files; n++) {
    writeFileSync(file, randomBytes(FILE_BYTES));
    const args = [PM, "attach", "add", vault.entry, file, "--name", `file${n}`];
    const { status, stderr } = spawnSync(process.execPath, args, { env: envOf(vault), encoding: "utf8" });
    if (status !== 0) throw new Error(`pm attach add ended with ${status}: ${stderr}`);
  }
  rmSync(file, { force: true });
  return vault;
}

function envOf({ env, token }: BenchVault): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", ...env, PM_KEY: token };
}

function work(name: string, vault: BenchVault, args: readonly string[]): Work {
  return { name, file: process.execPath, args: () => [PM, ...args], env: envOf(vault) };
}

function adding(name: string, vault: BenchVault): Work {
  return {
    ...work(name, vault, []),
    args: (run) => [PM, "add", `added ${run}`],
    input: "a value\n",
  };
}
