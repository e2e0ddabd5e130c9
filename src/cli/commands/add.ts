import type { EditResult } from "../../core/vault/edit.ts";
import { ENTRY_TYPES } from "../../core/vault/model.ts";
import { type Create, createFromArgs, createFromJson } from "../add-input.ts";
import { type Command, defineCommand } from "../command.ts";
import { withConfirmation } from "../confirm.ts";
import type { Context } from "../context.ts";
import type { EditorOptions } from "../edit-text.ts";
import { reportDurability } from "../report.ts";

export const add: Command = defineCommand({
  args: [
    { name: "name", summary: "Folders and name of the new entry" },
    { name: "fields", summary: "field=value, field=@FILE or field=-", variadic: true, completes: "field" },
  ],
  options: {
    type: { kind: "value", short: "t", hint: "TYPE", choices: ENTRY_TYPES, summary: "Type of entry (login)" },
    user: { kind: "value", short: "u", hint: "NAME", summary: "User name" },
    url: { kind: "list", hint: "URL", summary: "Address where it is used; may stand several times" },
    gen: { kind: "optional", short: "g", hint: "RECIPE", summary: "Generate the secret, as pm gen does" },
    otp: { kind: "value", hint: "-|@FILE", summary: "One-time code secret, from stdin or a file" },
    note: { kind: "value", hint: "TEXT", summary: "Text for the field notes" },
    tag: { kind: "list", hint: "TAG", summary: "Tag; may stand several times" },
    expires: { kind: "value", hint: "WHEN", summary: "90d, 12w, 6m, 1y or YYYY-MM-DD" },
    fav: { kind: "flag", summary: "Mark as a favourite" },
    "use-only": { kind: "flag", summary: "For programs: to see its secrets takes the password again" },
    force: { kind: "flag", short: "f", summary: "Replace an entry of this name" },
    "no-secret": { kind: "flag", summary: "Add the entry without its secret" },
    edit: { kind: "flag", short: "e", summary: "Fill in the rest of the entry in your editor" },
    "allow-disk": { kind: "flag", summary: "With -e: take a folder on the disk where none is in memory" },
    "keep-newline": { kind: "flag", summary: "Keep a newline at the end of what is read" },
  },
  details: [
    "The secret of the entry (the password of a login, the text of a note, the number of a card, the private key of an ssh-key, the key of an api-key) is read from standard input where that is no terminal, and asked for where it is. It is not read where -g, --no-secret, field=@FILE or field=- is given.",
    "field=value sets a field that is no secret; a secret in an argument is refused, because other processes can read arguments. field=@FILE takes the bytes of a file, field=- takes standard input, field=@@text is the text @text. field:secret= and field:plain= say whether a field of your own is a secret.",
    "One newline at the end of a file or of standard input is removed; --keep-newline keeps it. Nothing else is changed. Values need not be text.",
    "With --json the entry is one JSON object on standard input, in the shape that pm show --json --reveal prints; NAME replaces its path.",
    "-e opens the entry as far as the arguments give it in $VISUAL or $EDITOR, as pm edit does, and reads nothing from standard input; a text that is left as it was adds nothing.",
    "Nothing is printed. An entry of the same name is a conflict; -f replaces its content, and the old values stay in its history.",
  ],
  examples: [
    { command: "printf '%s\\n' \"$TOKEN\" | pm add ci/deploy -t api-key", note: "A key from a pipe" },
    { command: "pm add web/github -u mara --url https://github.com -g", note: "With a generated password" },
    { command: "pm add ssh/host -t ssh-key private=@id_ed25519 public=@id_ed25519.pub", note: "From files" },
    { command: "pm show web/github --json --reveal | pm add web/copy --json", note: "From JSON" },
  ],
  exits: ["error", "conflict", "unavailable"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const input = { ...args, ...options };
    const editor = options.edit ? await editorOf(ctx, options["allow-disk"]) : undefined;
    const create = await (ctx.globals.json ? createFromJson(ctx, input) : createFromArgs(ctx, input));
    const added =
      editor === undefined
        ? { path: create.path, result: await saveNew(ctx, create) }
        : await (await import("../add-text.ts")).addFromText(ctx, create, editor);
    await reportDurability(ctx, added.result);
    await ctx.out.note(`added "${added.path}"`);
  },
});

async function saveNew(ctx: Context, create: Create): Promise<EditResult> {
  const session = await ctx.vault();
  return await withConfirmation(ctx, () => session.edit([create]));
}

/** Chosen before anything is read or asked for. */
async function editorOf(ctx: Context, allowDisk: boolean): Promise<EditorOptions> {
  const { chooseEditor } = await import("../edit-text.ts");
  return { argv: await chooseEditor(ctx), allowDisk };
}
