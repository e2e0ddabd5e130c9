import { PmError } from "../../core/errors.ts";
import { ENTRY_TYPES, type Row } from "../../core/vault/model.ts";
import { type Command, defineCommand } from "../command.ts";
import { rowToJson } from "../entry-json.ts";
import { longLines, parseFormat, treeLines } from "../listing.ts";
import { parsePrefix, parseTags, parseType } from "../names.ts";
import { parseCount } from "../values.ts";

const LIMIT = { min: 1, max: 1_000_000 };

export const ls: Command = defineCommand({
  args: [{ name: "prefix", summary: "Only this folder or entry", completes: "entry" }],
  options: {
    flat: { kind: "flag", summary: "One path a line, also on a terminal" },
    long: { kind: "flag", short: "l", summary: "Columns with id, time, type and user name" },
    tag: {
      kind: "list",
      short: "t",
      hint: "TAG",
      summary: "Only entries with this tag; several: all of them",
    },
    type: { kind: "value", hint: "TYPE", choices: ENTRY_TYPES, summary: "Only entries of this type" },
    format: { kind: "value", hint: "TEXT", summary: "A line for each entry, as in '{path}\\t{username}'" },
    limit: { kind: "value", hint: "N", summary: "At most so many entries" },
    after: { kind: "value", hint: "PATH", summary: "Only what sorts after this path" },
    trash: { kind: "flag", summary: "List the trash instead" },
  },
  details: [
    "Lists entries sorted by path (by UTF-16 code units, the same everywhere): a tree on a terminal, one path a line otherwise. An empty list is no error; a PREFIX under which there is nothing at all is.",
    "--format knows {path}, {id}, {username}, {type}, {tags}, {modified} and {hosts}, and the escapes \\t, \\n and \\\\. Control characters in a value are escaped; --json gives it exactly.",
    "--limit and --after read a long list in pages: give the last path of a page to --after. Entries that share a path stay on one page.",
  ],
  examples: [
    { command: "pm ls web", note: "The folder web" },
    { command: "pm ls -l --tag work", note: "Columns, only entries tagged work" },
    { command: "pm ls --format '{path}\\t{username}'", note: "Two columns with a tab between" },
    { command: "pm ls --limit 100 --after web/github", note: "The next page" },
  ],
  exits: ["not-found"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const format = options.format === undefined ? undefined : parseFormat(options.format);
    const limit = options.limit === undefined ? undefined : parseCount(options.limit, "--limit", LIMIT);
    const prefix = args.prefix === undefined ? {} : { prefix: parsePrefix(args.prefix) };
    const type = options.type === undefined ? {} : { type: parseType(options.type) };
    const session = await ctx.vault();
    const folder = { ...prefix, trashed: options.trash };
    const rows = await session.list({ ...folder, ...type, tags: parseTags(options.tag) });
    if (rows.length === 0 && args.prefix !== undefined && (await session.list(folder)).length === 0) {
      throw new PmError("not-found", `nothing is under "${args.prefix}"`, {
        hint: "pm ls shows all the names",
      });
    }
    const page = pageOf(rows, options.after?.normalize("NFC"), limit);
    if (ctx.globals.json) return ctx.out.json({ v: 1, entries: page.map((row) => rowToJson(row)) });
    if (format !== undefined) return ctx.out.lines(page.map(format));
    if (options.long) return ctx.out.lines(longLines(page));
    if (options.flat || !ctx.io.stdout.isTTY) return ctx.out.lines(page.map((row) => row.path));
    await ctx.out.lines(treeLines(page, await ctx.out.style()));
  },
});

/** The rows behind `after`, cut where the path changes, so that --after never skips an entry. */
function pageOf(rows: readonly Row[], after: string | undefined, limit: number | undefined): readonly Row[] {
  const rest = after === undefined ? rows : rows.filter((row) => row.path > after);
  if (limit === undefined || rest.length <= limit) return rest;
  const last = rest[limit - 1]?.path;
  const end = rest.findIndex((row, index) => index >= limit && row.path !== last);
  return end < 0 ? rest : rest.slice(0, end);
}
