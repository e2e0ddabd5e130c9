import { wipe } from "../../core/bytes.ts";
import { type Command, defineCommand } from "../command.ts";
import { chooseProfile, KDF_DETAILS, KDF_OPTION } from "../kdf-option.ts";
import { NEW_PASSWORD_OPTIONS, newPassword } from "../new-password.ts";
import { chooseNewPassword } from "../password-sources.ts";

export const passwd: Command = defineCommand({
  args: [],
  options: { ...NEW_PASSWORD_OPTIONS, kdf: KDF_OPTION },
  details: [
    "Changes the master password: the key slot that opened the vault is replaced by one for the new password. The other key slots stay, and the entries are not touched.",
    "The old password comes from the password sources of the call, the new one from --new-password-stdin, --new-password-fd or --new-password-file; what is not given is asked for. With --password-stdin and --new-password-stdin the first line is the old password and the second the new one.",
    "The backup of the last version (.bak) is sealed again with the new password. Any other copy of the file still opens with the old one, and gives the root key, which opens today's vault too: a new password does not lock out who has both. This version can't renew the root key; a new vault has a new one.",
    KDF_DETAILS,
  ],
  examples: [
    { command: "pm passwd", note: "Type the old password and the new one" },
    {
      command: "pm passwd --password-file old.txt --new-password-file new.txt --kdf strong",
      note: "In a script, and make guessing slower",
    },
  ],
  exits: ["not-found"],
  vault: "writes",
  async run(ctx, { options }) {
    const source = chooseNewPassword(options);
    const profile = chooseProfile(ctx, options.kdf);
    const session = await ctx.vault();
    const password = await newPassword(ctx, source, "give it by --new-password-fd N or --new-password-stdin");
    try {
      await session.changePassword(password.bytes, profile);
    } finally {
      wipe(password.bytes);
    }
    await ctx.out.note("changed the master password, and sealed the backup with it");
    await ctx.out.note(
      "an older copy and the old password still open today's vault: both have the same root key",
    );
  },
});
