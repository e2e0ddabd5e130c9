import { PmError } from "../../core/errors.ts";
import { DEFAULT_EXPIRY, parseEnd, parseFields } from "../bundles.ts";
import { type Command, defineCommand } from "../command.ts";

export const bundleMake: Command = defineCommand({
  args: [],
  options: {
    only: { kind: "list", hint: "GLOB", summary: "Entries of such names; several of them add up" },
    fields: { kind: "list", hint: "FIELD,FIELD", summary: "Only these fields of them (all)" },
    expires: { kind: "value", hint: "WHEN", summary: "Good until then: 90d, 12h, a day, or never (90d)" },
    label: { kind: "value", hint: "TEXT", summary: "Label of the bundle (the file's name)" },
    output: { kind: "value", short: "o", hint: "FILE", completes: "file", summary: "The file to write" },
    force: { kind: "flag", short: "f", summary: "Replace a file that is there" },
    "token-file": {
      kind: "value",
      hint: "FILE",
      completes: "file",
      summary: "Write the key to a new file (0600) instead of stdout",
    },
  },
  details: [
    "Seals some entries into a small file of their own, for a build machine, and prints the machine key that opens it: pm bundle --only … is the same as pm bundle make --only …. The file has no password, no other names, no history and no tags, so it may lie in a repository. The key goes where the machine keeps its secrets, as PM_KEY; it is shown this once.",
    "In a GLOB, * stands for any characters within a folder, ** also across folders, and ? for one. Every GLOB has to mean an entry, every field has to be in one; an entry without any of the fields is left out. A bundle has at most 1,000 entries.",
    "A bundle is only read: get, run, inject, env and all that reads work on it with --vault FILE or PM_VAULT, and whatever would write exits with 13. Nothing is remembered of it on the machine, and no network is used. It ends with the day of --expires (UTC), or so many hours after it was made, from when on pm refuses it with 5.",
    "The vault remembers its bundles. pm bundle refresh seals them anew with the present values, under the same key, and pm bundle rm forgets one. Whoever has the key and an old copy of the file reads what it held: changing a secret is the only way to take it back.",
    "A use-only entry needs the master password, and is use-only in the bundle, too.",
  ],
  examples: [
    {
      command: "pm bundle make --only 'ci/*' --fields key -o ci.pm --token-file ci.key",
      note: "One field of each entry below ci",
    },
    {
      command: "pm bundle make --only 'ci/**' --expires 2031-12-31 --label nightly -o nightly.pm",
      note: "Print the key",
    },
  ],
  exits: ["not-found", "conflict", "limit"],
  vault: "writes",
  async run(ctx, { options }) {
    const { only, output, expires = DEFAULT_EXPIRY } = options;
    if (only.length === 0) {
      throw new PmError("usage", "a bundle needs the names of its entries", { hint: "--only 'ci/*'" });
    }
    if (output === undefined) {
      throw new PmError("usage", "a bundle needs a file", { hint: "-o ci.pm" });
    }
    const fields = parseFields(options.fields);
    const notAfter = parseEnd(expires, ctx.io.now());
    const { makeBundle } = await import("../bundle-make.ts");
    const { label, force: isForced, "token-file": tokenFile } = options;
    await makeBundle(ctx, { only, fields, notAfter, output, label, isForced, tokenFile });
  },
});
