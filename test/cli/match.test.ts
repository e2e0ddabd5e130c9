import { describe, expect, test } from "vitest";
import { entryMatches, hostMatcher, rowMatches } from "../../src/cli/match.ts";
import { binary, entryOf, plain, rowOf, secret } from "../support/entries.ts";

describe("terms", () => {
  const row = rowOf({ path: "web/GitHub", username: "mara", hosts: ["github.com"], tags: ["Äpfel"] });

  test.each<[readonly string[], boolean]>([
    [["github"], true],
    [["GITHUB", "mar"], true],
    [["github.com"], true],
    [["äpf"], true],
    [["a\u0308pf"], true],
    [["github", "nowhere"], false],
    [[], true],
  ])("%j: %s", (terms, expected) => {
    expect(rowMatches(row, terms)).toBe(expected);
  });
});

describe("inside entries", () => {
  const entry = entryOf({
    fields: [
      plain("username", "mara"),
      secret("password", "hunter2"),
      plain("notes", "Blue door"),
      binary("blob", "/w=="),
    ],
  });

  test.each<[string, "fields" | "notes", boolean]>([
    ["mara", "fields", true],
    ["PASSWORD", "fields", true],
    ["hunter", "fields", false],
    ["/w", "fields", false],
    ["blue", "notes", true],
    ["mara", "notes", false],
  ])("%s in %s: %s", (term, place, expected) => {
    expect(entryMatches(entry, [term], place)).toBe(expected);
  });

  test("the text of a note can be found", () => {
    expect(
      entryMatches(entryOf({ type: "note", fields: [secret("notes", "Door 5")] }), ["door"], "notes"),
    ).toBe(true);
  });
});

describe("--url", () => {
  test.each<[string, string, boolean]>([
    ["https://github.com/login", "github.com", true],
    ["github.com", "github.com", true],
    ["https://GitHub.com:8443/", "github.com", true],
    ["https://login.example.com", "example.com", true],
    ["https://a.b.example.com", "example.com", true],
    ["https://example.com", "login.example.com", false],
    ["https://notexample.com", "example.com", false],
    ["https://example.com", "com", false],
    ["http://10.0.0.1", "0.0.1", false],
    ["http://10.0.0.1/x", "10.0.0.1", true],
    ["http://[::1]:80/", "[::1]", true],
  ])("%s finds an entry for %s: %s", (url, host, expected) => {
    expect(hostMatcher(url)(rowOf({ hosts: ["other.example", host] }))).toBe(expected);
  });

  test.each(["", "https://", "a b"])("refuses %j", (url) => {
    expect(() => hostMatcher(url)).toThrow("--url expects an address");
  });
});
