import { PmError } from "../../core/errors.ts";
import { backupsHere, makeBackup } from "../backup-run.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { minuteOf } from "../dates.ts";
import { reportDurability } from "../report.ts";
import { alignColumns } from "../columns.ts";
import { timeToJson } from "../entry-json.ts";

export const backup: Command = defineCommand({
  args: [
    { name: "dir", summary: "Folder for the copies (backups in the data folder)", completes: "directory" },
  ],
  options: {
    keep: { kind: "value", hint: "N", summary: "Remove older copies of this vault beyond the newest N" },
    list: { kind: "flag", summary: "List the copies of this vault instead" },
  },
  details: [
    "Copies the vault as it is, sealed, into a folder, under a name with the time and the first digits of its SHA-256, and prints the path. It asks for no password. Where the newest copy there has the same bytes, nothing is written and its path is printed.",
    "--keep N removes older copies after the new one is in place: only files that pm backup named, and only of this vault. A copy opens with the passwords and keys that the vault had then. Without a key a damaged vault can't be told from a whole one: pm verify does.",
    "--list prints the copies, newest first: when each was made, its size, its path.",
  ],
  examples: [
    { command: "pm backup", note: "Into the data folder" },
    { command: "pm verify && pm backup --keep 10 .", note: "Into this folder, and ten are enough" },
    { command: "pm backup --list", note: "What there is" },
  ],
  exits: ["not-found"],
  vault: "none",
  async run(ctx, { args, options }) {
    if (!options.list) return await copy(ctx, args.dir, options.keep);
    if (options.keep === undefined) return await list(ctx, args.dir);
    throw new PmError("usage", "--list and --keep can't be used together", { hint: "give one of them" });
  },
});

async function copy(ctx: Context, dir: string | undefined, keep: string | undefined): Promise<void> {
  const { path, created, removed, durable } = await makeBackup(ctx, dir, keep);
  if (!created) await ctx.out.note("the newest copy is the same; nothing was written");
  await reportDurability(ctx, { durable });
  if (ctx.globals.json) return await ctx.out.json({ v: 1, path, created, removed, durable });
  await ctx.out.line(path);
  if (removed.length > 0) await ctx.out.note(`removed ${removed.length} older`);
}

async function list(ctx: Context, dir: string | undefined): Promise<void> {
  const { directory, copies } = await backupsHere(ctx, dir);
  if (ctx.globals.json) {
    const items = copies.map(({ path, time, fileBytes }) => ({ path, time: timeToJson(time), fileBytes }));
    return await ctx.out.json({ v: 1, directory, copies: items });
  }
  await ctx.out.lines(
    alignColumns(copies.map(({ path, time, fileBytes }) => [minuteOf(time), `${fileBytes} bytes`, path])),
  );
}
