import { describe, expect, test } from "vitest";
import { document, entryXml, fieldsOf, importXml, named } from "../../support/keepass.ts";

describe("references", () => {
  const target = entryXml(
    { Title: "target", UserName: "joe", Password: "secret", Own: "own value" },
    `<UUID>${Buffer.from("00112233445566778899aabbccddeeff", "hex").toString("base64")}</UUID>`,
  );
  const ID = "00112233445566778899AABBCCDDEEFF";

  test("become what KeePass would show, and that is said", async () => {
    const source = entryXml({
      Title: "source",
      UserName: `{REF:U@I:${ID}}`,
      Password: `a{REF:P@I:${ID.toLowerCase()}}b`,
      URL: "https://x.y/{REF:P@T:target}",
      Notes: "{ref:U@O:own value}, {REF:I@U:joe}",
    });
    const imported = await importXml(document(source + target));
    expect(fieldsOf(named(imported, "source"))).toEqual({
      username: "joe",
      "password*": "asecretb",
      "url*": "https://x.y/secret",
      notes: `joe, ${ID}`,
    });
    expect(imported.skipped).toContainEqual({
      what: "reference in password of source",
      why: "it is the value itself now",
    });
  });

  test.each(["{REF:P@I:FF}", "{REF:P@T:nobody}", "{REF:P@T:source}", "{REF:X@T:target}"])(
    "%s leads nowhere and stays",
    async (reference) => {
      const imported = await importXml(document(entryXml({ Title: "source", Password: reference }) + target));
      expect(fieldsOf(named(imported, "source"))).toEqual({ "password*": reference });
    },
  );

  test("a ladder of them does not grow without an end", async () => {
    const steps = Array.from({ length: 9 }, (_, n) =>
      entryXml({ Title: `s${n}`, Notes: `{REF:N@T:s${n + 1}}`.repeat(50) }),
    );
    const { entries } = await importXml(
      document(`${steps.join("")}${entryXml({ Title: "s9", Notes: "x".repeat(1000) })}`),
    );
    const characters = entries.flatMap(({ fields }) => fields.map(({ text }) => text.length));
    expect(Math.max(...characters)).toBeLessThan(20_000_000);
  });
});
