import { PmError } from "../../core/errors.ts";
import { confirm } from "../ask.ts";
import { type Command, defineCommand } from "../command.ts";
import { openVaultHere } from "../vault-access.ts";

export const restore: Command = defineCommand({
  args: [],
  options: {
    "accept-rollback": {
      kind: "flag",
      summary: "Accept an older version of the vault file as the current one",
    },
  },
  details: [
    "pm remembers, for each vault on this machine, which version it saved last. Where the file is older than that, because a backup was put back or because somebody put an old copy there, every command refuses it with exit code 8.",
    "With --accept-rollback the file is taken as it is: what was changed after it was saved is gone from this copy. This machine goes on under a new replica id, so that a later merge with another copy loses nothing. It asks first; a script gives -y.",
  ],
  examples: [
    {
      command: "cp vault.pm.bak vault.pm && pm restore --accept-rollback",
      note: "Go back to the last backup",
    },
  ],
  exits: ["not-found"],
  vault: "writes",
  async run(ctx, { options }) {
    if (!options["accept-rollback"]) {
      throw new PmError("usage", "restore needs --accept-rollback", {
        hint: "put the older file in place, then: pm restore --accept-rollback",
      });
    }
    await confirm(ctx, "take this version of the vault as the current one, and lose what came after it?");
    (await openVaultHere(ctx, { acceptRollback: true }))[Symbol.dispose]();
    await ctx.out.note("accepted this version of the vault");
  },
});
