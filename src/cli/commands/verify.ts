import { type Command, defineCommand } from "../command.ts";
import { bundleFacts, bundleRows } from "../bundles.ts";
import { alignColumns } from "../columns.ts";

export const verify: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Reads the whole vault: every chunk is decrypted, every record is parsed, the index is held against the records, and the padding is checked. Other commands check only what they read, and a command that writes checks everything before it does.",
    "It exits with 0 where everything is whole and with 8 where something is not. To look at a backup, name it: pm verify --vault FILE.bak",
  ],
  examples: [
    { command: "pm verify", note: "Check the vault" },
    { command: "pm verify --json --key-file ci.key", note: "For a monitoring job" },
  ],
  exits: ["not-found", "corrupt"],
  vault: "reads",
  async run(ctx) {
    const session = await ctx.vault();
    const [report, { bundle }] = [await session.verify(), await session.info()];
    if (ctx.globals.json) {
      const { entries, trashed, records, chunks, fileBytes } = report;
      const facts = { entries, trashed, records, chunks, fileBytes };
      return await ctx.out.json({ v: 1, ok: true, ...facts, ...bundleFacts(bundle) });
    }
    await ctx.out.lines(
      alignColumns([
        ["entries", `${report.entries}, and ${report.trashed} in the trash`],
        ["records", `${report.records}, all readable and as the index says`],
        ["chunks", `${report.chunks}, all authentic`],
        ["size", `${report.fileBytes} bytes`],
        ...bundleRows(bundle),
        ["result", "ok"],
      ]),
    );
  },
});
