import { describe, expect, test } from "vitest";
import { ENTRY_TYPES, type EntryType } from "../../../src/core/vault/model.ts";
import {
  canonicalField,
  isConcealedByDefault,
  primaryField,
  standardFields,
} from "../../../src/core/vault/types.ts";

describe("standard fields", () => {
  test.each<[EntryType, readonly string[], string | undefined]>([
    ["login", ["username", "password", "url", "otp", "notes"], "password"],
    ["note", ["notes"], "notes"],
    ["card", ["holder", "number", "expiry", "cvv", "pin"], "number"],
    ["identity", ["name", "email", "phone", "address"], undefined],
    ["ssh-key", ["private", "public", "passphrase"], "private"],
    ["api-key", ["key", "secret"], "key"],
    ["wifi", ["ssid", "password"], "password"],
    ["custom", [], "password"],
  ])("%s", (type, fields, primary) => {
    expect(standardFields(type)).toEqual(fields);
    expect(primaryField(type)).toBe(primary);
  });

  test("a primary field is always concealed", () => {
    for (const type of ENTRY_TYPES) {
      const primary = primaryField(type);
      if (primary !== undefined) expect(isConcealedByDefault(type, primary)).toBe(true);
    }
  });
});

describe("aliases", () => {
  test.each<[EntryType, string, string]>([
    ["login", "user", "username"],
    ["login", "username", "username"],
    ["login", "toString", "toString"],
    ["custom", "user", "user"],
    ["wifi", "user", "user"],
  ])("%s %s is %s", (type, name, expected) => {
    expect(canonicalField(type, name)).toBe(expected);
  });
});

describe("concealment", () => {
  test.each<[EntryType, string]>([
    ["login", "password"],
    ["login", "otp"],
    ["login", "PassWord"],
    ["custom", "token"],
    ["custom", "pin"],
    ["card", "number"],
    ["card", "cvv"],
    ["ssh-key", "private"],
    ["ssh-key", "passphrase"],
    ["api-key", "key"],
    ["api-key", "secret"],
    ["note", "notes"],
  ])("%s %s is a secret", (type, name) => {
    expect(isConcealedByDefault(type, name)).toBe(true);
  });

  test.each<[EntryType, string]>([
    ["login", "username"],
    ["login", "url"],
    ["login", "notes"],
    ["login", "number"],
    ["card", "holder"],
    ["card", "expiry"],
    ["identity", "email"],
    ["ssh-key", "public"],
    ["wifi", "ssid"],
    ["custom", "region"],
  ])("%s %s is plain", (type, name) => {
    expect(isConcealedByDefault(type, name)).toBe(false);
  });
});
