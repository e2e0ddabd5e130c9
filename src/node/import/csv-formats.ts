/** The CSV formats with a header that tells them, for the table in formats.ts. */
import { BITWARDEN_CSV } from "../../core/import/bitwarden-csv.ts";
import { LASTPASS } from "../../core/import/csv-lastpass.ts";
import type { CsvPreset } from "../../core/import/csv-preset.ts";
import * as presets from "../../core/import/csv-presets.ts";
import * as records from "../../core/import/csv-records.ts";
import type { FileFormat } from "../../core/import/reader.ts";

export const CSV_FORMATS: readonly FileFormat[] = [
  csv("bitwarden-csv", "Bitwarden (CSV)", BITWARDEN_CSV),
  csv("lastpass-csv", "LastPass (CSV)", LASTPASS),
  csv("keepassxc-csv", "KeePassXC (CSV)", presets.KEEPASSXC),
  csv("1password-csv", "1Password (CSV)", presets.ONEPASSWORD),
  csv("firefox-csv", "Firefox (CSV)", presets.FIREFOX),
  csv("safari-csv", "Safari and Apple Passwords (CSV)", presets.SAFARI),
  csv("proton-csv", "Proton Pass (CSV)", presets.PROTON),
  csv("nordpass-csv", "NordPass (CSV)", records.NORDPASS),
  csv("dashlane-csv", "Dashlane (CSV)", presets.DASHLANE),
  csv("dashlane-payments", "Dashlane (CSV of payments)", records.DASHLANE_PAYMENTS),
  csv("dashlane-ids", "Dashlane (CSV of documents)", records.DASHLANE_IDS),
  csv("dashlane-personal", "Dashlane (CSV of personal information)", records.DASHLANE_PERSONAL),
  csv("dashlane-notes", "Dashlane (CSV of notes)", presets.DASHLANE_NOTES),
  csv("buttercup-csv", "Buttercup (CSV)", presets.BUTTERCUP),
  csv("roboform-csv", "RoboForm (CSV)", records.ROBOFORM),
  csv("chrome-csv", "Chrome, Edge, Brave and others (CSV)", presets.CHROME),
];

/** Those without a header: recognised by what is typical of a row, else where people name them. */
export const HEADLESS_FORMATS: readonly FileFormat[] = [
  {
    kind: "file",
    name: "enpass-csv",
    title: "Enpass (CSV)",
    recognises: (file) => {
      const [title, label, ...rest] = file.columns();
      return (
        (title === "title" && label === "field") || [label, ...rest].some((cell) => cell === "*password")
      );
    },
    accepts: (file) => file.columns().length > 1,
    load: async () => (await import("../../core/import/csv-pairs.ts")).readEnpassCsv,
  },
  {
    kind: "file",
    name: "keeper-csv",
    title: "Keeper (CSV)",
    recognises: (file) => file.columns().length > 5 && /^https?:\/\//.test(file.columns()[4] ?? ""),
    accepts: (file) => file.columns().length > 5,
    load: async () => (await import("../../core/import/csv-pairs.ts")).readKeeperCsv,
  },
];

function csv(name: string, title: string, preset: CsvPreset): FileFormat {
  return {
    kind: "file",
    name,
    title,
    recognises: (file) => {
      const columns = new Set(file.columns());
      return (
        preset.columns.every((column) => columns.has(column)) &&
        !preset.without?.some((one) => columns.has(one))
      );
    },
    load: async () => (await import("../../core/import/csv-reader.ts")).csvReader(preset),
  };
}
