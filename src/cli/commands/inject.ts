import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { inject as injected, parseMode, requireWritableOutput, writeOutput } from "../inject.ts";

export const inject: Command = defineCommand({
  args: [],
  options: {
    in: {
      kind: "value",
      short: "i",
      hint: "TEMPLATE",
      completes: "file",
      summary: "The template; standard input without it",
    },
    out: {
      kind: "value",
      short: "o",
      hint: "FILE",
      completes: "file",
      summary: "Write to a new file instead of standard output",
    },
    mode: { kind: "value", hint: "MODE", summary: "Permissions of FILE: 0600 without it" },
    force: { kind: "flag", short: "f", summary: "Let -o replace a file" },
    only: { kind: "list", hint: "GLOB", summary: "Entries that may be referenced; all without it" },
  },
  details: [
    "Copies a template and puts values in the place of {{ pm://… }}. All else stays as it is, byte for byte; values are exact and are not looked at again.",
    "Where a reference leads nowhere nothing is written at all: the exit status is 3, and the message names the reference and its line. FILE appears whole or not at all, with mode 0600.",
    "?encoding=json writes a value as a JSON string with its quotes, ?encoding=base64 and ?encoding=url as these.",
  ],
  examples: [
    { command: "pm inject -i app.conf.tpl -o app.conf", note: "A template into a private file" },
    { command: "echo 'key: {{ pm://ci/deploy/key }}' | pm inject", note: "In a pipe" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "reads",
  async run(ctx, { options }) {
    const { in: template, out, mode, force: overwrite, only } = options;
    const isFile = out !== undefined && out !== "-";
    if (!isFile && (overwrite || mode !== undefined)) {
      throw new PmError("usage", `${overwrite ? "-f" : "--mode"} goes with -o only`, { hint: "-o FILE" });
    }
    const file = isFile ? { path: out, overwrite, mode: parseMode(mode ?? "0600") } : undefined;
    if (file !== undefined) await requireWritableOutput(ctx, file);
    const bytes = await injected(ctx, { template, only });
    try {
      await (file === undefined ? ctx.out.value(bytes, false) : writeOutput(ctx, bytes, file));
    } finally {
      wipe(bytes);
    }
  },
});
