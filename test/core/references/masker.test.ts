import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import { formsOf } from "../../../src/core/references/forms.ts";
import { createMasker, type Secret } from "../../../src/core/references/masker.ts";
import { runs } from "../../support/properties.ts";

const secret = (text: string, name = "a/password"): Secret => ({ bytes: utf8(text), name });

function masked(secrets: readonly Secret[], chunks: readonly Uint8Array[]): string {
  const masker = createMasker(secrets);
  const shown = [...chunks.map((chunk) => masker.push(chunk).slice()), masker.end()];
  return latin1(concat(...shown));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

const AWKWARD = 'p/w "x"\\y\n<é>&\'\u{1f511}+ z?~';

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** As the password of an address that the URL standard writes. */
function inAddress(text: string): string {
  const url = new URL("https://user@example.com");
  url.password = text;
  return url.href.slice("https://user:".length, -"@example.com/".length);
}

describe("a secret is masked", () => {
  const json = JSON.stringify(AWKWARD).slice(1, -1);
  const ascii = json.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  test.each<[how: string, text: string]>([
    ["as it is", AWKWARD],
    ["with the newlines of a terminal", AWKWARD.replaceAll("\n", "\r\n")],
    ["as JSON", json],
    ["as JSON with every slash escaped", json.replaceAll("/", String.raw`\/`)],
    ["as JSON in ASCII", ascii],
    [
      "as JSON in ASCII, in capital letters",
      ascii.replace(/\\u..../g, (c) => `\\u${c.slice(2).toUpperCase()}`),
    ],
    ["as JSON for HTML", json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    ["as JSON of Gson", json.replace(/[<>&='\u2028\u2029]/g, unicodeEscape)],
    [
      "as JSON of System.Text.Json",
      json
        .replaceAll('\\"', "\\u0022")
        .replace(/[<>&'+`\u007f-\uffff]/g, (c) => unicodeEscape(c).toUpperCase().replace("U", "u")),
    ],
    ["as the password of an address", inAddress(AWKWARD)],
    [
      "the same by Go",
      encodeURIComponent(AWKWARD)
        .replaceAll("'", "%27")
        .replace(/%(?:26|2B)/g, decodeURIComponent),
    ],
    ["by encodeURIComponent", encodeURIComponent(AWKWARD)],
    ["the same in small letters", encodeURIComponent(AWKWARD).replace(/%../g, (c) => c.toLowerCase())],
    ["by encodeURI", encodeURI(AWKWARD)],
    ["as a form", new URLSearchParams({ x: AWKWARD }).toString().slice(2)],
    ["as base64", Buffer.from(AWKWARD).toString("base64")],
    ["as url-safe base64", Buffer.from(AWKWARD).toString("base64url")],
  ])("%s", (_, text) => {
    expect(masked([secret(AWKWARD)], [utf8(`<${text}>`)])).toBe("<<pm:a/password>>");
  });

  test.each([0, 1, 2, 3, 4, 5])("as a part of longer base64, after %i bytes", (before) => {
    for (const after of [0, 1, 2, 3]) {
      const text = Buffer.from(`${"\0".repeat(before)}tr0ub4dor&3?>~${"\0".repeat(after)}`).toString(
        "base64",
      );
      expect(masked([secret("tr0ub4dor&3?>~")], [utf8(text)])).toMatch(/^A*.?<pm:a\/password>.?A*=*$/);
    }
  });

  test("without the newline that it ends with", () => {
    expect(masked([secret("line one\nline two\n")], [utf8("line one\nline two|")])).toBe("<pm:a/password>|");
  });

  test("by the name of the longest of those that begin alike", () => {
    const secrets = [secret("abcd", "short"), secret("abcdefgh", "long")];
    expect(masked(secrets, [utf8("abcdefgh abcdefg")])).toBe("<pm:long> <pm:short>efg");
  });

  test("with the one that overlaps it, so that nothing of either is left", () => {
    const secrets = [secret("hunter22", "a"), secret("22-secret", "b"), secret("cretin", "c")];
    expect(masked(secrets, [utf8("x hunter22-secretin y")])).toBe("x <pm:b> y");
  });

  test("unless it is under four bytes", () => {
    expect(masked([secret("abc"), secret("abc\n\n")], [utf8("abc\n\n")])).toBe("abc\n\n");
  });

  test("and what is no secret stays byte for byte", () => {
    const bytes = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) & 0xff);
    expect(masked([secret("hunter2")], [bytes])).toBe(latin1(bytes));
  });

  test("that is no UTF-8", () => {
    const bytes = Uint8Array.of(0xff, 0, 0xfe, 0x80, 0x0a, 1);
    expect(masked([{ bytes, name: "key" }], [concat(utf8("a"), bytes, utf8("b"))])).toBe("a<pm:key>b");
  });
});

describe("of a stream", () => {
  test("only what may be the beginning of a secret is held back", () => {
    const masker = createMasker([secret("hunter2")]);
    expect(fromUtf8(masker.push(utf8("Password: ")))).toBe("Password: ");
    expect(fromUtf8(masker.push(utf8("hu")))).toBe("");
    expect(fromUtf8(masker.push(utf8("rry")))).toBe("hurry");
  });

  test("it is shown after a pause, and the rest of the secret is masked all the same", () => {
    const masker = createMasker([secret("hunter2")]);
    masker.push(utf8("the h"));
    expect(fromUtf8(masker.idle())).toBe("h");
    expect(fromUtf8(masker.push(utf8("unter2 is it")))).toBe("<pm:a/password> is it");
    expect(fromUtf8(masker.end())).toBe("");
  });

  test("a secret that goes on without end takes no memory, and a pause shows it", () => {
    const masker = createMasker([secret("aaaa")]);
    for (let i = 0; i < 100; i++) expect(masker.push(utf8("a".repeat(1000))).length).toBe(0);
    expect(fromUtf8(masker.idle())).toBe("<pm:a/password>");
    expect(fromUtf8(masker.push(utf8("b")))).toBe("b");
  });
});

/** What has to come out, found by looking for every form at every place. */
function expected(secrets: readonly Secret[], text: string): string {
  const places: { start: number; end: number; name: string; length: number }[] = [];
  for (const { bytes, name } of secrets) {
    for (const form of formsOf(bytes).map(latin1)) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
        places.push({ start: at, end: at + form.length, name, length: form.length });
      }
    }
  }
  places.sort((a, b) => a.start - b.start || b.length - a.length);
  let [out, at] = ["", 0];
  for (let i = 0; i < places.length;) {
    const [first] = places.slice(i);
    if (first === undefined) break;
    let { end, length } = first;
    const names = new Map([[first.name, length]]);
    for (i++; i < places.length && (places[i]?.start ?? 0) < end; i++) {
      const next = places[i];
      if (next === undefined) break;
      end = Math.max(end, next.end);
      length = Math.max(length, next.length);
      names.set(next.name, Math.max(names.get(next.name) ?? 0, next.length));
    }
    out += `${text.slice(at, first.start)}<${[...names]
      .filter(([, size]) => size === length)
      .map(([name]) => name)
      .sort()
      .join()}>`;
    at = end;
  }
  return out + text.slice(at);
}

test("whatever the chunks are, it is what a search for every form would mask", () => {
  const word = fc.stringMatching(/^[ab/%2]{4,7}$/);
  const filler = fc.stringMatching(/^[ab/%2F ]{0,6}$/);
  const cases = fc.uniqueArray(word, { minLength: 1, maxLength: 4 }).chain((words) => {
    const forms = words.flatMap((text) => formsOf(utf8(text)).map(latin1));
    const piece = fc.oneof(
      filler,
      fc.constantFrom(...forms),
      fc.constantFrom(...forms).map((f) => f.slice(1)),
    );
    return fc.record({ words: fc.constant(words), pieces: fc.array(piece, { maxLength: 12 }) });
  });
  fc.assert(
    fc.property(cases, fc.array(fc.nat(9), { minLength: 1 }), ({ words, pieces }, sizes) => {
      const secrets = words.map((text, index) => secret(text, `s${index}`));
      const text = pieces.join("");
      const bytes = utf8(text);
      const chunks: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        chunks.push(bytes.slice(at, at + size + 1));
        at += size + 1;
      }
      const [whole, oracle] = [masked(secrets, [bytes]), expected(secrets, text)];
      expect(masked(secrets, chunks)).toBe(whole);
      // Of two that are equally long either name will do.
      const names = [...whole.matchAll(/<pm:(s\d)>/g)].map(([, name]) => name);
      const allowed = [...oracle.matchAll(/<(s\d(?:,s\d)*)>/g)].map(([, list = ""]) => list.split(","));
      expect(whole.replaceAll(/<pm:s\d>/g, "<>")).toBe(oracle.replaceAll(/<s\d(?:,s\d)*>/g, "<>"));
      names.forEach((name, index) => expect(allowed[index]).toContain(name));
    }),
    runs(300),
  );
});

test("after any pauses no whole secret is shown", () => {
  const pieces = fc.array(fc.constantFrom("hunter2", "hunt", "er2", "2 hunter", "x"), { maxLength: 20 });
  fc.assert(
    fc.property(pieces, fc.array(fc.boolean(), { minLength: 1 }), (chunks, pauses) => {
      const masker = createMasker([secret("hunter2")]);
      const shown = chunks.map((chunk, index) => {
        const now = latin1(masker.push(utf8(chunk)));
        return now + (pauses[index % pauses.length] === true ? latin1(masker.idle()) : "");
      });
      expect(shown.join("") + latin1(masker.end())).not.toContain("hunter2");
    }),
    runs(200),
  );
});
