import { utf8, wipe } from "../../core/bytes.ts";
import { type Command, defineCommand } from "../command.ts";
import { readShares } from "../recovery-shares.ts";

export const keyCombine: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Prints the recovery code whose shares pm key split made. They come from standard input, one a line (blank lines do not count), or are asked for one after the other at the terminal. More shares than are needed do no harm; the same share twice counts once.",
    "Each share has a checksum, so that a mistyped one is named by its line. No vault is opened: the code opens it wherever the password is asked for, and pm passwd then sets a new password.",
  ],
  examples: [
    { command: "pm key combine < shares.txt", note: "Print the code" },
    { command: "pm key combine", note: "Type the shares one after the other" },
  ],
  exits: ["auth", "locked"],
  vault: "none",
  async run(ctx) {
    const shares = await readShares(ctx);
    const [{ combineShares }, { formatRecoveryCode }] = await Promise.all([
      import("../../core/vault/shares.ts"),
      import("../../core/vault/credentials.ts"),
    ]);
    const crypto = await ctx.crypto();
    let secret: Uint8Array | undefined;
    try {
      secret = await combineShares(crypto, shares);
      const code = formatRecoveryCode(crypto, secret);
      if (ctx.globals.json) return await ctx.out.json({ v: 1, secret: code });
      const bytes = utf8(code);
      await ctx.out.value(bytes, true);
      wipe(bytes);
    } finally {
      wipe(secret, ...shares.map(({ value }) => value));
    }
  },
});
