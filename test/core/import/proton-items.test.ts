import { expect, test } from "vitest";
import { fieldLines } from "../../support/imported.ts";
import { entryOf, type Shape } from "../../support/proton-export.ts";

const extra = (fieldName: string, type: string, content: object): object => ({
  fieldName,
  type,
  data: content,
});

const TYPES: readonly (readonly [string, Shape, string, readonly string[]])[] = [
  [
    "login",
    {
      content: {
        itemEmail: "mara@example.com",
        itemUsername: "mara",
        password: " pass ",
        urls: ["https://a.example/", "https://b.example/"],
        autofillUrls: [
          { url: "https://b.example/", mode: 0 },
          { url: "https://c.example/", mode: 1 },
          { url: "https://never.example/", mode: 2 },
          { url: "sub\\d*", mode: 5 },
          { url: "https://new.example/", mode: 99 },
        ],
        totpUri: "otpauth://totp/x?secret=ABC",
        passkeys: [{ keyId: "k", rpId: "a.example", content: "cHJpdmF0ZQ==", createTime: 1 }],
      },
      metadata: { note: "line\n" },
      extraFields: [
        extra("text", "text", { content: "a" }),
        extra("hidden", "hidden", { content: "b" }),
        extra("second code", "totp", { totpUri: "JBSWY3DP" }),
        extra("day", "timestamp", { timestamp: "2027-01-31" }),
        extra("", "text", { content: "unnamed" }),
        extra("empty", "text", { content: "" }),
      ],
      platformSpecific: {
        android: { allowedApps: [{ packageName: "com.example", hashes: ["h"], appName: "App" }] },
      },
    },
    "login",
    [
      "username: mara",
      "password (secret):  pass ",
      "url: https://a.example/",
      "url2: https://b.example/",
      "url3: https://c.example/",
      "url4: https://new.example/",
      "otp (secret): otpauth://totp/x?secret=ABC",
      String.raw`notes: line\n`,
      "email: mara@example.com",
      "url match: exact: https://c.example/",
      "url match: never: https://never.example/",
      String.raw`url match: regular expression: sub\d*`,
      "url match: unknown: https://new.example/",
      "text: a",
      "hidden (secret): b",
      "second code (secret): JBSWY3DP",
      "day: 2027-01-31",
      "text: unnamed",
      'passkey (secret): {"keyId":"k","rpId":"a.example","content":"cHJpdmF0ZQ==","createTime":1}',
      "platform.android.allowedApps.packageName: com.example",
      "platform.android.allowedApps.hashes: h",
      "platform.android.allowedApps.appName: App",
    ],
  ],
  [
    "login",
    { content: { itemEmail: "m@example.com", itemUsername: "" } },
    "login",
    ["username: m@example.com"],
  ],
  [
    "login",
    { content: { username: "old", password: "p" } },
    "login",
    ["username: old", "password (secret): p"],
  ],
  ["note", { metadata: { note: "text" } }, "note", ["notes (secret): text"]],
  [
    "creditCard",
    {
      content: {
        cardholderName: "M",
        cardType: 2,
        number: "4242",
        verificationNumber: "123",
        expirationDate: "2027-01",
        pin: "9",
      },
    },
    "card",
    [
      "holder: M",
      "number (secret): 4242",
      "expiry: 2027-01",
      "cvv (secret): 123",
      "pin (secret): 9",
      "cardType: Visa",
    ],
  ],
  [
    "identity",
    {
      content: {
        fullName: "Mara M",
        email: "m@example.com",
        phoneNumber: "1",
        firstName: "Mara",
        streetAddress: "Main St 1",
        city: "Town",
        socialSecurityNumber: "078",
        extraPersonalDetails: [extra("nickname", "text", { content: "M" })],
        extraSections: [{ sectionName: "More", sectionFields: [extra("code", "hidden", { content: "x" })] }],
      },
    },
    "identity",
    [
      "name: Mara M",
      "email: m@example.com",
      "phone: 1",
      String.raw`address: Main St 1\nTown`,
      "firstName: Mara",
      "streetAddress: Main St 1",
      "city: Town",
      "socialSecurityNumber (secret): 078",
      "nickname: M",
      "More.code (secret): x",
    ],
  ],
  ["alias", { aliasEmail: "a.b@passmail.net" }, "login", ["username: a.b@passmail.net", "category: alias"]],
  [
    "sshKey",
    { content: { privateKey: "key", publicKey: "ssh-ed25519 AAAA", sections: [] } },
    "ssh-key",
    ["private (secret): key", "public: ssh-ed25519 AAAA"],
  ],
  [
    "wifi",
    { content: { ssid: "home", password: "pw", security: 3 } },
    "wifi",
    ["ssid: home", "password (secret): pw", "security: WPA3"],
  ],
  [
    "custom",
    {
      content: {
        sections: [
          {
            sectionName: "S",
            sectionFields: [extra("when", "timestamp", { timestamp: { seconds: "1800000000", nanos: 0 } })],
          },
        ],
      },
    },
    "custom",
    ["S.when: 2027-01-15"],
  ],
  [
    "hologram",
    { content: { depth: 3, parts: ["a", { b: true }] } },
    "custom",
    ["depth: 3", "parts: a", "parts.2.b: true", "category: hologram"],
  ],
];

test.each(TYPES)("an item of the type %s", async (type, shape, pmType, lines) => {
  const entry = await entryOf(type, shape);
  expect(entry.type).toBe(pmType);
  expect(fieldLines(entry)).toEqual(lines);
});
