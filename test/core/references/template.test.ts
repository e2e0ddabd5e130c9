import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import {
  fillTemplate,
  hasReferences,
  parseTemplate,
  parseValue,
} from "../../../src/core/references/template.ts";

/** Parts as text: a reference as its text and line in brackets. */
function parts(template: string): string {
  return parseTemplate(template, "t")
    .map((part) => (part.kind === "literal" ? fromUtf8(part.bytes) : `[${part.ref.text} ${part.line}]`))
    .join("|");
}

describe("a template", () => {
  test.each<[string, string]>([
    ["", ""],
    ["a {{ b }} {{{ c", "a {{ b }} {{{ c"],
    ["{{pm://a}}", "[pm://a 1]"],
    ["{{ \t pm://a \t }}x", "[pm://a 1]|x"],
    ["{{{ pm://a }}}", "{|[pm://a 1]|}"],
    [
      "1\n2 {{ pm://a }}\r\n{{ pm://my site/b }}{{ pm://c }}",
      "1\n2 |[pm://a 2]|\r\n|[pm://my site/b 3]|[pm://c 3]",
    ],
    ["{{\npm://a }}", "{{\npm://a }}"],
    ["{{ PM://a }} {{ pm:/a }} { { pm://a } }", "{{ PM://a }} {{ pm:/a }} { { pm://a } }"],
    ["{{ pm://a } }} x }}", "[pm://a } 1]| x }}"],
  ])("%j is %j", (template, expected) => {
    expect(parts(template)).toBe(expected);
  });

  test.each<[string, string]>([
    ["\n{{ pm://a", "t:2: {{ pm:// is not closed"],
    ["{{ pm://a\n}}", "t:1: {{ pm:// is not closed"],
    ["\n\n{{ pm:// }}", 't:3: the reference "pm://" has an empty part'],
    ["{{ pm://a?x }}", "t:1: the reference"],
  ])("%j is refused", (template, message) => {
    expect(() => parts(template)).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(message) }),
    );
  });

  test("that is no UTF-8 stays byte for byte, but for its references", () => {
    const bytes = Uint8Array.of(0xff, 0, ...utf8("{{ pm://a }}"), 0x80);
    expect(fillTemplate(parseTemplate(bytes, "t"), [Uint8Array.of(0xfe)])).toEqual(
      Uint8Array.of(0xff, 0, 0xfe, 0x80),
    );
    const broken = Uint8Array.of(...utf8("{{ pm://"), 0xff, ...utf8(" }}"));
    expect(() => parseTemplate(broken, "t")).toThrow("t:1: a reference is not UTF-8");
  });

  test("may have more references than a call has arguments", () => {
    const many = parseTemplate("{{ pm://a }}-".repeat(200_000), "t");
    const values = Array.from({ length: 200_000 }, () => utf8("x"));
    expect(fillTemplate(many, values)).toHaveLength(400_000);
  });

  test("is not looked through again after it was filled", () => {
    const filled = fillTemplate(parseTemplate("{{ pm://a }}{{ pm://b }}", "t"), [
      utf8("{{ pm://c }}"),
      utf8("$&"),
    ]);
    expect(fromUtf8(filled)).toBe("{{ pm://c }}$&");
  });
});

describe("a value of an env file", () => {
  test.each<[string, boolean]>([
    ["pm://a", true],
    ["x {{pm://a}} y", true],
    ["{{ \tpm://a }}", true],
    ["x pm://a", false],
    [" pm://a", false],
    ["{{ a }}", false],
    ["", false],
  ])("%j has references: %s", (value, expected) => {
    expect(hasReferences(value)).toBe(expected);
  });

  test("is one reference as a whole, or a template", () => {
    expect(parseValue("pm://my site/a", "f", 7)).toMatchObject([
      { ref: { path: ["my site", "a"] }, line: 7 },
    ]);
    expect(parseValue("x{{ pm://a }}", "f", 7)).toMatchObject([{ kind: "literal" }, { line: 7 }]);
    expect(() => parseValue("pm://a?x", "f", 7)).toThrow(/^f:7: the reference/);
  });
});
