import { PmError } from "../../core/errors.ts";
import { parseEnd } from "../bundles.ts";
import { type Command, defineCommand } from "../command.ts";

export const bundleRefresh: Command = defineCommand({
  args: [{ name: "bundle", summary: "Label, file, id, or 4 digits of the id and more", completes: "file" }],
  options: {
    all: { kind: "flag", summary: "All bundles of the vault" },
    expires: { kind: "value", hint: "WHEN", summary: "Another end: 90d or 12h from now, a day, or never" },
    output: {
      kind: "value",
      short: "o",
      hint: "FILE",
      completes: "file",
      summary: "Write it here from now on",
    },
  },
  details: [
    "Seals a bundle anew with the values that the vault has now, under the same machine key: whoever reads it has nothing to change. Without BUNDLE it takes the only one.",
    "It writes only where something changed: the entries, the end, the place, or where the file is not the one that was sealed last. It never replaces another file than this bundle.",
    "The end stays as it is unless --expires gives another one.",
  ],
  examples: [
    { command: "pm bundle refresh --all", note: "After a change, or once a day" },
    { command: "pm bundle refresh ci --expires 90d", note: "Good for 90 days from today" },
  ],
  exits: ["not-found", "ambiguous", "conflict", "limit"],
  vault: "writes",
  async run(ctx, { args: { bundle }, options: { all, expires, output } }) {
    if (all && (bundle !== undefined || output !== undefined)) {
      throw new PmError("usage", `${output === undefined ? "BUNDLE" : "-o"} does not go with --all`);
    }
    const notAfter = expires === undefined ? undefined : parseEnd(expires, ctx.io.now());
    const { refreshBundles } = await import("../bundle-refresh.ts");
    await refreshBundles(ctx, { all, bundle, notAfter, output });
  },
});
