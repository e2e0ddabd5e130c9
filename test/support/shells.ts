/** The real shells, asked what they would offer for a line. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Shell = "bash" | "zsh" | "fish";

const completions: string = fileURLToPath(new URL("../../completions", import.meta.url));

/** `pm` completed in one process: for each line the words that are offered, sorted. */
export function offers(shell: Shell, lines: readonly string[], cwd: string): readonly (readonly string[])[] {
  const [program = "", ...args] = COMMANDS[shell](lines);
  const { stdout, stderr, status } = spawnSync(program, args, {
    encoding: "utf8",
    cwd,
    // A user of nobody's configuration, and a terminal that zsh knows.
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd, TERM: "xterm", LC_ALL: "C.UTF-8" },
    timeout: 15_000,
  });
  if (status !== 0 || stderr !== "") throw new Error(`${shell} ended with ${status}: ${stderr}`);
  return stdout
    .split(/^=\n/m)
    .slice(0, lines.length)
    .map((words) => [...new Set(words.split("\n").filter((word) => word !== ""))].toSorted());
}

const COMMANDS: Readonly<Record<Shell, (lines: readonly string[]) => readonly string[]>> = {
  bash: (lines) => ["bash", "--norc", helper("complete.bash"), `${completions}/pm.bash`, ...lines],
  zsh: (lines) => ["zsh", "-f", helper("complete.zsh"), completions, ...lines],
  fish: (lines) => ["fish", "--no-config", helper("complete.fish"), `${completions}/pm.fish`, ...lines],
};

function helper(name: string): string {
  return fileURLToPath(new URL(`shells/${name}`, import.meta.url));
}
