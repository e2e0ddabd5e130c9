import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMigration, parseMigration } from "../../../src/core/otp/migration.ts";
import { formatOtp } from "../../../src/core/otp/otp-key.ts";
import { account, migrationUri, payload } from "../../support/migration.ts";
import { runs } from "../../support/properties.ts";

describe("an export of Google Authenticator", () => {
  test("is read as the app writes it", () => {
    // The example that implementations share; its batch id is negative.
    const data =
      "CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZSABKAEwAhABGAEgACjr4JKK%2B%2F%2F%2F%2F%2F8B"; // not-a-secret
    const uri = `otpauth-migration://offline?data=${data}`;
    expect(isMigration(uri)).toBe(true);
    const written = "otpauth://totp/Example:alice%40google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example"; // not-a-secret
    expect(parseMigration(uri).map(formatOtp)).toEqual([written]);
    expect(parseMigration(decodeURIComponent(uri)).map(formatOtp)).toEqual([written]);
  });

  test("keeps each account's algorithm, digits, type and counter", () => {
    const accounts = [
      account({ secret: "aaaaa", name: "one", algorithm: 3, digits: 2, type: 2 }),
      account({
        secret: "aaaaa",
        name: "I:two",
        issuer: "I",
        algorithm: 2,
        digits: 1,
        type: 1,
        counter: 300,
      }),
      account({ secret: "aaaaa" }),
    ];
    expect(parseMigration(migrationUri(accounts)).map(formatOtp)).toEqual([
      "otpauth://totp/one?secret=MFQWCYLB&algorithm=SHA512&digits=8",
      "otpauth://hotp/I:two?secret=MFQWCYLB&issuer=I&algorithm=SHA256&counter=300",
      "otpauth://totp/?secret=MFQWCYLB",
    ]);
  });

  test.each<[string, string, string]>([
    ["no data", "otpauth-migration://offline", "damaged"],
    ["empty data", "otpauth-migration://offline?data=", "damaged"],
    ["no base64", "otpauth-migration://offline?data=%%%%", "damaged"],
    ["no account", migrationUri([]), "no account"],
    ["an account without a secret", migrationUri([account({ secret: "", name: "x" })]), "without a secret"],
    ["MD5", migrationUri([account({ secret: "a", algorithm: 4 })]), "another algorithm"],
    ["other digits", migrationUri([account({ secret: "a", digits: 3 })]), "another number of digits"],
    ["another type", migrationUri([account({ secret: "a", type: 7 })]), "another type"],
    ["a huge length", payload([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), "damaged"],
    ["a number without an end", payload([0x10, ...Array.from({ length: 11 }, () => 0xff)]), "damaged"],
    ["field 0", payload([0x02, 0x00]), "damaged"],
    ["a group", payload([0x0b]), "damaged"],
    ["a number in the place of an account", payload([0x08, 0x01]), "damaged"],
    ["a name that is no text", payload([0x0a, 0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0xff]), "damaged"],
    ["too long", `otpauth-migration://offline?data=${"A".repeat(70_000)}`, "damaged"],
  ])("with %s is refused", (_, uri, message) => {
    expect(() => parseMigration(uri)).toThrow(message);
    expect(() => parseMigration(uri)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("of any bytes is read or refused", () => {
    const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0x0a, 0x12, 0x02, 0x01)), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, (message) => {
        try {
          expect(parseMigration(payload(message)).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage" });
        }
      }),
      runs(300),
    );
  });
});
