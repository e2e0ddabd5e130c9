import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { chooseProfile, KDF_DETAILS, KDF_OPTION } from "../kdf-option.ts";
import { KIT_OPTION, requireKitFile } from "../kit-option.ts";
import { NEW_PASSWORD_OPTIONS } from "../new-password.ts";
import { chooseNewPassword } from "../password-sources.ts";
import { TOKEN_FILE_OPTION } from "../secret-output.ts";

export const rekey: Command = defineCommand({
  args: [],
  options: {
    ...NEW_PASSWORD_OPTIONS,
    kdf: KDF_OPTION,
    recovery: { kind: "flag", summary: "Make a recovery code, also where there was none" },
    "no-recovery": { kind: "flag", summary: "Make no recovery code" },
    "no-machine": { kind: "flag", summary: "Make no new machine keys" },
    compromised: { kind: "flag", summary: "Drop the bundles, too: somebody may have read the vault" },
    "token-file": {
      ...TOKEN_FILE_OPTION,
      summary: "Write the new keys to a new file (0600) instead of stdout",
    },
    kit: KIT_OPTION,
  },
  details: [
    "Gives the vault a new root key, and new keys in the place of all that open it: for when a password, a key or a device may be in wrong hands. Whoever has an older copy of the file and what opened it reads that copy, and nothing that comes after it. It asks first; a script gives -y.",
    "It protects the future only. What stands in a copy that was taken is known: change the stored passwords themselves. They are listed, and so are the copies of pm backup, which still open with the old keys.",
    "It asks for a new master password, since no key slot can be made again without its secret. A vault with a recovery code gets a new one, each machine key a new one with the same label. Key files, further passwords and further codes are dropped; each is named with the command that adds a new one. A password that takes a key file goes on taking it; give the key file, too.",
    "Bundles have keys of their own and go on working. Whoever has read the vault knows these keys, too: --compromised drops all bundles by name, and says how to make each anew.",
    "The new keys are all that is printed on standard output: lines of recovery or machine, a tab, the label, a tab, the key. --token-file writes them to a new private file instead. Where the new password is typed, the recovery code is shown on the terminal, and one group of it has to be typed back. All this comes before the vault is changed: an interruption leaves it with its old keys, and what was printed counts with exit code 0 only.",
    KDF_DETAILS,
  ],
  examples: [
    { command: "pm rekey", note: "Type the passwords, note the new recovery code" },
    {
      command: "pm rekey -y --password-file old.txt --new-password-file new.txt -o keys.txt",
      note: "In a script",
    },
    {
      command: "pm rekey --no-machine --kit kit.html",
      note: "No machine opens it any more; a page for paper",
    },
  ],
  exits: ["not-found", "conflict", "limit"],
  vault: "writes",
  async run(ctx, { options }) {
    const { recovery, "no-recovery": noRecovery, kit } = options;
    requireKitFile(kit);
    const asksForCode = recovery || kit !== undefined;
    if (asksForCode && noRecovery) {
      throw new PmError("usage", "--no-recovery makes no recovery code, and another option asks for one");
    }
    const { rekeyVault } = await import("../rekey-run.ts");
    await rekeyVault(ctx, {
      source: chooseNewPassword(options),
      profile: chooseProfile(ctx, options.kdf),
      wishes: {
        recovery: asksForCode || (noRecovery ? false : undefined),
        machine: !options["no-machine"],
        dropsBundles: options.compromised,
      },
      tokenFile: options["token-file"],
      kitFile: kit,
    });
  },
});
