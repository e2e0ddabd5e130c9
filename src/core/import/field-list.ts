/** The fields of one entry, as a reader comes upon them. */
import type { EntryType, Field } from "../vault/model.ts";
import { isConcealedByDefault, standardFields } from "../vault/types.ts";

export interface FieldList {
  /** One of pm's own names. False where the text is empty or the entry has such a field already. */
  standard(name: string, text: string): boolean;
  /** Under a name of the other manager; empty ones are left out. Concealed where either of the two would conceal it. */
  custom(name: string, text: string, concealed?: boolean): void;
  /** url, url2, url3 …, each address once. */
  url(text: string): void;
  /** Standard fields first, in the order in which the type has them. */
  all(): readonly Field[];
}

export function fieldList(type: EntryType): FieldList {
  const fields: Field[] = [];
  const put = (name: string, text: string, concealed = false): void => {
    fields.push({
      name,
      text,
      encoding: "utf8",
      concealed: concealed || isConcealedByDefault(type, name),
    });
  };
  const urls = new Set<string>();
  return {
    standard: (name, text) => {
      const isFree = text !== "" && !fields.some((field) => field.name === name);
      if (isFree) put(name, text);
      return isFree;
    },
    custom: (name, text, concealed) => {
      if (text !== "") put(name, text, concealed);
    },
    url: (text) => {
      if (text === "" || urls.has(text)) return;
      urls.add(text);
      put(urls.size === 1 ? "url" : `url${urls.size}`, text);
    },
    all: () => inReadingOrder(type, fields),
  };
}

function inReadingOrder(type: EntryType, fields: readonly Field[]): readonly Field[] {
  const order = standardFields(type);
  const rank = ({ name }: Field): number => {
    const place = order.indexOf(name.replace(/^url\d+$/, "url"));
    return place === -1 ? order.length : place;
  };
  return fields.toSorted((a, b) => rank(a) - rank(b));
}

/** As a whole and as JSON, its private key too: a program that can use passkeys can have it back. */
export function addPasskey(fields: FieldList, passkey: unknown): void {
  if (typeof passkey === "object" && passkey !== null)
    fields.custom("passkey", JSON.stringify(passkey), true);
}
