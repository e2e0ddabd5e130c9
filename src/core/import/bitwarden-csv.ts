/** The CSV export of Bitwarden, of a person or an organisation: logins and notes only. */
import type { Field } from "../vault/model.ts";
import { type CsvPreset, isYes, LEFT_OUT } from "./csv-preset.ts";
import { textField, urlFields } from "./imported-entry.ts";

export const BITWARDEN_CSV: CsvPreset = {
  columns: ["type", "name", "notes", "fields", "login_uri", "login_username", "login_password"],
  map: {
    folder: "@folder",
    collections: "@folder",
    name: "@title",
    favorite: "@favourite",
    login_username: "username",
    login_password: "password",
    login_totp: "otp",
    type: LEFT_OUT,
    fields: LEFT_OUT,
    reprompt: LEFT_OUT,
    login_uri: LEFT_OUT,
    archiveddate: LEFT_OUT,
  },
  amend: (entry, cell) => ({
    ...entry,
    type: cell("type") === "note" ? "note" : "login",
    fields: [
      ...entry.fields,
      ...urlFields(splitUris(cell("login_uri"))),
      ...cell("fields").split("\n").flatMap(customField),
    ],
    tags: [
      ...(cell("archiveddate") === "" ? [] : ["archived"]),
      ...(isYes(cell("reprompt")) ? ["reprompt"] : []),
    ],
  }),
};

/** Joined by commas there, which an address may hold, too: a new one begins with a scheme. */
function splitUris(text: string): readonly string[] {
  return text.split(/,(?=[a-z][a-z\d+.-]*:\/\/)/i);
}

/** "name: value"; a line without a name belongs to no other one that could be told. */
function customField(line: string): readonly Field[] {
  const colon = line.indexOf(": ");
  return colon === -1
    ? textField("custom", "field", line)
    : textField("custom", line.slice(0, colon), line.slice(colon + 2));
}
