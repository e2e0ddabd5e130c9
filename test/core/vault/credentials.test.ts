import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, toHex, utf8 } from "../../../src/core/bytes.ts";
import {
  formatKeyFile,
  formatRecoveryCode,
  formatToken,
  looksLikeRecoveryCode,
  newToken,
  parseKeyFile,
  parseRecoveryCode,
  parseToken,
  tokenWrapSecret,
  wipeCredentials,
} from "../../../src/core/vault/credentials.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { runs } from "../../support/properties.ts";
import { refused, vectorRandom, verdict } from "../../support/vault-builder.ts";

const crypto = nativeBackend;
const count = (length: number): Uint8Array => Uint8Array.from({ length }, (_, n) => n);
const secrets = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

interface Form {
  readonly name: string;
  readonly bytes: number;
  readonly example: string;
  readonly write: (secret: Uint8Array) => string;
  readonly read: (text: string) => Uint8Array;
  /** Characters that people type instead of one another, and what else may change. */
  readonly same: (text: string) => string;
}

const ID = count(8);
const FORMS: readonly Form[] = [
  {
    name: "a key file",
    bytes: 32,
    example: "pm-keyfile-v1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 cbf54040\n", // not-a-secret
    write: (secret) => formatKeyFile(crypto, secret),
    read: (text) => parseKeyFile(crypto, utf8(text)),
    same: (text) => text.replace(/\r?\n$/, ""),
  },
  {
    name: "a recovery code",
    bytes: 20,
    example: "PMR1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG", // not-a-secret
    write: (secret) => formatRecoveryCode(crypto, secret),
    read: (text) => parseRecoveryCode(crypto, utf8(text)),
    same: (text) => text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1"),
  },
  {
    name: "a machine token",
    bytes: 32,
    example: "pmt1_AAECAwQFBgcAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH_DBlx0", // not-a-secret
    write: (secret) => formatToken(crypto, { id: ID, secret }),
    read: (text) => parseToken(crypto, text).secret,
    same: (text) => text.trim(),
  },
];

describe.each(FORMS)("$name", ({ bytes, example, write, read, same }) => {
  test("is written as docs/format.md shows it", () => {
    expect(write(count(bytes))).toBe(example);
    expect(read(example)).toEqual(count(bytes));
  });

  test("is read as it was written", () => {
    fc.assert(
      fc.property(secrets(bytes), (secret) => {
        expect(read(write(secret))).toEqual(secret);
      }),
      runs(100),
    );
  });

  test("with a character changed, lost or added is refused", () => {
    const character = fc.constantFrom(...Array.from("0189AOILUZaouz+/_-=. \n\täé\0"));
    fc.assert(
      fc.property(
        secrets(bytes),
        fc.nat(),
        fc.nat(1),
        fc.oneof(character, fc.constant("")),
        (secret, at, cut, put) => {
          const text = write(secret);
          const place = at % text.length;
          const mistaken = text.slice(0, place) + put + text.slice(place + cut);
          // The prefix of a recovery code has a 1 of its own, which nobody's eye takes for a digit.
          if (same(mistaken) === same(text)) return;
          expect(verdict(() => read(mistaken))).toBe("auth");
        },
      ),
      runs(1000),
    );
  });

  test("with two characters in another order is refused", () => {
    for (let place = 0; place + 1 < example.length; place++) {
      const [a, b] = [example.charAt(place), example.charAt(place + 1)];
      const mistaken = example.slice(0, place) + b + a + example.slice(place + 2);
      if (same(mistaken) === same(example)) continue;
      expect([mistaken, verdict(() => read(mistaken))]).toEqual([mistaken, "auth"]);
    }
  });

  test("that is something else is refused, and never quoted", () => {
    for (const text of ["", " ", "hello", "x".repeat(5000), example.slice(0, -2), example + example, "\0"]) {
      const error = refused(() => read(text), "auth");
      expect(error.hint).toBeDefined();
      if (text.trim().length > 4) expect(`${error.message} ${error.hint}`).not.toContain(text.trim());
    }
  });
});

