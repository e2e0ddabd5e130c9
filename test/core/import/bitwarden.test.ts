/**
 * Bitwarden's exports, built from its documented schema: bitwarden.com/help/condition-bitwarden-import and the export
 * models in libs/common/src/models/export of bitwarden/clients.
 */
import { describe, expect, test } from "vitest";
import { bitwardenEntries } from "../../../src/core/import/bitwarden-json.ts";
import type { ImportedEntry } from "../../../src/core/import/imported.ts";

const ITEM = {
  id: "10000000-0000-4000-8000-000000000001",
  organizationId: null,
  folderId: null,
  type: 1,
  reprompt: 0,
  name: "site",
  notes: null,
  favorite: false,
  fields: [],
  collectionIds: null,
  passwordHistory: null,
  revisionDate: "2024-02-03T04:05:06.789Z",
  creationDate: "2020-01-02T03:04:05.000Z",
  deletedDate: null,
};

function read(item: object, others: object = {}): ImportedEntry {
  const [entry] = bitwardenEntries({
    encrypted: false,
    folders: [],
    ...others,
    items: [{ ...ITEM, ...item }],
  }).entries;
  if (entry === undefined) throw new Error("no entry");
  return entry;
}

/** "name=text", with a * before the name of a concealed one. */
function fields({ fields: list }: ImportedEntry): readonly string[] {
  return list.map(({ name, text, concealed }) => `${concealed ? "*" : ""}${name}=${text}`);
}

const PASSKEY = {
  credentialId: "b3c0",
  keyType: "public-key",
  keyAlgorithm: "ECDSA",
  keyCurve: "P-256",
  keyValue: "MIGHAgEA",
  rpId: "example.org",
  userHandle: "dXNlcg",
  userName: "mara",
  counter: "0",
  rpName: "Example",
  userDisplayName: "Mara",
  discoverable: "true",
  creationDate: "2024-01-01T00:00:00.000Z",
};

describe("items", () => {
  test("a login, with all that may be in one", () => {
    const entry = read(
      {
        folderId: "f",
        favorite: true,
        reprompt: 1,
        notes: " two\nlines ",
        collectionIds: ["c"],
        login: {
          uris: [
            { match: null, uri: "https://example.org/login" },
            { match: 3, uri: "https://example.org/other" },
          ],
          username: "mara",
          password: " pässword ",
          totp: "otpauth://totp/x?secret=AAAA",
          fido2Credentials: [PASSKEY],
        },
        fields: [
          { name: "PIN 2", value: "1234", type: 1, linkedId: null },
          { name: "plain", value: "text", type: 0, linkedId: null },
          { name: "on", value: "true", type: 2, linkedId: null },
          { name: "user", value: null, type: 3, linkedId: 100 },
        ],
        passwordHistory: [
          { lastUsedDate: "2023-01-01T00:00:00.000Z", password: "newer" },
          { lastUsedDate: "2022-01-01T00:00:00.000Z", password: "older" },
        ],
      },
      { folders: [{ id: "f", name: "Work/Web" }], collections: [{ id: "c", name: "Shared" }] },
    );
    expect(entry).toMatchObject({
      folders: ["Work", "Web"],
      title: "site",
      type: "login",
      tags: ["Shared", "reprompt"],
      favourite: true,
      created: Date.parse(ITEM.creationDate),
      trashed: false,
    });
    expect(fields(entry)).toEqual([
      "username=mara",
      "*password= pässword ",
      "url=https://example.org/login",
      "url2=https://example.org/other",
      "url2 match=exact",
      "*otp=otpauth://totp/x?secret=AAAA",
      `*passkey=${JSON.stringify(PASSKEY)}`,
      "notes= two\nlines ",
      "*PIN 2=1234",
      "plain=text",
      "on=true",
      "user=linked to username",
    ]);
    expect(entry.history.map(({ field, value, written }) => [field, value.text, written])).toEqual([
      ["password", "older", Date.parse(ITEM.creationDate)],
      ["password", "newer", Date.parse("2022-01-01T00:00:00.000Z")],
    ]);
  });

  test.each<[string, object, string, readonly string[]]>([
    ["a note", { type: 2, notes: "text", secureNote: { type: 0 } }, "note", ["*notes=text"]],
    [
      "a card",
      {
        type: 3,
        card: {
          cardholderName: "Mara M",
          brand: "Visa",
          number: "4111",
          expMonth: "4",
          expYear: "2030",
          code: "123",
        },
      },
      "card",
      ["holder=Mara M", "*number=4111", "expiry=04/2030", "*cvv=123", "brand=Visa"],
    ],
    [
      "an identity",
      {
        type: 4,
        identity: {
          title: "Dr",
          firstName: "Mara",
          middleName: null,
          lastName: "M",
          address1: "Street 1",
          postalCode: "1010",
          city: "Wien",
          country: "AT",
          company: "Acme",
          email: "m@example.org",
          phone: "+43",
          ssn: "999",
          username: "mm",
        },
      },
      "identity",
      [
        "name=Dr Mara M",
        "email=m@example.org",
        "phone=+43",
        "address=Street 1\n1010\nWien\nAT",
        "company=Acme",
        "*ssn=999",
        "username=mm",
      ],
    ],
    [
      "an SSH key",
      { type: 5, sshKey: { privateKey: "PRIV", publicKey: "PUB", keyFingerprint: "SHA256:x" } },
      "ssh-key",
      ["*private=PRIV", "public=PUB", "fingerprint=SHA256:x"],
    ],
    [
      "a type of later",
      { type: 6, bankAccount: { bankName: "B", accountNumber: "42" } },
      "custom",
      ["bank name=B", "*account number=42"],
    ],
  ])("%s", (_, item, type, expected) => {
    const entry = read(item);
    expect(entry.type).toBe(type);
    expect(fields(entry)).toEqual(expected);
  });

  test("in the trash, archived, and of wrong types", () => {
    expect(read({ deletedDate: "2024-01-01T00:00:00.000Z" }).trashed).toBe(true);
    expect(read({ archivedDate: "2024-01-01T00:00:00.000Z" }).tags).toEqual(["archived"]);
    expect(fields(read({ login: { username: 7, password: { a: 1 }, uris: "x" } }))).toEqual([
      "username=7",
      '*password={"a":1}',
    ]);
  });
});
