import { utf8, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { ENV_FORMATS, formatVariables } from "../env-formats.ts";
import { readVariables } from "../env.ts";

export const env: Command = defineCommand({
  args: [],
  options: {
    "env-file": {
      kind: "list",
      hint: "FILE",
      completes: "file",
      summary: "Read variables from an env file; may stand several times",
    },
    env: { kind: "list", short: "e", hint: "VAR=REFERENCE", summary: "A variable of its own" },
    only: { kind: "list", hint: "GLOB", summary: "Entries that may be referenced; all without it" },
    format: {
      kind: "value",
      hint: "FORMAT",
      choices: ENV_FORMATS,
      summary: "For what program: shell without it",
    },
    reveal: { kind: "flag", summary: "Print the values on a terminal, too" },
  },
  details: [
    "Prints assignments for another program to read: eval in a shell, --env-file of node or docker, GITHUB_ENV. Each format quotes so that the program gets the exact value; what a format can't hold is refused, and the variable is named.",
    "The variables are those of the env files and of -e; later ones win. Their references are resolved in one pass, and where one leads nowhere nothing is printed. pm run hands them to one program without printing them anywhere.",
    "On a terminal nothing is printed without --reveal.",
  ],
  examples: [
    { command: 'eval "$(pm env --env-file .env)"', note: "Into this shell, or in .envrc of direnv" },
    {
      command: "pm env -e KEY=pm://ci/deploy/key --format docker > job.env",
      note: "For docker run --env-file",
    },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { options }) {
    const { "env-file": files, env: assignments, only, reveal } = options;
    if (files.length + assignments.length === 0) {
      throw new PmError("usage", "env needs an env file or a variable", { hint: "pm env --env-file .env" });
    }
    if (ctx.globals.json && options.format !== undefined) {
      throw new PmError("usage", "--json and --format exclude each other", {
        hint: "--format json has no frame",
      });
    }
    if (ctx.io.stdout.isTTY && !reveal) {
      throw new PmError("usage", "standard output is a terminal, and this prints secrets", {
        hint: 'eval "$(pm env …)" keeps them off it, --reveal prints them',
      });
    }
    const variables = await readVariables(ctx, { files, assignments, only });
    if (ctx.globals.json) {
      const values = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
      return await ctx.out.json({ v: 1, variables: values });
    }
    const format = ENV_FORMATS.find((known) => known === options.format) ?? "shell";
    const text = utf8(formatVariables(variables, format, ctx.io.random));
    await ctx.out.value(text, false);
    wipe(text);
  },
});
