/** CSV exports without a header, whose rows have labels beside their values: Enpass and Keeper. */
import type { EntryType, Field } from "../vault/model.ts";
import { parseCsvRows } from "./csv.ts";
import type { ImportedEntry } from "./imported.ts";
import { PLAIN_ENTRY, textField, urlFields } from "./imported-entry.ts";
import type { ImportFile, Reader } from "./reader.ts";

/** Of Enpass: title, then label and value in turns, then perhaps a note. A * marks labels of secrets. */
export const readEnpassCsv: Reader = async (file) => ({
  entries: (await rowsOf(file)).filter((cells) => !isEnpassHeader(cells)).map(enpassEntry),
  skipped: [],
});

/** Of Keeper: folder, title, login, password, address, notes, shared folder, then label and value in turns. */
export const readKeeperCsv: Reader = async (file) => ({
  entries: (await rowsOf(file)).map(keeperEntry),
  skipped: [],
});

async function rowsOf(file: ImportFile): Promise<readonly (readonly string[])[]> {
  return (await parseCsvRows(file.text() ?? "", file.name)).map(({ cells }) => cells);
}

function isEnpassHeader([title = "", label = ""]: readonly string[]): boolean {
  return title.toLowerCase() === "title" && label.toLowerCase() === "field";
}

type Pair = readonly [label: string, value: string];

function pairsOf(cells: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < cells.length; at += 2) pairs.push([cells[at] ?? "", cells[at + 1] ?? ""]);
  return pairs.filter(([, value]) => value !== "");
}

/** What labels of Enpass mean in pm. */
const LOGIN: ReadonlyMap<string, string> = new Map([
  ["username", "username"],
  ["e-mail", "email"],
  ["email", "email"],
  ["password", "password"],
  ["website", "url"],
  ["url", "url"],
  ["totp", "otp"],
  ["one-time code", "otp"],
]);
const CARD: ReadonlyMap<string, string> = new Map([
  ["cardholder", "holder"],
  ["number", "number"],
  ["expiry date", "expiry"],
  ["cvc", "cvv"],
  ["pin", "pin"],
]);

function enpassEntry([title = "", ...rest]: readonly string[]): ImportedEntry {
  const note = rest.length % 2 === 1 ? (rest.at(-1) ?? "") : "";
  const pairs = pairsOf(rest.length % 2 === 1 ? rest.slice(0, -1) : rest);
  const labels = new Set(pairs.map(([label]) => plainLabel(label)));
  const type = enpassType(pairs, labels);
  const names = type === "card" ? CARD : LOGIN;
  const urls = pairs.filter(([label]) => names.get(plainLabel(label)) === "url").map(([, value]) => value);
  const fields = pairs.flatMap(([label, value]): readonly Field[] => {
    const name = type === "note" ? undefined : names.get(plainLabel(label));
    if (name === "url") return [];
    return textField(type, name ?? label.replace(/^\*/, ""), value, label.startsWith("*") || undefined);
  });
  return {
    ...PLAIN_ENTRY,
    folders: [],
    title,
    type,
    fields: [...fields, ...urlFields(urls), ...textField(type, "notes", note)],
  };
}

function plainLabel(label: string): string {
  return label.replace(/^\*/, "").trim().toLowerCase();
}

function enpassType(pairs: readonly Pair[], labels: ReadonlySet<string>): EntryType {
  if (pairs.length === 0) return "note";
  return labels.has("cardholder") && labels.has("number") ? "card" : "login";
}

/** The label of one-time codes. */
const KEEPER_OTP = "TFC:Keeper";

function keeperEntry(cells: readonly string[]): ImportedEntry {
  const [folder = "", title = "", username, password, url, notes, shared = "", ...rest] = cells;
  const type = [username, password, url].some((text) => text !== undefined && text !== "") ? "login" : "note";
  return {
    ...PLAIN_ENTRY,
    folders: (folder === "" ? shared : folder).split("\\").filter((part) => part !== ""),
    title,
    type,
    fields: [
      ...textField(type, "username", username),
      ...textField(type, "password", password),
      ...urlFields([url]),
      ...textField(type, "notes", notes),
      ...pairsOf(rest).flatMap(([label, value]) =>
        textField(type, label === KEEPER_OTP ? "otp" : label, value),
      ),
    ],
  };
}
