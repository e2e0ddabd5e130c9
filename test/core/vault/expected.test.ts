/** An edit that says what it expects is refused where the entry shows something else by then. */
import { describe, expect, test } from "vitest";
import type { Expected } from "../../../src/core/vault/expected.ts";
import { requireExpected } from "../../../src/core/vault/expected.ts";
import { change, creation, editor, field } from "../../support/draft-builder.ts";
import { binary, entryOf, plain, secret } from "../../support/entries.ts";
import { verdict } from "../../support/vault-builder.ts";

const entry = entryOf({
  fields: [plain("username", "mara"), secret("password", "x")],
  expires: "2027-01-31",
});
const nothing: Expected = { fields: [], absent: [] };

describe("what is expected", () => {
  test.each<[string, Partial<Expected>]>([
    ["nothing", {}],
    ["a field", { fields: [plain("username", "mara")] }],
    ["a field that is not there", { absent: ["otp"] }],
    ["facts", { path: "web/github", type: "login", favourite: false, expires: "2027-01-31" }],
  ])("holds: %s", (_what, expected) => {
    expect(() => requireExpected(entry, { ...nothing, ...expected })).not.toThrow();
  });

  test.each<[string, Partial<Expected>]>([
    ['"username"', { fields: [plain("username", "eve")] }],
    ['"password"', { fields: [plain("password", "x")] }],
    ['"username"', { fields: [{ ...binary("username", "mara"), concealed: false }] }],
    ['"otp"', { fields: [secret("otp", "x")] }],
    ['"username"', { absent: ["username"] }],
    ['"path"', { path: "other" }],
    ['"type"', { type: "note" }],
    ['"expires"', { expires: null }],
    ['"favourite"', { favourite: true }],
    ['"path", "otp"', { path: "other", fields: [secret("otp", "x")] }],
  ])("does not hold for %s", (names, expected) => {
    const run = (): void => requireExpected(entry, { ...nothing, ...expected });
    expect(run).toThrow(`${names} was changed elsewhere meanwhile`);
    expect(run).not.toThrow(/mara|eve/);
  });
});

test("an update is applied only where what it expects holds", () => {
  const edits = editor();
  const id = edits.apply(creation("a", { fields: [field("password", "one", true)] }));
  const update = (before: string) =>
    verdict(() =>
      edits.apply(
        change(id, {
          set: [field("password", "two", true)],
          expected: { ...nothing, fields: [field("password", before, true)] },
        }),
      ),
    );
  expect(update("zero")).toBe("conflict");
  expect(update("one")).toBe("ok");
  expect(update("one")).toBe("conflict");
});
