import { PmError } from "../../core/errors.ts";
import { adopt as adoptFile, type Adoption, prepareAdoption } from "../adopt.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";

export const adopt: Command = defineCommand({
  args: [{ name: "file", summary: "Env file, such as .env", required: true, completes: "file" }],
  options: {
    entry: {
      kind: "value",
      hint: "NAME",
      completes: "entry",
      summary: "Entry for the values (the folder's and the file's name)",
    },
    "only-vars": { kind: "list", hint: "NAMES", summary: "Move only these variables, as in A,B" },
    except: { kind: "list", hint: "NAMES", summary: "Move all variables but these, as in A,B" },
    force: { kind: "flag", short: "f", summary: "Replace other values that the entry holds" },
    "dry-run": { kind: "flag", summary: "Only say what would be moved" },
  },
  details: [
    "Moves the values of an env file into one entry of the vault and puts references (pm://…) in their place; pm run --env-file gives a command the same variables as before. Empty values, references, order, comments, empty lines and whatever is kept stay byte for byte.",
    "The vault is saved first; then the file is replaced as a whole, with its mode and owner. A file that was changed meanwhile is left alone. Running it again finishes what was interrupted: values that the entry has already are taken as they are, other ones are a conflict unless -f is given.",
    "Backups, the history of git and free blocks of the disk may still hold the old values.",
  ],
  examples: [
    { command: "pm adopt .env --dry-run", note: "What would be moved, and where" },
    { command: "pm adopt .env --except PORT,DEBUG", note: "All but what is no secret" },
    {
      command: "pm adopt .env --entry shop/dev --only-vars API_TOKEN",
      note: "One variable, into this entry",
    },
  ],
  exits: ["ambiguous", "conflict"],
  vault: "writes",
  readsWith: "dry-run",
  async run(ctx, { args, options }) {
    const [only, except] = [namesIn(options["only-vars"]), namesIn(options.except)];
    if (only.length > 0 && except.length > 0) {
      throw new PmError("usage", "--only-vars and --except exclude each other");
    }
    const isDry = options["dry-run"];
    const adoption = await prepareAdoption(ctx, {
      file: args.file,
      entry: options.entry,
      only,
      except,
      // A dry run shows what it would come to.
      force: options.force || isDry,
    });
    const saved = isDry ? undefined : await adoptFile(ctx, adoption);
    if (ctx.globals.json)
      await printJson(ctx, adoption, { saved: saved !== undefined, ids: saved?.ids ?? [] });
    else if (isDry) await printSteps(ctx, adoption);
    else await say(ctx, adoption, args.file);
  },
});

function namesIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(",")).filter((name) => name !== "");
}

async function printSteps(ctx: Context, { plan }: Adoption): Promise<void> {
  const { alignColumns } = await import("../columns.ts");
  const rows = plan.steps.map(({ name, action, reference, why }) => [name, action, reference ?? why ?? ""]);
  await ctx.out.lines(alignColumns(rows));
}

async function printJson(
  ctx: Context,
  { path, plan }: Adoption,
  { ids, saved }: { readonly ids: readonly string[]; readonly saved: boolean },
): Promise<void> {
  const variables = plan.steps.map(({ name, action, reference, why }) => ({ name, action, reference, why }));
  await ctx.out.json({ v: 1, entry: path, ids, saved, variables });
}

async function say(ctx: Context, { path, plan }: Adoption, file: string): Promise<void> {
  const moved = plan.steps.filter(({ action }) => action !== "keep").length;
  if (moved === 0) {
    await ctx.out.note(`nothing to move in "${file}"`);
    return;
  }
  await ctx.out.note(`moved ${moved} value${moved === 1 ? "" : "s"} of "${file}" into "${path}"`);
  await ctx.out.warn(`backups and the history of git may still hold the old values of "${file}"`);
}
