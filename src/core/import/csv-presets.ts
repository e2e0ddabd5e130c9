/**
 * CSV exports that are known by their header alone. docs/import.md names where the columns come from; where a program
 * adds one its exports are still recognised, and the column becomes a field.
 */
import { type CsvPreset, isYes, LEFT_OUT } from "./csv-preset.ts";

export const CHROME: CsvPreset = {
  columns: ["name", "url", "username", "password"],
  without: ["type", "folder", "grouping", "cardnumber"],
  map: { name: "@title", note: "notes" },
};

export const FIREFOX: CsvPreset = {
  columns: ["url", "username", "password", "httprealm", "formactionorigin", "guid"],
  map: {
    timecreated: "@created",
    httprealm: "http realm",
    formactionorigin: LEFT_OUT,
    guid: LEFT_OUT,
    timelastused: LEFT_OUT,
    timepasswordchanged: LEFT_OUT,
  },
};

export const SAFARI: CsvPreset = {
  columns: ["title", "url", "username", "password", "notes", "otpauth"],
  without: ["favorite", "archived"],
  map: { otpauth: "otp" },
};

export const ONEPASSWORD: CsvPreset = {
  columns: ["title", "username", "password", "otpauth", "favorite", "archived"],
  map: { website: "url", otpauth: "otp", favorite: "@favourite", tags: "@tags", archived: LEFT_OUT },
  amend: (entry, cell) => (isYes(cell("archived")) ? { ...entry, tags: [...entry.tags, "archived"] } : entry),
};

export const KEEPASSXC: CsvPreset = {
  columns: ["group", "title", "username", "password", "url", "notes"],
  map: {
    group: "@folder",
    totp: "otp",
    created: "@created",
    icon: LEFT_OUT,
    "last modified": LEFT_OUT,
  },
  // The root group has a name, and every entry is below it.
  amend: (entry) => ({ ...entry, folders: entry.folders.slice(1) }),
};

export const PROTON: CsvPreset = {
  columns: ["type", "name", "url", "email", "username", "password", "note", "totp"],
  map: {
    name: "@title",
    note: "notes",
    totp: "otp",
    createtime: "@created",
    vault: "@folder",
    type: LEFT_OUT,
    modifytime: LEFT_OUT,
  },
};

export const DASHLANE: CsvPreset = {
  columns: ["username", "username2", "username3", "title", "password", "note", "url", "category"],
  map: { note: "notes", category: "@folder", otpsecret: "otp", otpurl: "otp" },
};

export const DASHLANE_NOTES: CsvPreset = {
  columns: ["title", "note"],
  without: ["password", "username", "login", "field"],
  map: { note: "notes", category: "@folder" },
};

export const BUTTERCUP: CsvPreset = {
  columns: ["!group_id", "!group_name", "title", "username", "password", "id"],
  map: { "!group_name": "@folder", note: "notes", "!group_id": LEFT_OUT, id: LEFT_OUT },
};
