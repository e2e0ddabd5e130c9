import { PmError } from "../../core/errors.ts";
import { confirm } from "../ask.ts";
import { type Command, defineCommand } from "../command.ts";
import { COPY_DETAILS, COPY_OPTIONS, findCopy } from "../copy-credentials.ts";
import { restoreFrom } from "../restore-run.ts";
import { openVaultHere } from "../vault-access.ts";

export const restore: Command = defineCommand({
  args: [{ name: "file", summary: "Copy of the vault to go back to", completes: "file" }],
  options: {
    "dry-run": { kind: "flag", summary: "Print what would change, and change nothing" },
    force: { kind: "flag", short: "f", summary: "Also in the place of a damaged vault, or of another one" },
    "accept-rollback": {
      kind: "flag",
      summary: "Accept an older version of the vault file as the current one",
    },
    ...COPY_OPTIONS,
  },
  details: [
    "Gives the vault the content of a copy: it shows what will change, asks, and saves it as one change, which pm undo takes back. Entries that the copy does not have go to the trash, replaced values stay in the history, keys and passwords stay as they are.",
    "Where there is no vault, FILE becomes it, byte by byte, after it was opened and checked. Where the vault is damaged, --force puts FILE in its place and keeps the damaged file beside it. Where another vault is there, it is refused with exit code 7; --force puts FILE in its place and keeps that one as the .bak file.",
    COPY_DETAILS,
    "pm remembers, for each vault on this machine, which version it saved last. Where the file is older than that, because a backup was put back or because somebody put an old copy there, every command refuses it with exit code 8.",
    "With --accept-rollback, and without a FILE, the file is taken as it is: what was changed after it was saved is gone from this copy. This machine goes on under a new replica id, so that a later merge with another copy loses nothing. It asks first; a script gives -y.",
  ],
  examples: [
    { command: "pm restore vault.pm.bak --dry-run", note: "What would change" },
    { command: "pm restore -y vault.pm.bak", note: "Go back to the version before the last change" },
    {
      command: "cp vault.pm.bak vault.pm && pm restore --accept-rollback",
      note: "Go back to the last backup, and forget what came after it",
    },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  readsWith: "dry-run",
  async run(ctx, { args, options }) {
    const { force, "dry-run": dryRun, "accept-rollback": accepts } = options;
    if (args.file === undefined && !accepts) {
      throw new PmError("usage", "restore needs a FILE, or --accept-rollback", {
        hint: "pm backup --list shows the copies that there are",
      });
    }
    if (args.file !== undefined && !accepts) {
      using copy = await findCopy(ctx, args.file, options);
      return await restoreFrom(ctx, copy, { force, dryRun });
    }
    if (args.file !== undefined || force || dryRun) {
      throw new PmError(
        "usage",
        "--accept-rollback takes the file of the vault as it is, and nothing beside it",
        {
          hint: "pm restore FILE, or: pm restore --accept-rollback",
        },
      );
    }
    await confirm(ctx, "take this version of the vault as the current one, and lose what came after it?");
    (await openVaultHere(ctx, { acceptRollback: true }))[Symbol.dispose]();
    await ctx.out.note("accepted this version of the vault");
  },
});
