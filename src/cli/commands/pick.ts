import { PmError } from "../../core/errors.ts";
import { ENTRY_TYPES, type Row } from "../../core/vault/model.ts";
import { type Command, defineCommand } from "../command.ts";
import { rowToJson } from "../entry-json.ts";
import { parseTags, parseType } from "../names.ts";
import { requireScreenToAsk } from "../terminal.ts";

export const pick: Command = defineCommand({
  args: [{ name: "words", summary: "What the search begins with", variadic: true, completes: "entry" }],
  options: {
    tag: {
      kind: "list",
      short: "t",
      hint: "TAG",
      summary: "Only entries with this tag; several: all of them",
    },
    type: { kind: "value", hint: "TYPE", choices: ENTRY_TYPES, summary: "Only entries of this type" },
    id: { kind: "flag", summary: "Print id:HEX instead of the path" },
  },
  details: [
    "Lets you pick an entry at the terminal and prints its path, and nothing else, on standard output: that may be a pipe. Typed words narrow the list; they may leave letters out, and are looked for in path, user name, hosts and tags.",
    "Enter takes the marked entry, the arrows move the mark. On Esc and Ctrl-C nothing is printed, and the exit status is 130.",
    'Where two entries have the picked path, id:HEX is printed, so that pm get "$(pm pick)" always gets the picked one.',
    "Most commands offer the same list where NAME is left out, or leads to no entry or to several, and standard input and output are a terminal. A script is never asked.",
  ],
  examples: [
    { command: 'pm get "$(pm pick)"', note: "The password of the one that is picked" },
    { command: 'pm show "$(pm pick --type card)"', note: "One of the cards" },
    { command: "pm pick mail work --id", note: "Begin with what these words find" },
  ],
  exits: ["not-found", "unavailable", "interrupted"],
  vault: "reads",
  async run(ctx, { args, options }) {
    using terminal = requireScreenToAsk(ctx, "an entry is picked", "name it, or look at: pm ls");
    const type = options.type === undefined ? {} : { type: parseType(options.type) };
    const tags = parseTags(options.tag);
    const session = await ctx.vault();
    const all = await session.list({});
    const rows = await session.list({ ...type, tags });
    if (rows.length === 0) throw nothingToPick(all);
    const { isShared, pickEntry } = await import("../pick-entry.ts");
    const row = await pickEntry(terminal, { question: "Which entry?", rows, words: args.words.join(" ") });
    if (row === undefined) throw new PmError("interrupted", "no entry was picked");
    if (ctx.globals.json) return ctx.out.json({ v: 1, entries: [rowToJson(row)] });
    // What every command takes for just this entry.
    await ctx.out.line(options.id || isShared(row, all) ? `id:${row.id}` : row.path);
  },
});

function nothingToPick(all: readonly Row[]): PmError {
  return all.length === 0
    ? new PmError("not-found", "the vault has no entries", { hint: "pm add NAME adds one" })
    : new PmError("not-found", "no entry is of this type and has these tags", {
        hint: "pm ls shows all the names",
      });
}
