/** Entries and rows with everything that a test does not care about filled in. */
import type { Entry, Field, Row } from "../../src/core/vault/model.ts";

const ID = "0123456789abcdef0123456789abcdef";
const TIME = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

export function plain(name: string, text: string): Field {
  return { name, text, encoding: "utf8", concealed: false };
}

export function secret(name: string, text: string): Field {
  return { ...plain(name, text), concealed: true };
}

export function binary(name: string, base64: string): Field {
  return { name, text: base64, encoding: "base64", concealed: true };
}

export function entryOf(facts: Partial<Entry>): Entry {
  return {
    id: ID,
    path: "web/github",
    type: "login",
    fields: [],
    attachments: [],
    tags: [],
    expires: undefined,
    favourite: false,
    useOnly: false,
    recipe: undefined,
    trashed: false,
    created: TIME,
    modified: TIME,
    history: [],
    conflicts: [],
    ...facts,
  };
}

export function rowOf(facts: Partial<Row>): Row {
  return {
    id: ID,
    path: "web/github",
    username: "",
    hosts: [],
    tags: [],
    type: "login",
    trashed: false,
    favourite: false,
    hasOtp: false,
    conflict: false,
    modified: TIME,
    ...facts,
  };
}
