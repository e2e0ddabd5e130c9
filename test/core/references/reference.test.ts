import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatReference,
  isReference,
  parseReference,
  type Reference,
} from "../../../src/core/references/reference.ts";
import { runs } from "../../support/properties.ts";

describe("a reference is read", () => {
  test.each<[string, Omit<Reference, "text">]>([
    ["pm://github", { path: ["github"] }],
    ["pm://web/github/password", { path: ["web", "github", "password"] }],
    ["pm://web/github#password", { path: ["web", "github"], field: "password" }],
    ["pm://@work/web/github/password", { vault: "work", path: ["web", "github", "password"] }],
    ["pm://%40work/x", { path: ["@work", "x"] }],
    ["pm://my site/caf%C3%A9/a%2fb", { path: ["my site", "café", "a/b"] }],
    ["pm://a%23b%3Fc%25#d%23", { path: ["a#b?c%"], field: "d#" }],
    ["pm://a/b?rev=-1", { path: ["a", "b"], rev: -1 }],
    ["pm://a/b#c?rev=0&encoding=json", { path: ["a", "b"], field: "c", rev: 0, encoding: "json" }],
    ["pm://id:3fa9", { path: ["id:3fa9"] }],
    ["pm://id:3fa9/password", { path: ["id:3fa9", "password"] }],
    ["pm://id:3fa9#password", { path: ["id:3fa9"], field: "password" }],
  ])("%s", (text, expected) => {
    expect(parseReference(text)).toEqual({ text, ...expected });
  });
});

describe("a reference is refused", () => {
  test.each<[string, string]>([
    ["pass://a", "does not begin with pm://"],
    ["pm://", "has an empty part"],
    ["pm://a//b", "has an empty part"],
    ["pm://a/", "has an empty part"],
    ["pm:///a", "has an empty part"],
    ["pm://@work", "has an empty part"],
    ["pm://@/a", "names no vault"],
    ["pm://a#", "names no field"],
    ["pm://a#b#c", "two #"],
    ["pm://a%", "% that begins no escape"],
    ["pm://a%2", "% that begins no escape"],
    ["pm://a%gg", "% that begins no escape"],
    ["pm://a%ff", "not UTF-8"],
    ["pm://a%00", "control character"],
    ["pm://a\nb", "control character"],
    ["pm://a?rev=1", "?rev"],
    ["pm://a?rev", "?rev"],
    ["pm://a?rev=-1&rev=-2", "twice"],
    ["pm://a?encoding=hex", "?encoding"],
    ["pm://a?totp", "reserved"],
    ["pm://a?totp=code", "reserved"],
    ["pm://a?file", "names no attachment"],
    ["pm://a/b?file=x", "takes none"],
    ["pm://a/b?file=", "takes none"],
    ["pm://a/b?file&rev=-1", "no history"],
    ["pm://a/b?file&file", "twice"],
    ["pm://a?x=1", "unknown"],
    ["pm://a?", "unknown"],
    ["pm://a?rev=-1#b", "write it before"],
    ["pm://id:3fa9/a/b", "more than a field"],
    ["pm://id:3fa9/a#b", "more than a field"],
    [`pm://${"a".repeat(5000)}`, "over 4096 characters"],
  ])("%j", (text, message) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringContaining(message),
        hint: expect.anything(),
      }),
    );
  });
});

test("only what begins with the scheme is meant as a reference", () => {
  expect(isReference("pm://")).toBe(true);
  expect(isReference(" pm://a")).toBe(false);
  expect(isReference("PM://a")).toBe(false);
});

test("what is formatted reads back as the entry and the field, whatever they are called", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text));
  const tricky = fc.stringMatching(/^[@%#?{}"'`\\$ a]{1,6}$/);
  const part = fc.oneof(name, tricky).filter((text) => !text.includes("/") && !text.startsWith("id:"));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), fc.oneof(name, tricky), (parts, field) => {
      const text = formatReference(parts.join("/"), field);
      expect(parseReference(text)).toEqual({ text, path: [...parts, field] });
      expect(text).not.toMatch(/[{}"'`\\$]|^\s|\s$/);
    }),
    runs(300),
  );
});
