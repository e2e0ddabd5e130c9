import { wipe } from "../../core/bytes.ts";
import type { KdfProfile } from "../../core/crypto/kdf.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { callKeyFile } from "../credentials.ts";
import { chooseProfile, KDF_DETAILS, KDF_OPTION } from "../kdf-option.ts";
import { NEW_PASSWORD_OPTIONS, newPassword } from "../new-password.ts";
import { chooseNewPassword, type PasswordSource } from "../password-sources.ts";
import { type Upgrade, upgradeKdf } from "../renewal.ts";
import { type AfterUnlock, openVaultHere } from "../vault-access.ts";

export const passwd: Command = defineCommand({
  args: [],
  options: {
    ...NEW_PASSWORD_OPTIONS,
    kdf: KDF_OPTION,
    "upgrade-kdf": { kind: "flag", summary: "Keep the password, and wrap it at the cost of --kdf" },
  },
  details: [
    "Changes the master password: the key slot that opened the vault is replaced by one for the new password. The other key slots stay, and the entries are not touched.",
    "The old password comes from the password sources of the call, the new one from --new-password-stdin, --new-password-fd or --new-password-file; what is not given is asked for. With --password-stdin and --new-password-stdin the first line is the old password and the second the new one.",
    "The backup of the last version (.bak) is sealed again with the new password. Any other copy of the file still opens with the old one, and gives the root key, which opens today's vault too: a new password does not lock out who has both, until pm rekey renews the root key.",
    "Where the old password is forgotten, a recovery code opens the vault in its place. A password that takes a key file goes on taking it; give the key file, too.",
    "--upgrade-kdf keeps the password and wraps it again at the cost of --kdf, of the setting kdf, or the default. It makes the password cheaper to guess only where --kdf says so. By itself pm does the same at the next unlock with a password that costs less than constrained, or less than the setting.",
    KDF_DETAILS,
  ],
  examples: [
    { command: "pm passwd", note: "Type the old password and the new one" },
    {
      command: "pm passwd --password-file old.txt --new-password-file new.txt --kdf strong",
      note: "In a script, and make guessing slower",
    },
    { command: "pm passwd --upgrade-kdf --kdf strong", note: "The same password, slower to guess" },
  ],
  exits: ["not-found", "conflict", "ambiguous"],
  vault: "writes",
  async run(ctx, { options }) {
    const source = chooseNewPassword(options);
    const profile = chooseProfile(ctx, options.kdf);
    if (!options["upgrade-kdf"]) return await changePassword(ctx, source, profile);
    if (source !== undefined) {
      throw new PmError("usage", `${source.name} gives a new password, and --upgrade-kdf keeps the old one`);
    }
    await upgrade(ctx, { profile, isNamed: options.kdf !== undefined });
  },
});

async function changePassword(
  ctx: Context,
  source: PasswordSource | undefined,
  profile: KdfProfile,
): Promise<void> {
  const session = await ctx.vault();
  const takesKeyFile = (await session.info()).slots.some(({ type }) => type === "password-keyfile");
  const keyFile = takesKeyFile ? await callKeyFile(ctx) : undefined;
  const password = await newPassword(ctx, source, "give it by --new-password-fd N or --new-password-stdin");
  try {
    await session.changePassword(password.bytes, profile, keyFile);
  } finally {
    wipe(password.bytes, keyFile);
  }
  await ctx.out.note("changed the master password, and sealed the backup with it");
  await ctx.out.note("until pm rekey, an older copy and the old password still open today's vault");
}

async function upgrade(ctx: Context, wanted: Upgrade): Promise<void> {
  let note = "";
  const after: AfterUnlock = async (session, secrets) => {
    const { cost, isChanged } = await upgradeKdf(ctx, session, { ...wanted, secrets });
    note = isChanged
      ? `guessing the password now costs ${cost}`
      : `guessing the password costs ${cost} already`;
  };
  // In this process: only here the password is at hand.
  (await openVaultHere(ctx, { after }))[Symbol.dispose]();
  await ctx.out.note(note);
}
