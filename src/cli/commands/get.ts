import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Entry, ENTRY_TYPES, type Field } from "../../core/vault/model.ts";
import { findField } from "../../core/vault/types.ts";
import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { deliver, destinationOf } from "../deliver.ts";
import { defaultField, findEntry, readWanted, warnAbout } from "../lookup.ts";
import { bytesOf } from "../values.ts";

export const get: Command = defineCommand({
  args: [
    { ...ENTRY_ARG, summary: "Name or id:HEX of the entry, or pm://…" },
    { name: "field", summary: "Field to print; the secret of the entry without it", completes: "field" },
  ],
  options: {
    field: {
      kind: "list",
      short: "f",
      hint: "FIELD",
      completes: "field",
      summary: "Field to print; may stand several times",
    },
    "no-newline": { kind: "flag", short: "n", summary: "Print exactly the value, without a newline" },
    output: {
      kind: "value",
      short: "o",
      hint: "FILE",
      completes: "file",
      summary: "Write to a new private file (- is stdout)",
    },
    overwrite: { kind: "flag", summary: "Let -o replace a file" },
    clip: {
      kind: "optional",
      short: "c",
      hint: "SECONDS",
      summary: "Copy to the clipboard, cleared after 45 s",
    },
    qr: { kind: "flag", summary: "Show a QR code on the terminal; of a wifi what joins it" },
    chars: { kind: "value", hint: "LIST", summary: "Print only these characters, as in 3,7 or 1-3" },
    rev: { kind: "value", hint: "N", summary: "An earlier value: -1 is the one before the current one" },
    type: { kind: "value", hint: "TYPE", choices: ENTRY_TYPES, summary: "Only an entry of this type" },
  },
  details: [
    "Prints the value and one newline; a value that ends in a newline gets no second one. -n and -o give the exact bytes.",
    "Without FIELD it is the password of a login or wifi, the text of a note, the number of a card, the private key of an ssh-key, the key of an api-key; of a custom entry its password, else its only field.",
    "Names and fields are matched exactly, else by the only one that differs in case. At a terminal a picker opens where the name leads to none or to several, or is left out; a script never gets another entry than the one it named.",
    "With several fields each stands on a line of its own, in the order asked for.",
    "--rev -1 prints the value that the field had before, --rev -2 the one before that; pm history lists them. --rev 0 is the current one.",
    "A secret of a use-only entry takes the master password again; with a machine key it is exit 4.",
    "--qr shows the value as a QR code, on a terminal only (12). Of a wifi entry without FIELD it is what phones join the network with: its ssid and its password.",
    "--clip copies the value instead, and takes it off the clipboard again after SECONDS, PM_CLIP_TIME, the setting clip-time or 45 s, unless something else was copied meanwhile.",
  ],
  examples: [
    { command: "pm get web/github", note: "The password" },
    { command: "pm get web/github -f username -f password", note: "Other fields, one a line" },
    { command: "pm get ssh/host -o key", note: "A key into a private file" },
    { command: "pm get web/github --rev -1", note: "The password before this one" },
    { command: "pm get wifi/home --qr", note: "What a phone joins the network with" },
    { command: "pm get web/bank --chars 3,7", note: "The third and the seventh character" },
  ],
  exits: ["not-found", "ambiguous", "conflict", "unavailable"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const destination = await destinationOf(ctx, options);
    if (destination.to === "json" && options.chars !== undefined) {
      throw new PmError("usage", "--chars and --json exclude each other");
    }
    const pick = await pickerOf(options.chars);
    if (args.name.startsWith("pm://")) {
      const { deliverReferenced } = await import("../get-reference.ts");
      const others = [args.field, ...options.field, options.rev, options.type];
      return await deliverReferenced(ctx, args.name, { others, destination, pick });
    }
    const find = await finderOf(options.rev);
    const type = ENTRY_TYPES.find((known) => known === options.type);
    const row = await findEntry(ctx, args.name, { type });
    const names = [...(args.field === undefined ? [] : [args.field]), ...options.field];
    const isWhole = names.length === 0 && options.rev === undefined && options.chars === undefined;
    if (isWhole && destination.to === "qr" && row.type === "wifi") {
      const { showJoinCode } = await import("../join-code.ts");
      return await showJoinCode(ctx, row.id);
    }
    const { entry, fields } = await readWanted(ctx, row.id, (read) =>
      Promise.all(names.length === 0 ? [find(read)] : names.map((name) => find(read, name))),
    );
    await warnAbout(ctx, entry, fields);
    if (destination.to === "json") {
      const { fieldsToJson } = await import("../entry-json.ts");
      return ctx.out.json(fieldsToJson(entry, fields));
    }
    const whole = fields.map((field) => bytesOf(field));
    try {
      await deliver(ctx, whole.map(pick), destination);
    } finally {
      wipe(...whole);
    }
  },
});

type Finder = (entry: Entry, name?: string) => Promise<Field>;

/** How a field is found: the default one where none is named, an earlier value where one is asked for. */
async function finderOf(rev: string | undefined): Promise<Finder> {
  if (rev === undefined) {
    return (entry, name) => (name === undefined ? defaultField(entry) : findField(entry, name));
  }
  const { fieldAt, parseRevision } = await import("../revisions.ts");
  const number = parseRevision(rev);
  return (entry, name) => fieldAt(entry, name, number);
}

type Picker = (value: Uint8Array) => Uint8Array;

/** What is printed of a value; `pm get` loads no more than a plain call needs. */
async function pickerOf(chars: string | undefined): Promise<Picker> {
  if (chars === undefined) return (value) => value;
  const { parseChars, pickChars } = await import("../chars.ts");
  const ranges = parseChars(chars);
  return (value) => pickChars(value, ranges);
}
