/** The categories of 1Password by their `categoryUuid`, and where their fields go in pm. */
import type { EntryType } from "../vault/model.ts";

export interface OnePuxCategory {
  readonly type: EntryType;
  /** Said in a field of its own, where pm's type does not say it. */
  readonly title?: string;
  /** Pm's name for each field of 1Password, by its id. */
  readonly fields: Readonly<Record<string, string>>;
}

const PERSON = { fullname: "name", name: "name", address: "address", phone: "phone", email: "email" };
const ACCOUNT = { username: "username", password: "password", url: "url" };

/** The ids of the fields are those of 1Password's own templates (`op item template get`). */
const CATEGORIES: Readonly<Record<string, OnePuxCategory>> = {
  "001": { type: "login", fields: ACCOUNT },
  "002": {
    type: "card",
    fields: { cardholder: "holder", ccnum: "number", expiry: "expiry", cvv: "cvv", pin: "pin" },
  },
  "003": { type: "note", fields: {} },
  "004": { type: "identity", fields: { email: "email", defphone: "phone", address: "address" } },
  "005": { type: "login", fields: ACCOUNT },
  "006": { type: "custom", title: "Document", fields: {} },
  "100": { type: "custom", title: "Software Licence", fields: {} },
  "101": { type: "custom", title: "Bank Account", fields: {} },
  "102": { type: "login", title: "Database", fields: ACCOUNT },
  "103": { type: "identity", title: "Driver Licence", fields: PERSON },
  "104": { type: "identity", title: "Outdoor Licence", fields: PERSON },
  "105": { type: "custom", title: "Membership", fields: {} },
  "106": { type: "identity", title: "Passport", fields: PERSON },
  "107": { type: "custom", title: "Reward Programme", fields: {} },
  "108": { type: "identity", title: "Social Security Number", fields: PERSON },
  "109": { type: "wifi", fields: { network_name: "ssid", wireless_password: "password" } },
  "110": { type: "login", title: "Server", fields: ACCOUNT },
  "111": {
    type: "login",
    title: "Email Account",
    fields: { pop_username: "username", pop_password: "password" },
  },
  "112": { type: "api-key", fields: { credential: "key" } },
  "113": { type: "custom", title: "Medical Record", fields: {} },
  "114": { type: "ssh-key", fields: { private_key: "private" } },
  "115": { type: "custom", title: "Crypto Wallet", fields: {} },
};

/** An unknown category keeps its number. */
export function onePuxCategory(uuid: string): OnePuxCategory {
  const known = Object.hasOwn(CATEGORIES, uuid) ? CATEGORIES[uuid] : undefined;
  return known ?? { type: "custom", ...(uuid === "" ? {} : { title: uuid }), fields: {} };
}
