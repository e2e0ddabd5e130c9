import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { gopassSecret } from "../../../src/core/import/gopass-text.ts";
import { passSecret, type StoredSecret } from "../../../src/core/import/pass-text.ts";
import { fieldLines } from "../../support/imported.ts";

type Parse = (bytes: Uint8Array, name: string) => StoredSecret;

function linesOf(parse: Parse, text: string): readonly string[] {
  const { type, fields } = parse(utf8(text), "name");
  return [type, ...fieldLines({ fields })];
}

/** A private key as it stands in files, put together here so that no scanner takes it for one. */
const KEY = [
  "-----BEGIN OPENSSH",
  "PRIVATE KEY-----\nlogin: no field\n-----END OPENSSH",
  "PRIVATE KEY-----",
].join(" ");
const OTP = "otpauth://totp/x?secret=ABC";

const TEXTS: readonly (readonly [string, string, readonly string[]])[] = [
  ["a password alone", "s3cret", ["login", "password (secret): s3cret"]],
  ["exactly as it is", " s3cret:\t \n", ["login", "password (secret):  s3cret:\t "]],
  ["of which only the last line end is none", "a\r", ["login", "password (secret): a\r"]],
  ["with the line ends of Windows", "a\r\nuser: b\r\n", ["login", "username: b", "password (secret): a"]],
  ["with mixed line ends", "a\r\nuser: b\n", ["login", "username: b", "password (secret): a\r"]],
  ["that looks like a pair", "login: mara\n", ["login", "password (secret): login: mara"]],
  ["an empty first line", "\nuser: b\n", ["login", "username: b"]],
  ["nothing", "", ["custom"]],
  [
    "text alone, which pm hides as a note",
    "\nfirst\n\nlast\n\n",
    ["note", String.raw`notes (secret): first\n\nlast`],
  ],
  ["a one-time code alone", `${OTP}\n`, ["login", `otp (secret): ${OTP}`]],
  [
    "two one-time codes, in both spellings",
    `pw\n${OTP}\ntotp: JBSWY3DP\n`,
    ["login", "password (secret): pw", `otp (secret): ${OTP}`, "totp (secret): JBSWY3DP"],
  ],
  [
    "addresses and names, known by any case",
    "pw\nURL: https://a\nwebsite:  https://b\nUser: x\nlogin: y\nE-Mail: z@x\nSecurity question 1: q: r\n",
    [
      "login",
      "username: x",
      "password (secret): pw",
      "url: https://a",
      "url2: https://b",
      "login: y",
      "E-Mail: z@x",
      "Security question 1: q: r",
    ],
  ],
  ["a secret by its key", "pw\npin: 1234\n", ["login", "password (secret): pw", "pin (secret): 1234"]],
  [
    "lines that are no pairs",
    "pw\nhttps://a.example/x: y\nuser:\n  indented: text\nDo not forget this one: it stays\nuser:x\n- a: b\n",
    [
      "login",
      "password (secret): pw",
      String.raw`notes: https://a.example/x: y\nuser:\n  indented: text\nDo not forget this one: it stays\nuser:x\n- a: b`,
    ],
  ],
  ["a private key", `${KEY}\n`, ["ssh-key", `private (secret): ${KEY}\n`.replaceAll("\n", "\\n")]],
  [
    "a private key behind a password, whose lines stay together",
    `pw\nuser: x\n${KEY}\nurl: https://a`,
    [
      "login",
      "username: x",
      "password (secret): pw",
      "url: https://a",
      `notes: ${KEY}`.replaceAll("\n", "\\n"),
    ],
  ],
];

