import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { PmError } from "../../../src/core/errors.ts";
import { parseEnvFile } from "../../../src/core/references/env-file.ts";
import { parseReference } from "../../../src/core/references/reference.ts";
import { fillTemplate, parseTemplate } from "../../../src/core/references/template.ts";
import { runs } from "../../support/properties.ts";

/** What has a meaning somewhere, in any order. */
const text = fc
  .array(
    fc.constantFrom(
      "pm://",
      "@",
      "/",
      "#",
      "?",
      "%2F",
      "%",
      "{{",
      "}}",
      "'",
      '"',
      "\\",
      "=",
      "\n",
      "\r\n",
      "A",
      " ",
      "\0",
      "é",
      "`",
      "rev=-1",
    ),
  )
  .map((parts) => parts.join(""));

const outcome = (parse: () => unknown): string => {
  try {
    parse();
    return "read";
  } catch (error) {
    return error instanceof PmError && error.hint !== undefined ? error.code : String(error);
  }
};

test("whatever a reference, an env file or a template is, it is read or refused as usage", () => {
  fc.assert(
    fc.property(text, (source) => {
      for (const parse of [
        () => parseReference(`pm://${source}`),
        () => parseEnvFile(source, "f"),
        () => parseTemplate(source, "t"),
      ]) {
        expect(["read", "usage"]).toContain(outcome(parse));
      }
    }),
    runs(500),
  );
});

test("a template without values is the bytes between its references, all of them", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 6 }), (literals) => {
      const plain = literals.map((bytes) => bytes.filter((byte) => byte !== 0x7b));
      const bytes = plain.flatMap((part, index) =>
        index === 0 ? [...part] : [...utf8("{{ pm://a }}"), ...part],
      );
      const parts = parseTemplate(Uint8Array.from(bytes), "t");
      expect(fillTemplate(parts, [])).toEqual(Uint8Array.from(plain.flatMap((part) => [...part])));
    }),
    runs(200),
  );
});
