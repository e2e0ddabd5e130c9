import { type Command, defineCommand } from "../command.ts";
import { redact as redacted } from "../redact.ts";

export const redact: Command = defineCommand({
  args: [],
  options: {
    only: { kind: "list", hint: "GLOB", summary: "Mask the secrets of these entries only" },
  },
  details: [
    "Copies standard input to standard output, with <pm:NAME/FIELD> in the place of each secret of the vault: as it is, in base64, URL-encoded or escaped as in JSON, and across lines. Everything else stays byte for byte, and comes out as it goes in.",
    "Values under 4 bytes are not masked, and a warning names them. Use-only entries are masked like all others.",
  ],
  examples: [
    { command: "echo 'a log' | pm redact", note: "A log without secrets" },
    { command: "pm redact --only 'ci/**' < master.txt > clean.txt", note: "Only those of some entries" },
  ],
  exits: ["not-found"],
  vault: "reads",
  async run(ctx, { options }) {
    await redacted(ctx, options.only);
  },
});
