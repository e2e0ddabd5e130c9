import { describe, expect, test } from "vitest";
import { readOnePux } from "../../../src/core/import/onepux.ts";
import { fieldLines, readBytes } from "../../support/imported.ts";
import {
  account,
  entryOf,
  item,
  onePux,
  readItems,
  section,
  type Shape,
} from "../../support/onepux-export.ts";

describe("a login", () => {
  const shape: Shape = {
    favIndex: 1,
    details: {
      loginFields: [
        { value: "mara", id: "", name: "username", fieldType: "T", designation: "username" },
        { value: " pass word ", id: "", name: "password", fieldType: "P", designation: "password" },
        { value: "4711", id: "pincode", name: "pin code", fieldType: "P" },
        { value: "✓", id: "remember", name: "", fieldType: "C" },
        {
          value: { email_address: "m@example.com", provider: "fastmail" },
          id: "m",
          name: "mail",
          fieldType: "E",
        },
        { value: "", id: "e", name: "empty", fieldType: "T" },
      ],
      notesPlain: "first line\n\nlast line \n",
      sections: [
        section("", { TOTP_1: ["one-time password", { totp: "otpauth://totp/x?secret=ABC" }] }),
        section("Security", {
          q1: ["pet", { string: "Rex" }],
          q2: ["", { concealed: "blue" }],
          t2: ["second", { totp: "JBSWY3DPEHPK3PXP" }],
        }),
      ],
      passwordHistory: [
        { value: "newer", time: 1_600_000_100 },
        { value: "older", time: 1_600_000_000 },
        { value: "undated" },
      ],
      passkey: { rpId: "example.com", credentialId: "Y3JlZA", privateKey: "a2V5", userHandle: null },
    },
    overview: {
      title: "Dropbox",
      url: "https://www.dropbox.com/",
      urls: [
        { label: "website", url: "https://www.dropbox.com/" },
        { label: "", url: "https://b.example" },
        { label: "admin", url: "https://c.example" },
      ],
      tags: ["work", "team/web"],
    },
  };

  test("keeps every field, with pm's names where pm has one", async () => {
    expect(fieldLines(await entryOf("001", shape))).toEqual([
      "username: mara",
      "password (secret):  pass word ",
      "url: https://www.dropbox.com/",
      "url2: https://b.example",
      "url3: https://c.example",
      "otp (secret): otpauth://totp/x?secret=ABC",
      String.raw`notes: first line\n\nlast line \n`,
      "pin code (secret): 4711",
      "remember: ✓",
      "mail: m@example.com",
      "mail.provider: fastmail",
      "Security.pet: Rex",
      "Security.concealed (secret): blue",
      "Security.second (secret): JBSWY3DPEHPK3PXP",
      "admin.url: https://c.example",
      `passkey (secret): ${JSON.stringify(shape.details?.["passkey"])}`,
    ]);
  });

  test("keeps tags, mark, time and earlier passwords, oldest first", async () => {
    const entry = await entryOf("001", shape);
    const history = entry.history.map(({ field, value, written }) => [
      field,
      value.text,
      value.concealed,
      written,
    ]);
    expect(history).toEqual([
      ["password", "undated", true, undefined],
      ["password", "older", true, 1_600_000_000_000],
      ["password", "newer", true, 1_600_000_100_000],
    ]);
    expect(entry).toMatchObject({
      folders: ["Personal"],
      title: "Dropbox",
      type: "login",
      tags: ["work", "team/web"],
      favourite: true,
      created: 1_614_298_956_000,
      attachments: [],
      trashed: false,
    });
  });

  test("whose vault, title and everything else is missing is an entry still", async () => {
    const { entries, skipped } = await readBytes(
      readOnePux,
      onePux({ accounts: [{ vaults: [{ items: [{ overview: {} }, {}, null, "text"] }] }] }),
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ folders: [""], title: "", type: "custom", fields: [] });
    expect(skipped.map(({ why }) => why)).toEqual(["it is empty", "it is empty", "it is empty"]);
  });
});

test.each([
  [{ state: "archived" }, false, ["archived"]],
  [{ state: "deleted" }, true, []],
  [{ state: undefined, trashed: true }, true, []],
])("the state %j", async (state, trashed, tags) => {
  expect(await entryOf("001", state)).toMatchObject({ trashed, tags });
});

test("a field that refers to another item says its title", async () => {
  const sections = [
    section("Related", { r: ["item", { reference: "u-002" }], s: ["lost", { reference: "gone" }] }),
  ];
  const { entries } = await readItems([
    item("002", { overview: { title: "My card" } }),
    item("001", { details: { sections } }),
  ]);
  expect(fieldLines(entries[1])).toEqual(["Related.item: My card", "Related.lost: gone"]);
});

test("several accounts and vaults are folders", async () => {
  const login = item("001", {});
  const data = {
    accounts: [account("Mara", { Personal: [login], Shared: [login] }), account("Work", { Ops: [login] })],
  };
  const { entries } = await readBytes(readOnePux, onePux(data));
  expect(entries.map(({ folders }) => folders)).toEqual([
    ["Mara", "Personal"],
    ["Mara", "Shared"],
    ["Work", "Ops"],
  ]);
});
