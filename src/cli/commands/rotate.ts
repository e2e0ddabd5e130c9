import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { abortRotation, rotateWith } from "../rotate.ts";

export const rotate: Command = defineCommand({
  args: [
    ENTRY_ARG,
    { name: "field", summary: "Field to renew; the secret of the entry without it", completes: "field" },
  ],
  options: {
    with: { kind: "value", hint: "COMMAND", summary: "What puts the new value in force where it is used" },
    resume: { kind: "flag", summary: "Run it again with the values of a rotation that did not end" },
    abort: { kind: "flag", summary: "Give the new value of such a rotation up" },
    gen: {
      kind: "value",
      short: "g",
      hint: "RECIPE",
      summary: "Make it so, and not by the recipe of the entry",
    },
  },
  details: [
    "Makes a new value as pm gen NAME does, saves it beside the present one, runs COMMAND, and puts the new value in the place of the old one only where that ends with 0. The old one stays in the history.",
    "COMMAND reads the old value from descriptor 3 and the new one from descriptor 4: exact bytes, then the end. Neither stands in its arguments or its environment. It is split as env -S splits, without a shell; its streams are those of pm, with both values masked where they are no terminal.",
    "Where COMMAND fails nothing changes, and its exit status is that of pm; the value that it was given goes to the history all the same. Where it ends by a signal, or pm itself does, nobody knows whether it did its work: then both values stay, --resume runs COMMAND again with the same two, and --abort gives the new one up. Until then pm show lists it as next.",
    "Where the new value is known to be in force, --resume --with true takes it.",
    "A use-only entry is served: nothing is shown.",
  ],
  examples: [
    {
      command: "pm rotate ci/deploy --with 'sh -c \"cat <&3 >old; cat <&4 >new\"'",
      note: "Both values in files",
    },
    { command: "pm rotate web/bank --with ./set-password --resume", note: "After a crash" },
    { command: "pm rotate web/bank --abort", note: "Keep the old value" },
  ],
  exits: ["not-found", "ambiguous", "conflict", "read-only", "run-failed", "run-denied", "run-missing"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const { with: command, resume, abort, gen } = options;
    const target = { name: args.name, field: args.field };
    if (abort && (resume || command !== undefined))
      throw new PmError("usage", "--abort stands alone", { hint: "pm rotate NAME --abort" });
    if (gen !== undefined && (resume || abort))
      throw new PmError("usage", "the new value is made already, and --gen comes too late");
    if (abort) {
      await abortRotation(ctx, target);
      return 0;
    }
    if (command === undefined) {
      throw new PmError("usage", "rotate needs a command that sets the new value", {
        hint: `pm rotate NAME --with COMMAND${resume ? " --resume" : ""}`,
      });
    }
    return await rotateWith(ctx, { ...target, command, recipe: gen, step: resume ? "resume" : "begin" });
  },
});
