import { PmError } from "../../core/errors.ts";
import { ENTRY_TYPES } from "../../core/vault/model.ts";
import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { withConfirmation } from "../confirm.ts";
import { parseExpiry } from "../dates.ts";
import { judgeFields, literalArg, parseFieldArgs, readFields } from "../fields.ts";
import { findEntry } from "../lookup.ts";
import { parseTagChange, parseType } from "../names.ts";
import { reportSaved } from "../report.ts";

export const set: Command = defineCommand({
  args: [
    ENTRY_ARG,
    { name: "fields", summary: "field=value, field=@FILE or field=-", variadic: true, completes: "field" },
  ],
  options: {
    tag: { kind: "list", hint: "TAGS", summary: "Tags to add and remove, as in +work,-old" },
    fav: { kind: "flag", summary: "Mark as a favourite" },
    "no-fav": { kind: "flag", summary: "No longer a favourite" },
    "use-only": { kind: "flag", summary: "For programs: to see its secrets takes the password again" },
    "no-use-only": { kind: "flag", summary: "No longer use-only; takes the password again" },
    type: { kind: "value", hint: "TYPE", choices: ENTRY_TYPES, summary: "Change the type" },
    url: { kind: "value", hint: "URL", summary: "Set the field url" },
    expires: { kind: "value", hint: "WHEN", summary: "90d, 12w, 6m, 1y, YYYY-MM-DD or none" },
    "keep-newline": { kind: "flag", summary: "Keep a newline at the end of what is read" },
  },
  details: [
    "Changes fields of an entry, all of them in one save; a field that is not there is added, and a replaced value stays in the history of the entry.",
    "field=value is for what is no secret; a secret in an argument is refused. field=- takes standard input, field=@FILE the bytes of a file, field=@@text is the text @text. One newline at the end of what is read is removed, unless --keep-newline is given.",
    "field:secret= and field:plain= say whether a field of your own is a secret; otherwise it stays what it is.",
    "A use-only entry is for run, otp, ssh-agent and credential. Whatever else would print or copy a secret of it takes the master password again, and so does --no-use-only. It keeps from accidents: whoever can run programs with the secret can see it.",
  ],
  examples: [
    { command: "pm set web/github username=mara2 --tag +work,-old", note: "A plain field and tags" },
    { command: "printf '%s\\n' \"$NEW\" | pm set web/github password=-", note: "A new password from a pipe" },
    { command: "pm set ci/deploy --expires 90d", note: "Expires in 90 days" },
    { command: "pm set ci/deploy region:plain=eu-west-1", note: "A field of your own" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const given = [
      ...parseFieldArgs(args.fields),
      ...(options.url === undefined ? [] : [literalArg("url", options.url)]),
    ];
    const tags = parseTagChange(options.tag);
    const type = options.type === undefined ? {} : { type: parseType(options.type) };
    const favourite = flagOf("fav", options.fav, options["no-fav"]);
    const useOnly = flagOf("use-only", options["use-only"], options["no-use-only"]);
    const meta = {
      ...expiryOf(options.expires, ctx.io.now()),
      ...(favourite === undefined ? {} : { favourite }),
      ...(useOnly === undefined ? {} : { useOnly }),
    };
    const changes = given.length + options.tag.length + Object.keys({ ...type, ...meta }).length;
    if (changes === 0)
      throw new PmError("usage", "set needs something to change", { hint: "pm set NAME field=value" });
    const { id, path, type: typeNow } = await findEntry(ctx, args.name, { live: true });
    const session = await ctx.vault();
    const { fields: existing } = await session.entry(id);
    const rules = { type: type.type ?? typeNow, existing, secretsInArgv: ctx.globals.insecureArgv };
    const fields = await readFields(ctx, judgeFields(given, rules), { keepNewline: options["keep-newline"] });
    const tagged = { addTags: tags.add, removeTags: tags.remove };
    const update = { kind: "update", id, set: fields, unset: [], ...tagged, ...type, meta } as const;
    const result = await withConfirmation(ctx, () => session.edit([update]));
    await reportSaved(ctx, result, `changed "${path}"`);
  },
});

function expiryOf(text: string | undefined, nowMs: number): { expires?: string | null } {
  if (text === undefined) return {};
  return { expires: text === "none" ? null : parseExpiry(text, nowMs) };
}

/** What `--NAME` and `--no-NAME` ask for together. */
function flagOf(name: string, on: boolean, off: boolean): boolean | undefined {
  if (on && off) throw new PmError("usage", `--${name} and --no-${name} exclude each other`);
  return on || off ? on : undefined;
}
