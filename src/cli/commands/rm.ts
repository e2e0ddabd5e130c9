import type { Edit } from "../../core/vault/edit.ts";
import type { Row } from "../../core/vault/model.ts";
import { confirm } from "../ask.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { rowToJson } from "../entry-json.ts";
import { findEntryNotFolder } from "../folder.ts";
import { parsePrefix } from "../names.ts";
import { reportSaved } from "../report.ts";
import { shellWord } from "../shell-word.ts";

interface RmOptions {
  readonly recursive: boolean;
  readonly purge: boolean;
}

export const rm: Command = defineCommand({
  args: [
    {
      name: "names",
      summary: "Names or id:HEX of entries",
      required: true,
      variadic: true,
      completes: "entry",
      picks: "entry",
    },
  ],
  options: {
    recursive: { kind: "flag", short: "r", summary: "NAME is a folder: all that is below it" },
    purge: { kind: "flag", summary: "Erase for ever instead of moving to the trash" },
    "dry-run": { kind: "flag", summary: "Print what would be removed, and change nothing" },
  },
  details: [
    "Moves entries to the trash, all of them or none; pm trash restore brings them back. With --purge values and history are erased for ever; an entry that is in the trash already is addressed by its id.",
    "Asks first. Without a terminal it needs -y.",
  ],
  examples: [
    { command: "pm rm -y web/github", note: "One entry, without a question" },
    { command: "pm rm -r --dry-run web", note: "What is in a folder" },
    { command: "pm rm -r -y web", note: "A folder" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "writes",
  readsWith: "dry-run",
  async run(ctx, { args, options }) {
    const rows = await rowsOf(ctx, args.names, options);
    if (options["dry-run"]) {
      if (ctx.globals.json) return ctx.out.json({ v: 1, entries: rows.map((row) => rowToJson(row)) });
      return ctx.out.lines(rows.map((row) => row.path));
    }
    const [first, ...more] = rows;
    const what = first !== undefined && more.length === 0 ? `"${first.path}"` : `${rows.length} entries`;
    await confirm(ctx, options.purge ? `Erase ${what} for ever?` : `Move ${what} to the trash?`);
    const session = await ctx.vault();
    const result = await session.edit(rows.flatMap((row) => editsFor(row, options.purge)));
    await reportSaved(ctx, result, options.purge ? `erased ${what}` : `moved ${what} to the trash`);
  },
});

function editsFor({ id, trashed }: Row, purge: boolean): Edit[] {
  return [
    ...(trashed ? [] : [{ kind: "trash", id } as const]),
    ...(purge ? [{ kind: "purge", id } as const] : []),
  ];
}

/** The entries that the names mean, each once. */
async function rowsOf(ctx: Context, names: readonly string[], options: RmOptions): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (const name of names) {
    const found = options.recursive ? await rowsIn(ctx, name) : [];
    const meant =
      found.length > 0
        ? found
        : [
            await findEntryNotFolder(ctx, name, {
              live: !options.purge,
              hint: `pm rm -r ${shellWord(name)}`,
            }),
          ];
    for (const row of meant) rows.set(row.id, row);
  }
  return [...rows.values()];
}

async function rowsIn(ctx: Context, folder: string): Promise<readonly Row[]> {
  if (/^id:/i.test(folder)) return [];
  return (await ctx.vault()).list({ prefix: parsePrefix(folder) });
}
