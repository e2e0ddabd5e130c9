import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT_STATUSES } from "../exit.ts";
import { commandHelp, exitCodesHelp, groupHelp, rootHelp } from "../gen/help.ts";
import { findRow, isGroup, ROWS } from "../registry.ts";
import { shellWord } from "../shell-word.ts";

/** The one page that is not about a command. */
const EXIT_CODES = "exit-codes";

export const help: Command = defineCommand({
  args: [
    { name: "command", summary: "Command to explain, or exit-codes", variadic: true, completes: "command" },
  ],
  options: {},
  details: [
    "Without COMMAND it lists all commands. --help after any command shows the same page.",
    "exit-codes lists the exit statuses, which scripts may rely on: none is ever renumbered. With --json it prints them as a list of objects.",
  ],
  examples: [
    { command: "pm help get", note: "How get works" },
    { command: "pm help key add", note: "A command of two words" },
    { command: "pm help exit-codes --json", note: "The exit statuses, for programs" },
  ],
  exits: ["not-found"],
  vault: "none",
  async run(ctx, { args }) {
    const words = args.command;
    if (words.length === 1 && words[0] === EXIT_CODES && ctx.globals.json) {
      return ctx.out.json({ v: 1, exitCodes: EXIT_STATUSES });
    }
    return ctx.out.lines((await page(words)) ?? missing(words));
  },
});

async function page(words: readonly string[]): Promise<readonly string[] | undefined> {
  const [first, second] = words;
  if (first === undefined) return rootHelp(ROWS);
  if (first === EXIT_CODES && second === undefined) return exitCodesHelp();
  if (isGroup(first) && second === undefined) return groupHelp(first, ROWS);
  const row = findRow(words.join(" "));
  return row === undefined ? undefined : commandHelp({ row, command: await row.load() });
}

function missing(words: readonly string[]): never {
  throw new PmError("not-found", `there is no command ${words.map(shellWord).join(" ")}`, {
    hint: "pm help",
  });
}
