import { confirm } from "../ask.ts";
import { findBundle } from "../bundles.ts";
import { type Command, defineCommand } from "../command.ts";
import { reportDurability } from "../report.ts";

export const bundleRm: Command = defineCommand({
  args: [
    {
      name: "bundle",
      summary: "Label, file, id, or 4 digits of the id and more",
      required: true,
      completes: "file",
    },
  ],
  options: {},
  details: [
    "Forgets a bundle, so that it can't be sealed anew under its key. It asks first; a script gives -y. The file stays where it is.",
    "The key still opens every copy of the file. The names of all entries whose secrets stood in it at any time are printed, one a line: change these secrets where the key or a copy may be in wrong hands.",
  ],
  examples: [{ command: "pm bundle rm ci -y", note: "By its label" }],
  exits: ["not-found", "ambiguous"],
  vault: "writes",
  async run(ctx, { args }) {
    const session = await ctx.vault();
    const { id, label, path } = await findBundle(ctx, await session.bundles(), args.bundle);
    await confirm(ctx, `forget the bundle "${label}" (${path})?`);
    const removed = await session.removeBundle(id);
    await reportDurability(ctx, removed);
    const { exposed } = removed;
    if (ctx.globals.json) return await ctx.out.json({ v: 1, id, label, path, exposed });
    await ctx.out.lines(exposed);
    await ctx.out.note(`forgot the bundle ${label}; its file ${path} is still there`);
    await ctx.out.note("its key opens all copies of the file: the secrets above may have to be changed");
  },
});
