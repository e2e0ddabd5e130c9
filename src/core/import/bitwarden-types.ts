/** The fields of Bitwarden's types of items, under pm's names. */
import type { EntryType, Field } from "../vault/model.ts";
import { listOf, type Members, membersOf, textOf } from "./foreign-value.ts";
import { textField, urlFields } from "./imported-entry.ts";

export interface Typed {
  readonly type: EntryType;
  readonly fields: readonly Field[];
}

/** CipherType of Bitwarden: 1 login, 2 note, 3 card, 4 identity, 5 SSH key; later ones become "custom". */
export function typedFields(item: Members): Typed {
  switch (item["type"]) {
    case 1:
      return { type: "login", fields: login(membersOf(item["login"])) };
    case 2:
      return { type: "note", fields: [] };
    case 3:
      return { type: "card", fields: card(membersOf(item["card"])) };
    case 4:
      return { type: "identity", fields: identity(membersOf(item["identity"])) };
    case 5:
      return { type: "ssh-key", fields: sshKey(membersOf(item["sshKey"])) };
    default:
      return { type: "custom", fields: laterType(item) };
  }
}

const MATCH_WORDS = ["domain", "host", "starts with", "exact", "regular expression", "never"];

function login({ username, password, totp, uris, fido2Credentials, ...others }: Members): readonly Field[] {
  const addresses = listOf(uris).map(membersOf);
  const urls = urlFields(addresses.map(({ uri }) => textOf(uri)));
  return [
    ...textField("login", "username", textOf(username)),
    ...textField("login", "password", textOf(password)),
    ...urls,
    ...urls.flatMap(({ name, text }) => {
      const match = addresses.find(({ uri }) => uri === text)?.["match"];
      return textField("login", `${name} match`, MATCH_WORDS[Number(match ?? Number.NaN)] ?? textOf(match));
    }),
    ...textField("login", "otp", textOf(totp)),
    // The private key is in it: a program that can use passkeys can have it back.
    ...listOf(fido2Credentials).flatMap((passkey) => textField("login", "passkey", textOf(passkey), true)),
    ...rest("login", others, ["passwordRevisionDate", "uri", "autofillOnPageLoad"]),
  ];
}

function card({ cardholderName, number, expMonth, expYear, code, ...others }: Members): readonly Field[] {
  const month = textOf(expMonth).padStart(expMonth === null || expMonth === undefined ? 0 : 2, "0");
  const expiry = [month, textOf(expYear)].filter((part) => part !== "").join("/");
  return [
    ...textField("card", "holder", textOf(cardholderName)),
    ...textField("card", "number", textOf(number)),
    ...textField("card", "expiry", expiry),
    ...textField("card", "cvv", textOf(code)),
    ...rest("card", others),
  ];
}

const NAME_PARTS = ["title", "firstName", "middleName", "lastName"];
const ADDRESS_PARTS = ["address1", "address2", "address3", "postalCode", "city", "state", "country"];

function identity(members: Members): readonly Field[] {
  const { email, phone, ...others } = members;
  const joined = (parts: readonly string[], between: string): string =>
    parts
      .map((part) => textOf(members[part]))
      .filter((part) => part !== "")
      .join(between);
  return [
    ...textField("identity", "name", joined(NAME_PARTS, " ")),
    ...textField("identity", "email", textOf(email)),
    ...textField("identity", "phone", textOf(phone)),
    ...textField("identity", "address", joined(ADDRESS_PARTS, "\n")),
    ...rest("identity", others, [...NAME_PARTS, ...ADDRESS_PARTS]),
  ];
}

function sshKey({ privateKey, publicKey, keyFingerprint, ...others }: Members): readonly Field[] {
  return [
    ...textField("ssh-key", "private", textOf(privateKey)),
    ...textField("ssh-key", "public", textOf(publicKey)),
    ...textField("ssh-key", "fingerprint", textOf(keyFingerprint)),
    ...rest("ssh-key", others),
  ];
}

/** Facts of the item itself; what else is a structure holds the fields of its type. */
const ITEM_LISTS: ReadonlySet<string> = new Set([
  "fields",
  "passwordHistory",
  "collectionIds",
  "attachments",
]);

function laterType(item: Members): readonly Field[] {
  return Object.entries(item)
    .filter(([name, value]) => typeof value === "object" && !ITEM_LISTS.has(name))
    .flatMap(([, value]) => rest("custom", membersOf(value)));
}

/** What pm has no name for, as fields: "maidenName" is "maiden name". */
function rest(type: EntryType, members: Members, taken: readonly string[] = []): readonly Field[] {
  return Object.entries(members)
    .filter(([name]) => !taken.includes(name))
    .flatMap(([name, value]) => {
      const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
      const secret = /^(ssn|(account|passport|license|routing) number|pin|iban)$/.test(words);
      return textField(type, words, textOf(value), secret || undefined);
    });
}
