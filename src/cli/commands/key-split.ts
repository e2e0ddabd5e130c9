import { wipe } from "../../core/bytes.ts";
import { type Command, defineCommand } from "../command.ts";
import { parseSplitting, readRecoveryCode } from "../recovery-shares.ts";

export const keySplit: Command = defineCommand({
  args: [{ name: "shares", summary: "How many of how many shares give the code: K/N", required: true }],
  options: {},
  details: [
    "Splits a recovery code into N shares, printed one a line. Any K of them give the code again (pm key combine); fewer tell nothing about it. 2 ≤ K ≤ N ≤ 16.",
    "The code comes from standard input, or is asked for at the terminal. No vault is opened, and nothing is stored: the same code can be split again, into a set that does not go together with the first one.",
    "Give each share to another person or place, and destroy the written code. Who holds K shares can open the vault. To take the shares back, add a new recovery code and remove the old one with pm key rm.",
  ],
  examples: [
    { command: "pm key split 3/5 < code.txt", note: "Five shares, of which three are needed" },
    { command: "pm key add recovery | pm key split 2/3", note: "A new code that exists in shares only" },
  ],
  exits: ["auth", "locked"],
  vault: "none",
  async run(ctx, { args }) {
    const splitting = parseSplitting(args.shares);
    const secret = await readRecoveryCode(ctx);
    try {
      const { formatShare, splitSecret } = await import("../../core/vault/shares.ts");
      const crypto = await ctx.crypto();
      const shares = await splitSecret({ crypto, random: ctx.io.random }, secret, splitting);
      const texts = shares.map((share) => formatShare(crypto, share));
      wipe(...shares.map(({ value }) => value));
      if (!ctx.globals.json) return await ctx.out.lines(texts);
      await ctx.out.json({ v: 1, threshold: splitting.threshold, shares: texts });
    } finally {
      wipe(secret);
    }
  },
});
