import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { dayOf, parseExpiry } from "../dates.ts";
import { dueEntries, dueLines } from "../due.ts";
import { parsePrefix } from "../names.ts";
import { shellWord } from "../shell-word.ts";

const WITHIN = "14d";

export const due: Command = defineCommand({
  args: [{ name: "prefix", summary: "Only this folder or entry", completes: "entry" }],
  options: {
    within: { kind: "value", hint: "TIME", summary: "How far to look ahead: 14d, 6w, 3m, 1y or a day (14d)" },
  },
  details: [
    "Lists the entries that expire within a time, and those that have expired already, the earliest day first: the day and the path, with a tab between. It exits with 11 where there are any, and with 0 where there are none.",
    "The day of an entry is the last one on which it is good; today counts as still to come. Days are those of this machine's time zone.",
  ],
  examples: [
    { command: "pm due", note: "What is overdue, or expires within 14 days" },
    { command: "pm due ci --within 6w", note: "In one folder, six weeks ahead" },
  ],
  exits: ["findings", "not-found"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const now = ctx.io.now();
    const until = parseExpiry(options.within ?? WITHIN, now);
    const prefix = args.prefix === undefined ? undefined : parsePrefix(args.prefix);
    const entries = await dueEntries(ctx, { prefix, until, today: dayOf(now) });
    const { json, vault } = ctx.globals;
    if (json) await ctx.out.json({ v: 1, until, entries });
    else await ctx.out.lines(dueLines(entries, ctx.io.stdout.isTTY));
    const [first] = entries;
    if (first === undefined) {
      await ctx.out.note(`nothing expires until ${until}`);
      return;
    }
    const overdue = entries.filter(({ days }) => days < 0).length;
    const count = entries.length === 1 ? "1 entry expires" : `${entries.length} entries expire`;
    const ended = overdue === 0 ? "" : `, ${overdue} of them overdue`;
    const words = [
      "pm",
      "set",
      first.path,
      "--expires",
      "1y",
      ...(vault === undefined ? [] : ["--vault", vault]),
    ];
    throw new PmError("findings", `${count} until ${until}${ended}`, {
      hint: `change what has to be, then: ${words.map(shellWord).join(" ")}`,
    });
  },
});