describe("a recovery code", () => {
  const code = formatRecoveryCode(crypto, count(20));

  test.each([
    ["in lower case", code.toLowerCase()],
    ["without dashes", code.replaceAll("-", "")],
    ["with spaces", code.replaceAll("-", " ")],
    ["with dashes in odd places", [...code.replaceAll("-", "")].join("-")],
    ["with O for 0", code.replaceAll("0", "O")],
    ["with o for 0", code.replaceAll("0", "o")],
    ["with I for 1", `PMR1${code.slice(4).replaceAll("1", "I")}`],
    ["with l for 1", `PMR1${code.slice(4).replaceAll("1", "l")}`],
    ["with a line feed", `\n${code}\n`],
  ])("%s is the same", (_how, typed) => {
    expect(parseRecoveryCode(crypto, utf8(typed))).toEqual(count(20));
  });

  test("is told from a password by its beginning", () => {
    const yes = [
      code,
      code.toLowerCase(),
      `  ${code}`,
      code.replaceAll("-", ""),
      code.replaceAll("-", " "),
      "PMR1-",
      "pmr1-wrong",
      // As the emergency kit shows it, typed in small letters.
      code.toLowerCase().replaceAll("-", " "),
    ];
    const no = ["", "PMR1", "correct horse", "xPMR1-", "PMS1-0000", "\ud83d"];
    expect(yes.map((text) => looksLikeRecoveryCode(utf8(text)))).toEqual(yes.map(() => true));
    expect(no.map((text) => looksLikeRecoveryCode(utf8(text)))).toEqual(no.map(() => false));
    expect(looksLikeRecoveryCode(Uint8Array.of(0xff, 0xfe))).toBe(false);
  });

  test("that is not UTF-8 is refused", () => {
    expect(verdict(() => parseRecoveryCode(crypto, Uint8Array.of(0xff)))).toBe("auth");
    expect(verdict(() => parseKeyFile(crypto, Uint8Array.of(0xff)))).toBe("auth");
  });

  test("uses neither I, L, O nor U", () => {
    const random = vectorRandom("crockford");
    for (let n = 0; n < 50; n++) {
      expect(formatRecoveryCode(crypto, random(20))).toMatch(/^PMR1(-[0-9A-HJKMNP-TV-Z]{4}){9}$/);
    }
  });
});

describe("a machine token", () => {
  test("has an id of 8 bytes and a secret of 32, both drawn anew", () => {
    const random = vectorRandom("token");
    const [a, b] = [newToken(random), newToken(random)];
    expect([a.id.length, a.secret.length]).toEqual([8, 32]);
    expect(toHex(a.id)).not.toBe(toHex(b.id));
    expect(parseToken(crypto, formatToken(crypto, a))).toEqual(a);
  });

  test("gives the slot its wrap output, in either back end", () => {
    const wrap = "31100ee508c443d0a99eff44105c9bca5818d7db3013892675304edb13c787f2"; // not-a-secret
    expect(toHex(tokenWrapSecret(crypto, count(32)))).toBe(wrap);
    expect(toHex(tokenWrapSecret(nobleBackend, count(32)))).toBe(wrap);
  });
});

describe("a key file", () => {
  const content = formatKeyFile(crypto, count(32));

  test("survives an editor's line ending", () => {
    for (const end of ["", "\n", "\r\n"]) {
      expect(parseKeyFile(crypto, utf8(content.trimEnd() + end))).toEqual(count(32));
    }
  });

  test("that was changed says so, and another file that it is none", () => {
    const all = [
      content.replace("AAEC", "AAED"),
      content.slice(0, 30),
      content.replace("AAEC", "A EC"),
      `${content}\n`,
    ];
    for (const changed of all) {
      expect(refused(() => parseKeyFile(crypto, utf8(changed)), "auth").message).toContain("has changed");
    }
    const other = utf8("-----BEGIN OPENSSH PRIVATE KEY-----\n"); // not-a-secret
    expect(refused(() => parseKeyFile(crypto, other), "auth").message).toContain("not one that pm made");
  });
});

test("credentials are wiped, all that there are", () => {
  const all = { password: count(5), keyFile: count(32), recovery: count(20), token: count(32) };
  wipeCredentials(all);
  for (const bytes of Object.values(all)) expect(bytes.every((byte) => byte === 0)).toBe(true);
  const one = { password: utf8("x") };
  wipeCredentials(one);
  expect(fromUtf8(one.password)).toBe("\0");
});
