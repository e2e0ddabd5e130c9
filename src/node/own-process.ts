/** The processes of pm's own beside the one that a person starts: scripts of the package, or parts of the standalone binary. */
import { fileURLToPath } from "node:url";
import { bun } from "./bun.ts";

/** Where each is, as seen from this file, and from that in which it is in the package. */
export const OWN_PROCESSES = {
  agent: "../agent/main",
  "x11-owner": "../node/clipboard/x11-owner",
  "clear-process": "../node/clipboard/clear-process",
} as const;

export type OwnProcess = keyof typeof OWN_PROCESSES;

export interface OwnCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * The command that starts it.
 * @param flags of Node; Bun, which the standalone binary is, has none like them
 */
export function ownCommand(
  name: OwnProcess,
  { flags = [], args = [] }: { readonly flags?: readonly string[]; readonly args?: readonly string[] } = {},
): OwnCommand {
  const file = process.execPath;
  if (bun !== undefined) return { file, args: [wordOf(name), ...args] };
  // ".ts" in the sources, ".js" in what is built of them.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const script = new URL(`${OWN_PROCESSES[name]}${extension}`, import.meta.url);
  return { file, args: [...flags, fileURLToPath(script), ...args] };
}

/** The word by which the standalone binary becomes that process; no command has such a name. */
export function wordOf(name: OwnProcess): string {
  return `@${name}`;
}
