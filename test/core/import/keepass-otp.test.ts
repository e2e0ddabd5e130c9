import { describe, expect, test } from "vitest";
import { entryXml, fieldsOf, importSingle } from "../../support/keepass.ts";

describe("one-time codes", () => {
  const SECRET = "JBSWY3DPEHPK3PXP";
  test.each<[string, Record<string, string>, string]>([
    [
      "KeePassXC",
      { otp: `otpauth://totp/A:b?secret=${SECRET}&amp;period=60` },
      `otpauth://totp/A:b?secret=${SECRET}&period=60`,
    ],
    [
      "KeeOtp",
      { otp: `key=${SECRET}&amp;step=60&amp;size=8&amp;otpHashMode=Sha256` },
      `otpauth://totp/T:joe?secret=${SECRET}&algorithm=SHA256&digits=8&period=60`,
    ],
    [
      "KeeOtp that counts",
      { otp: `key=${SECRET}&amp;type=Hotp&amp;counter=7` },
      `otpauth://hotp/T:joe?secret=${SECRET}&counter=7`,
    ],
    ["KeeOtp that pm does not know whole", { otp: `key=${SECRET}&amp;speed=9` }, `key=${SECRET}&speed=9`],
    ["a secret alone", { otp: SECRET }, SECRET],
    ["KeePass 2", { "TimeOtp-Secret-Base32": SECRET }, `otpauth://totp/T:joe?secret=${SECRET}`],
    [
      "KeePass 2, as text",
      {
        "TimeOtp-Secret": "12345678901234567890",
        "TimeOtp-Algorithm": "HMAC-SHA-512",
        "TimeOtp-Length": "8",
        "TimeOtp-Period": "45",
      },
      "otpauth://totp/T:joe?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA512&digits=8&period=45",
    ],
    [
      "KeePass 2, hexadecimal",
      { "TimeOtp-Secret-Hex": "48656c6c 6f21deadbeef" },
      `otpauth://totp/T:joe?secret=${SECRET}`,
    ],
    [
      "KeePass 2, base64",
      { "TimeOtp-Secret-Base64": "SGVsbG8h3q2+7w==" },
      `otpauth://totp/T:joe?secret=${SECRET}`,
    ],
    [
      "KeePass 2 that counts",
      { "HmacOtp-Secret-Base32": SECRET, "HmacOtp-Counter": "12" },
      `otpauth://hotp/T:joe?secret=${SECRET}&counter=12`,
    ],
    [
      "KeeTrayTOTP",
      { "TOTP Seed": SECRET, "TOTP Settings": "60;8" },
      `otpauth://totp/T:joe?secret=${SECRET}&digits=8&period=60`,
    ],
    ["KeeTrayTOTP without settings", { "TOTP Seed": SECRET }, `otpauth://totp/T:joe?secret=${SECRET}`],
    [
      "KeeTrayTOTP for Steam",
      { "TOTP Seed": SECRET, "TOTP Settings": "30;S" },
      `otpauth://totp/T:joe?secret=${SECRET}&encoder=steam`,
    ],
  ])("%s", async (_, strings, uri) => {
    const entry = await importSingle(entryXml({ Title: "T", UserName: "joe", ...strings }));
    expect(fieldsOf(entry)).toEqual({ username: "joe", "otp*": uri });
  });

  test.each<[string, Record<string, string>]>([
    ["two secrets", { "TimeOtp-Secret": "x", "TimeOtp-Secret-Hex": "00" }],
    ["ten digits", { "TOTP Seed": SECRET, "TOTP Settings": "30;10" }],
    ["no base32", { "TOTP Seed": "018" }],
    ["an unknown algorithm", { "TimeOtp-Secret-Base32": SECRET, "TimeOtp-Algorithm": "HMAC-MD5" }],
  ])("%s: the strings stay as they are", async (_, strings) => {
    const { fields } = await importSingle(entryXml({ Title: "T", ...strings }));
    expect(Object.fromEntries(fields.map(({ name, text }) => [name, text]))).toEqual(strings);
    expect(fields.some(({ name, concealed }) => /secret|seed/i.test(name) && !concealed)).toBe(false);
  });

  test("what the URI can't say stays beside it", async () => {
    const settings = { "TOTP Seed": SECRET, "TOTP Settings": "30;6;https://clock.example" };
    const uri = { "otp*": `otpauth://totp/T?secret=${SECRET}` };
    const { "TOTP Seed*": seed, ...rest } = fieldsOf(
      await importSingle(entryXml({ Title: "T", ...settings })),
    );
    expect(seed).toBe(SECRET);
    expect(rest).toEqual({ ...uri, "TOTP Settings": settings["TOTP Settings"] });
  });
});
