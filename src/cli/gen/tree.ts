/** The command table with every definition loaded: what the generators and the meta-tests read. */
import type { Command, Options } from "../command.ts";
import { GLOBAL_OPTIONS } from "../globals.ts";
import { ROWS, type Row } from "../registry.ts";

export interface CommandNode {
  readonly row: Row;
  readonly command: Command;
}

export interface CommandTree {
  readonly commands: readonly CommandNode[];
  readonly globals: Options;
}

export async function loadTree(): Promise<CommandTree> {
  const commands = await Promise.all(ROWS.map(async (row) => ({ row, command: await row.load() })));
  return { commands, globals: GLOBAL_OPTIONS };
}
