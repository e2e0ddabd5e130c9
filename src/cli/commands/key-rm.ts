import { confirm } from "../ask.ts";
import { type Command, defineCommand } from "../command.ts";
import { findSlot } from "../slots.ts";

export const keyRm: Command = defineCommand({
  args: [{ name: "key", summary: "Label, id, or 4 digits of the id and more", required: true }],
  options: {},
  details: [
    "Removes a key slot: its password, key file, code or machine key no longer opens the vault. It asks first; a script gives -y. The last slot can't be removed.",
    "The backup of the last version (.bak) is sealed again without the slot. Any other copy of the file still opens with the removed key, and gives the root key, which opens today's vault too. Where the key may be in wrong hands, renew the root key with pm rekey, and change the secrets.",
  ],
  examples: [
    { command: "pm key rm ci -y", note: "By its label" },
    { command: "pm key rm 3fa9c1", note: "By the beginning of its id" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "writes",
  async run(ctx, { args }) {
    const session = await ctx.vault();
    const slot = findSlot((await session.info()).slots, args.key);
    await confirm(
      ctx,
      `remove the ${slot.type} key "${slot.label}"${slot.current ? ", the one in use" : ""}?`,
    );
    await session.removeSlot(slot.id);
    await ctx.out.note(`removed the key slot ${slot.label}, and sealed the backup without it`);
    await ctx.out.note("until pm rekey, an older copy and that key still open today's vault");
  },
});