describe("a file of pass:", () => {
  test.each(TEXTS)("%s", (_, text, lines) => {
    expect(linesOf(passSecret, text)).toEqual(lines);
  });

  test.each([
    ["other bytes than UTF-8", Uint8Array.of(0x61, 0xff)],
    ["a NUL", utf8("a\0b")],
  ])("%s make it an attachment", (_, bytes) => {
    expect(passSecret(bytes, "x.bin")).toEqual({
      type: "custom",
      fields: [],
      attachments: [{ name: "x.bin", bytes }],
    });
  });

  test("written from what was read, it reads the same", () => {
    const line = fc.oneof(
      fc.stringMatching(/^[a-z]{1,5}: [a-z:]{1,8}$/),
      fc.constantFrom(
        "",
        "user: a",
        "url: b",
        "url: b",
        OTP,
        "free text, of more words than a key: x",
        "  x: y",
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const first = passSecret(utf8(["pw", ...lines].join("\n")), "x");
        expect(passSecret(utf8(writtenAs(first)), "x")).toEqual(first);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  test("of a million empty lines costs no time", () => {
    const { fields } = passSecret(utf8(`pw${"\n".repeat(1_000_000)}x`), "x");
    expect(fieldLines({ fields })).toEqual(["password (secret): pw", "notes: x"]);
  });

  test("every line but empty ones is found again in a field", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme-ascii" }), { maxLength: 6 }), (lines) => {
        const { fields } = passSecret(utf8(["pw", ...lines].join("\n")), "x");
        const kept = fields.map(({ text }) => text).join("\n");
        for (const text of lines) expect(kept).toContain(text.replace(/^[^:]*:[ \t]+(?=\S)/, "").trim());
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

/** The canonical form: password, pairs, notes. */
function writtenAs({ fields }: StoredSecret): string {
  const value = (name: string) => fields.find((field) => field.name === name)?.text ?? "";
  const pairs = fields.filter(({ name }) => name !== "password" && name !== "notes");
  const lines = pairs.map(({ name, text }) =>
    name === "otp" ? text : `${name.replace(/^url\d+$/, "url")}: ${text}`,
  );
  return [value("password"), ...lines, "", value("notes"), ""].join("\n");
}

const GOPASS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "pairs, as pass has them",
    "pw\nuser: x\n\ntext\n",
    ["login", "username: x", "password (secret): pw", "notes: text"],
  ],
  [
    "YAML: scalars of a line become fields, word for word; the rest stays as it is written",
    [
      "pw",
      "body: line",
      "some text",
      "---",
      "user: mara",
      "phone: 0123",
      'quoted: "a \\"b\\" \\\\ c"',
      "single: 'it''s'",
      "url: https://a.example:8443",
      "empty:",
      "list:",
      "  - a: b",
      "multi: |",
      "  one",
      "anchor: &a x",
      "flow: {a: b}",
      'odd: "\\u0041"',
      "folded: a",
      "  b",
      "comment: x # y",
      "",
    ].join("\n"),
    [
      "login",
      "username: mara",
      "password (secret): pw",
      "url: https://a.example:8443",
      String.raw`notes: some text\nempty:\nlist:\n  - a: b\nmulti: |\n  one\nanchor: &a x\nflow: {a: b}\nodd: "\u0041"\nfolded: a\n  b\ncomment: x # y`,
      "body: line",
      "phone: 0123",
      String.raw`quoted: a "b" \ c`,
      "single: it's",
    ],
  ],
  [
    "YAML alone, with the password in it",
    "---\npassword: pw\nkey: v\n",
    ["login", "password (secret): pw", "key (secret): v"],
  ],
  [
    "GOPASS-SECRET-1.0: headers, folded ones too, and a body",
    "GOPASS-SECRET-1.0\nPassword: pw\nUser: mara\nLong: one\n  two\nCount: 1\nno header\n\nbody: text\n\nlast\n",
    [
      "login",
      "username: mara",
      "password (secret): pw",
      String.raw`notes: body: text\n\nlast`,
      "Long: one two",
      "Count: 1",
      "header: no header",
    ],
  ],
  ["GOPASS-SECRET-1.0 without a body", "GOPASS-SECRET-1.0\nPassword: pw", ["login", "password (secret): pw"]],
  [
    "base64 that is none stays text",
    "\nContent-Transfer-Encoding: Base64\n\n!!!\n",
    ["login", "notes: !!!", "Content-Transfer-Encoding: Base64"],
  ],
];

describe("a file of gopass:", () => {
  test.each(GOPASS)("%s", (_, text, lines) => {
    expect(linesOf(gopassSecret, text)).toEqual(lines);
  });

  test("a file as `gopass fscopy` keeps it is an attachment with the exact bytes", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, n) => n % 256);
    const headers =
      '\nContent-Disposition: attachment; filename="photo.jpg"\nContent-Transfer-Encoding: Base64\n';
    const { fields, attachments } = gopassSecret(
      utf8(headers + Buffer.from(bytes).toString("base64")),
      "entry",
    );
    expect([fields, attachments]).toEqual([[], [{ name: "photo.jpg", bytes }]]);
  });
});
