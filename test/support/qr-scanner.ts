/** QR codes as a scanner sees them. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { partPath } from "./parts.ts";
import { temporaryDirectory } from "./process.ts";

/** Rows of modules, dark ones true. */
export type Modules = readonly (readonly boolean[])[];

/** The upper and the lower half of each character that is dark. */
const HALVES: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "█": [false, false],
  "▀": [false, true],
  "▄": [true, false],
  " ": [true, true],
};

/** Of what `qrLines` gives. */
export function modulesOfText(text: string): Modules {
  return text.split("\n").flatMap((line) => {
    const halves = [...line].map((char) => HALVES[char] ?? [false, false]);
    return [halves.map(([upper]) => upper), halves.map(([, lower]) => lower)];
  });
}

/** As a scanner sees them, 8 points a module. */
export function scan(modules: Modules): string {
  const rows = modules.flatMap((row) => {
    const points = row.map((dark) => (dark ? "1 " : "0 ").repeat(8)).join("");
    return Array.from({ length: 8 }, () => points);
  });
  const file = join(temporaryDirectory(), "code.pbm");
  // Netpbm's plain bitmap: 1 is black.
  writeFileSync(file, `P1\n${8 * (modules[0]?.length ?? 0)} ${rows.length}\n${rows.join("\n")}\n`);
  const args = ["--quiet", "--nodbus", "--raw", file];
  return execFileSync(partPath("zbarimg"), args, { encoding: "utf8" }).trim();
}
