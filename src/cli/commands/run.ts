import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import type { MaskMode } from "../run-child.ts";
import { planRun, resolvePlan, type RunPlan, runWith } from "../run.ts";

export const run: Command = defineCommand({
  args: [
    { name: "command", summary: "Command and its arguments, as they are", variadic: true, foreign: true },
  ],
  options: {
    "env-file": {
      kind: "list",
      hint: "FILE",
      completes: "file",
      summary: "Read variables and references from a file",
    },
    env: {
      kind: "list",
      short: "e",
      hint: "VAR=REFERENCE",
      summary: "Set a variable to what a reference leads to",
    },
    only: { kind: "list", hint: "GLOB", summary: "Refuse references to entries with other names" },
    "clean-env": { kind: "flag", summary: "Inherit nothing but PATH, HOME and the like" },
    stdin: { kind: "value", hint: "REFERENCE", summary: "Give the command one secret as its standard input" },
    files: { kind: "flag", summary: "Write secrets to files in memory, and set VAR_FILE to their paths" },
    "allow-disk": { kind: "flag", summary: "Take a folder on the disk where none is in memory" },
    mask: {
      kind: "value",
      hint: "MODE",
      choices: ["auto", "always", "never"],
      summary: "Mask secrets in what is printed: auto, always or never",
    },
    "dry-run": { kind: "flag", summary: "Only resolve, and print what would be set, without values" },
  },
  details: [
    "Runs a command with secrets in its environment: variables whose value is a reference (pm://web/github/password) or contains {{ pm://… }} become values, those of env files, of -e and of the environment itself. All of them are resolved before the command starts; where one can't be, nothing is started (125).",
    "The command stands behind --, its words are passed on as they are, and there is no shell. It gets signals, and its exit status is that of pm: 128+N where signal N ended it, 126 where it can't be executed, 127 where it was not found. It never inherits what opens the vault (PM_PASSWORD, PM_KEY and the like).",
    "Where standard output or error is no terminal, secrets in it are replaced by <pm:NAME/FIELD>, also in base64, URL and JSON form; a terminal is handed over as it is. --mask always masks there, too, and --mask never nowhere, which use-only entries refuse. Values of under 4 bytes are not masked.",
    "--files is for programs that read files: they stand in memory and are removed at the end, or at the next start where pm was killed.",
  ],
  examples: [
    {
      command: "pm run -e TOKEN=pm://ci/deploy/key -- sh -c 'echo \"$TOKEN\"'",
      note: "Prints <pm:ci/deploy/key>",
    },
    { command: "pm run --env-file .env -- env", note: "All variables of a file" },
    { command: "pm run --env-file .env --dry-run", note: "Whether all references lead somewhere" },
    { command: "pm run --stdin pm://web/github/password -- wc -c", note: "A secret as standard input" },
    {
      command: "pm run --files -e KEY=pm://ssh/host/private -- sh -c 'wc -c \"$KEY_FILE\"'",
      note: "A secret as a file",
    },
  ],
  exits: ["unavailable", "run-failed", "run-denied", "run-missing"],
  vault: "reads",
  async run(ctx, { args, options }) {
    if (args.command.length === 0 && !options["dry-run"]) {
      throw new PmError("usage", "run needs a command", { hint: "pm run [OPTIONS] -- COMMAND [ARGUMENTS]" });
    }
    const request = {
      envFiles: options["env-file"],
      assignments: options.env,
      only: options.only,
      cleanEnv: options["clean-env"],
      stdin: options.stdin,
      files: options.files,
      allowDisk: options["allow-disk"],
      mask: maskMode(options.mask),
    };
    const plan = await planRun(ctx, request);
    const values = await resolvePlan(ctx, plan, options.only);
    if (!options["dry-run"]) return await runWith(ctx, args.command, { ...request, plan, values });
    await printPlan(ctx, plan);
    return 0;
  },
});

function maskMode(text: string | undefined): MaskMode {
  return text === "always" || text === "never" ? text : "auto";
}

async function printPlan(ctx: Context, { variables, stdin }: RunPlan): Promise<void> {
  const { wanted } = variables;
  if (ctx.globals.json) {
    const list = wanted.map(({ name, text }) => ({ name, reference: text }));
    await ctx.out.json({ v: 1, variables: list, stdin: stdin?.text });
    return;
  }
  const { alignColumns } = await import("../columns.ts");
  const rows = stdin === undefined ? wanted : [...wanted, stdin];
  await ctx.out.lines(alignColumns(rows.map(({ name, text }) => [name, text])));
}
