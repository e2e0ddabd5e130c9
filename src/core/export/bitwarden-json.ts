/**
 * Bitwarden's unencrypted JSON, as its own export writes it (github.com/bitwarden/clients,
 * libs/common/src/models/export): what it can't hold becomes a custom field, or is reported.
 */
import { toBase64, toHex, utf8 } from "../bytes.ts";
import { sha256 } from "../crypto/sha256.ts";
import { timeText } from "../time-text.ts";
import { parsePublicLine } from "../ssh/openssh-key.ts";
import type { Row } from "../vault/model.ts";
import {
  customField,
  type CustomField,
  earlierFields,
  factFields,
  type FieldTaker,
  fieldTaker,
  isLeftOut,
  isLoginLike,
  splitPath,
} from "./bitwarden-item.ts";
import type { ExportedEntry, LossReport } from "./exported.ts";

/** CipherType. */
const TYPE = { login: 1, note: 2, card: 3, identity: 4, sshKey: 5 } as const;
/** FieldType: text, hidden. */
const FIELD = { text: 0, hidden: 1 } as const;

type Members = Readonly<Record<string, unknown>>;

/** @param rows those of the entries: their folders stand in front */
export async function* exportBitwarden(
  entries: AsyncIterable<ExportedEntry>,
  { rows, lose }: { readonly rows: readonly Row[]; readonly lose: LossReport },
): AsyncGenerator<string> {
  const live = rows.filter(({ trashed }) => !trashed);
  const names = new Set(live.map(({ path }) => splitPath(path)[0]).filter((name) => name !== ""));
  const folders = [...names].map((name) => ({ id: folderId(name), name }));
  yield `{"encrypted":false,"folders":${JSON.stringify(folders)},"items":[`;
  let before = "\n";
  for await (const entry of entries) {
    if (isLeftOut(entry, lose)) continue;
    yield `${before}${JSON.stringify(itemOf(entry))}`;
    before = ",\n";
  }
  yield "\n]}\n";
}

/** The same name has the same id in every export. */
function folderId(name: string): string | null {
  return name === "" ? null : uuid(toHex(sha256(utf8(name))));
}

function uuid(digits: string): string {
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function itemOf(entry: ExportedEntry): Members {
  const [folder, name] = splitPath(entry.path);
  const fields = fieldTaker(entry);
  const { type, content, isExact } = contentOf(entry, fields);
  const notes = fields.take("notes") ?? null;
  const custom = [
    ...fields.rest().map(customField),
    ...factFields(entry, isExact ? undefined : entry.type),
    ...earlierFields(entry),
  ];
  return {
    id: uuid(entry.id),
    organizationId: null,
    folderId: folderId(folder),
    type,
    reprompt: entry.useOnly ? 1 : 0,
    name,
    notes,
    favorite: entry.favourite,
    fields: custom.map(fieldMembers),
    ...content,
    collectionIds: null,
    passwordHistory: passwordHistory(entry),
    creationDate: timeText(entry.created),
    revisionDate: timeText(entry.modified),
    deletedDate: null,
  };
}

function fieldMembers({ name, value, hidden }: CustomField): Members {
  return { name, value, type: hidden ? FIELD.hidden : FIELD.text, linkedId: null };
}

/** Newest first, each with the time at which the next one took its place. */
function passwordHistory({ history, written, modified }: ExportedEntry): readonly Members[] | null {
  const earlier = history.filter(({ field, value }) => field === "password" && value.encoding === "utf8");
  const ends = [written?.["password"] ?? modified, ...earlier.map((item) => item.written)];
  const items = earlier.map(({ value }, n) => ({
    lastUsedDate: timeText(ends[n] ?? modified),
    password: value.text,
  }));
  return items.length === 0 ? null : items;
}

interface Item {
  readonly type: number;
  readonly content: Members;
  /** Whether the type says which one of pm's it was. */
  readonly isExact: boolean;
}

function contentOf(entry: ExportedEntry, fields: FieldTaker): Item {
  switch (entry.type) {
    case "login":
      return { ...login(fields), isExact: true };
    case "note":
      return { ...note(), isExact: true };
    case "card":
      return { type: TYPE.card, content: { card: card(fields) }, isExact: true };
    case "identity":
      return { type: TYPE.identity, content: { identity: identity(fields) }, isExact: true };
    case "ssh-key": {
      const key = sshKey(entry, fields);
      if (key === undefined) return { ...note(), isExact: false };
      return { type: TYPE.sshKey, content: { sshKey: key }, isExact: true };
    }
    default:
      return { ...(isLoginLike(entry) ? login(fields) : note()), isExact: false };
  }
}

function login(fields: FieldTaker): Omit<Item, "isExact"> {
  const uris = fields.takeUrls().map((uri) => ({ match: null, uri }));
  const content = {
    uris,
    username: fields.take("username") ?? null,
    password: fields.take("password") ?? null,
    totp: fields.take("otp") ?? null,
  };
  return { type: TYPE.login, content: { login: content } };
}

function note(): Omit<Item, "isExact"> {
  return { type: TYPE.note, content: { secureNote: { type: 0 } } };
}

function card(fields: FieldTaker): Members {
  return {
    cardholderName: fields.take("holder") ?? null,
    brand: null,
    number: fields.take("number") ?? null,
    ...expiry(fields),
    code: fields.take("cvv") ?? null,
  };
}

/** Month and year, where it is written so that they give the same text again; else it stays a custom field. */
function expiry(fields: FieldTaker): Members {
  const text = fields.rest().find(({ name }) => name === "expiry")?.text ?? "";
  const [, month, year] = /^(0[1-9]|1[0-2])\/(\d{4})$/.exec(text) ?? [];
  if (month === undefined) return { expMonth: null, expYear: null };
  fields.take("expiry");
  return { expMonth: String(Number(month)), expYear: year };
}

function identity(fields: FieldTaker): Members {
  const [firstName, middleName, lastName] = nameParts(fields.take("name"));
  return {
    title: null,
    firstName,
    middleName,
    lastName,
    address1: fields.take("address") ?? null,
    address2: null,
    address3: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    company: null,
    email: fields.take("email") ?? null,
    phone: fields.take("phone") ?? null,
    ssn: null,
    username: fields.take("username") ?? null,
    passportNumber: null,
    licenseNumber: null,
  };
}

/** As Bitwarden splits names, where joining the parts with spaces gives the name again. */
function nameParts(name: string | undefined): readonly [string | null, string | null, string | null] {
  if (name === undefined) return [null, null, null];
  const parts = name.split(" ");
  const [first = "", second = "", ...more] = parts;
  if (parts.length === 1 || parts.includes("")) return [name, null, null];
  return more.length === 0 ? [first, null, second] : [first, second, more.join(" ")];
}

/** Bitwarden refuses a key without its public half. */
function sshKey({ fields }: ExportedEntry, taker: FieldTaker): Members | undefined {
  const text = (name: string): string =>
    fields.find((field) => field.name === name && field.encoding === "utf8")?.text ?? "";
  const keyFingerprint = fingerprint(text("public"));
  if (keyFingerprint === undefined || text("private").trim() === "") return undefined;
  return { privateKey: taker.take("private"), publicKey: taker.take("public"), keyFingerprint };
}

function fingerprint(publicLine: string): string | undefined {
  try {
    return `SHA256:${toBase64(sha256(parsePublicLine(publicLine))).replace(/=+$/, "")}`;
  } catch {
    return undefined;
  }
}
