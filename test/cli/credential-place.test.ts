import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { formatGitAnswer, parseGitRequest } from "../../src/cli/credential-git.ts";
import { fit, formatPlace, placeOf, placeOfAddress } from "../../src/cli/credential-place.ts";
import { concat, utf8 } from "../../src/core/bytes.ts";
import { runs } from "../support/properties.ts";

function shown(address: string): string | undefined {
  const place = placeOfAddress(address);
  return place === undefined ? undefined : formatPlace(place);
}

describe("an address", () => {
  test.each([
    ["github.com", "https://github.com"],
    ["GitHub.com/Team", "https://github.com/Team"],
    ["https://github.com:443/", "https://github.com"],
    ["http://github.com:80", "http://github.com"],
    ["http://github.com:443", "http://github.com:443"],
    ["https://ada@github.com/a//b/?q#f", "https://github.com/a/b"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["https://XN--BCHER-KVA.example", "https://xn--bcher-kva.example"],
    ["http://[::1]:8080/x", "http://[::1]:8080/x"],
    ["smtp://mail.example:587", "smtp://mail.example:587"],
    ["https://code.example/re%20po", "https://code.example/re%20po"],
    ["localhost:5000", "https://localhost:5000"],
  ])("%s is %s", (address, place) => {
    expect(shown(address)).toBe(place);
  });

  test.each([
    "",
    "https://",
    "https:///path",
    "https://code.example\\@evil.example",
    "https://a@b@evil.example",
    "https://code%2eexample",
    "https://code.example:99999999",
    "https://code.example:port",
    "https://code .example",
    "https://code.example\r/",
    "https://code.example/team/../other",
    "https://code.example/a%0ab",
    "1https://code.example",
  ])("%j has no place", (address) => {
    expect(shown(address)).toBeUndefined();
  });

  test("is the same after it was written out", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["http", "https"] }), (address) => {
        const first = shown(address);
        if (first !== undefined) expect(shown(first)).toBe(first);
      }),
      runs(200),
    );
  });
});

describe("fit", () => {
  const CASES = [
    ["https://code.example", "https://code.example", 1],
    ["https://code.example", "https://code.example/team/repo", 0],
    ["https://code.example/team", "https://code.example/team/repo", 1],
    ["https://code.example/team/repo", "https://code.example/team/repo", 2],
    ["https://code.example/team", "https://code.example", 0],
    ["https://code.example/team", "https://code.example/teams", undefined],
    ["https://code.example/team/repo", "https://code.example/team", undefined],
    ["https://code.example", "http://code.example", undefined],
    ["http://code.example", "https://code.example", undefined],
    ["https://code.example", "https://code.example:8443", undefined],
    ["https://example", "https://code.example", undefined],
    ["https://code.example", "https://code.example.evil.example", undefined],
  ] as const;

  test.each(CASES)("of %s for %s is %s", (known, asked, expected) => {
    const places = [placeOfAddress(known), placeOfAddress(asked)] as const;
    expect(places).not.toContain(undefined);
    if (places[0] !== undefined && places[1] !== undefined)
      expect(fit(places[0], places[1], "beginning")).toBe(expected);
  });

  test("of two paths is only the same where that is the rule", () => {
    const [host, team] = [placeOf("https", "a.example"), placeOf("https", "a.example", ["team"])];
    if (host === undefined || team === undefined) throw new Error("no places");
    expect([fit(host, team, "same"), fit(team, host, "same"), fit(team, team, "same")]).toEqual([
      undefined,
      undefined,
      1,
    ]);
  });
});

describe("a request of git", () => {
  test("ends at an empty line, and its last word counts", () => {
    const request = parseGitRequest(
      utf8("protocol=https\nhost=a.example\nhost=b.example\n\nhost=c.example\n"),
    );
    expect(request.place?.host).toBe("b.example");
  });

  test("may be an address", () => {
    const request = parseGitRequest(utf8("url=https://a%40b:p%3Aq@code.example:8443/re%20po/x\n"));
    expect(request).toEqual({
      place: { scheme: "https", host: "code.example", port: 8443, path: ["re po", "x"] },
      username: "a@b",
      password: "p:q",
    });
  });

  test("keeps a password as it is", () => {
    const { password } = parseGitRequest(utf8("protocol=https\nhost=h\npassword= a=b\t\r \n"));
    expect(password).toBe(" a=b\t\r ");
  });

  test("may have lines of servers that are no text, or long: they are nobody's here", () => {
    const latin1 = Uint8Array.from(Buffer.from('wwwauth[]=Basic realm="M\xfcnchen"\n', "latin1"));
    const long = utf8(`wwwauth[]=${"x".repeat(100_000)}\n`);
    const request = parseGitRequest(concat(latin1, long, utf8("protocol=https\nhost=h.example\n")));
    expect(request.place?.host).toBe("h.example");
  });

  test.each([
    ["a line without =", "protocol\n"],
    ["a line without a name", "=x\n"],
    ["a NUL", "protocol=https\nhost=a\0b\n"],
    ["an address without a scheme", "url=code.example\n"],
    ["an address with a broken escape", "url=https://code.example/%zz\n"],
    ["an address with a newline in it", "url=https://code.example/%0aprotocol=x\n"],
    ["a line that is too long", `protocol=${"x".repeat(65_535)}\n`],
  ])("with %s is refused", (_what, text) => {
    expect(() => parseGitRequest(utf8(text))).toThrow("not what git sends");
  });

  test("that is no text is refused", () => {
    expect(() => parseGitRequest(concat(utf8("path="), Uint8Array.of(0xff)))).toThrow("not what git sends");
  });

  test("of any bytes is read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          const { place } = parseGitRequest(utf8(`protocol=https\nhost=${text}\n`));
          expect(place === undefined || /^[^\s/\\@%]+$/.test(place.host)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage" });
        }
      }),
      runs(200),
    );
  });
});

test.each([
  ["a line feed", "a\nb"],
  ["a carriage return, which git takes from the end of a line and refuses within", "a\r"],
  ["a NUL", "a\0"],
  ["more bytes than a line may have", "é".repeat(40_000)],
])("an answer with %s can't be given", (_what, password) => {
  expect(formatGitAnswer("ada", password)).toBeUndefined();
});
