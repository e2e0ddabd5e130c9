/** The CSV export of LastPass: notes stand in it as logins of http://sn, and typed ones as lines of a note. */
import type { EntryType } from "../vault/model.ts";
import { type CsvPreset, isYes, LEFT_OUT } from "./csv-preset.ts";
import type { ImportedEntry } from "./imported.ts";
import { textField } from "./imported-entry.ts";

const NOTE_URL = "http://sn";

export const LASTPASS: CsvPreset = {
  columns: ["url", "username", "password", "extra", "name", "grouping", "fav"],
  map: { name: "@title", extra: "notes", grouping: "@folder", totp: "otp", fav: LEFT_OUT },
  folderSeparator: "\\",
  amend: (entry, cell) => {
    const known = { ...entry, favourite: isYes(cell("fav")) };
    return cell("url") === NOTE_URL ? secureNote(known, cell("extra")) : known;
  },
};

/** The types with fields of their own, and pm's names for them; others are notes with fields. */
const TYPES: Readonly<Record<string, { type: EntryType; names: Readonly<Record<string, string>> }>> = {
  "Credit Card": {
    type: "card",
    names: {
      "Name on Card": "holder",
      Number: "number",
      "Security Code": "cvv",
      "Expiration Date": "expiry",
    },
  },
  "SSH Key": {
    type: "ssh-key",
    names: { "Private Key": "private", "Public Key": "public", Passphrase: "passphrase" },
  },
  "Wi-Fi Password": { type: "wifi", names: { SSID: "ssid", Password: "password" } },
  Server: { type: "login", names: { Hostname: "url", Username: "username", Password: "password" } },
  Database: { type: "login", names: { Username: "username", Password: "password" } },
  "Email Account": { type: "login", names: { Username: "username", Password: "password" } },
  "Instant Messenger": { type: "login", names: { Username: "username", Password: "password" } },
};

function secureNote(entry: ImportedEntry, text: string): ImportedEntry {
  const others = entry.fields.filter(({ name }) => name !== "notes" && name !== "url");
  const kind = /^NoteType:([^\n]*)\n/.exec(text)?.[1]?.trim() ?? "";
  if (kind === "")
    return { ...entry, type: "note", fields: [...textField("note", "notes", text), ...others] };
  const { type, names } = (Object.hasOwn(TYPES, kind) ? TYPES[kind] : undefined) ?? {
    type: "custom",
    names: {},
  };
  const fields = typedFields(text).flatMap(([name, value]) =>
    textField(type, Object.hasOwn(names, name) ? (names[name] ?? name) : name, value),
  );
  return { ...entry, type, fields: [...textField(type, "note type", kind), ...fields, ...others] };
}

/** Lines of "Name:value"; one that is none belongs to the value before it, and all after Notes: to the notes. */
function typedFields(text: string): readonly (readonly [name: string, value: string])[] {
  const pairs: [string, string][] = [];
  const [lines, notes] = splitNotes(text);
  for (const line of lines.split("\n").slice(1)) {
    const colon = line.indexOf(":");
    const last = pairs.at(-1);
    const isNew = colon > 0 && /^[A-Z][\p{L}\d ()/'.-]{0,60}$/u.test(line.slice(0, colon));
    if (isNew) pairs.push([line.slice(0, colon), line.slice(colon + 1)]);
    else if (last !== undefined) last[1] += `\n${line}`;
    else pairs.push(["text", line]);
  }
  // The language of the form, not something that anybody typed.
  const known = pairs
    .filter(([name]) => name !== "Language")
    .map(([name, value]): [string, string] => [name, value.replace(/\n$/, "")]);
  return [...known, ["notes", notes]];
}

function splitNotes(text: string): readonly [string, string] {
  const start = text.indexOf("\nNotes:");
  return start === -1 ? [text, ""] : [text.slice(0, start), text.slice(start + "\nNotes:".length)];
}
