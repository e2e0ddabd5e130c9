import { describe, expect, test } from "vitest";
import { PmError } from "../../src/core/errors.ts";
import type { Entry } from "../../src/core/vault/model.ts";
import { defaultField, findField, nearest } from "../../src/cli/lookup.ts";
import { entryOf, plain, secret } from "../support/entries.ts";

function thrown(run: () => unknown): PmError {
  try {
    run();
  } catch (error) {
    if (error instanceof PmError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a field by its name", () => {
  const entry = entryOf({
    fields: [plain("username", "m"), plain("Key", "1"), plain("KEY", "2"), plain("caf\u00e9", "3")],
  });

  test.each<[string, string]>([
    ["username", "username"],
    ["USERNAME", "username"],
    ["user", "username"],
    ["Key", "Key"],
    ["cafe\u0301", "caf\u00e9"],
  ])("%s is %s", (name, expected) => {
    expect(findField(entry, name).name).toBe(expected);
  });

  test("that is missing is told with the nearest", () => {
    expect(thrown(() => findField(entry, "usrname"))).toMatchObject({
      code: "not-found",
      message: '"web/github" has no field "usrname"',
      hint: 'did you mean "username"?',
    });
    expect(thrown(() => findField(entryOf({}), "x")).hint).toBe("it has no fields");
  });

  test("that only differs in case from several is ambiguous", () => {
    expect(thrown(() => findField(entry, "key"))).toMatchObject({
      code: "ambiguous",
      details: ["Key", "KEY"],
    });
  });
});

describe("the default field", () => {
  test.each<[Partial<Entry>, string]>([
    [{ fields: [plain("username", "m"), secret("password", "p")] }, "password"],
    [{ type: "note", fields: [secret("notes", "n")] }, "notes"],
    [{ type: "custom", fields: [plain("a", "1"), secret("password", "p")] }, "password"],
    [{ type: "custom", fields: [plain("a", "1")] }, "a"],
  ])("of %j is %s", (facts, expected) => {
    expect(defaultField(entryOf(facts)).name).toBe(expected);
  });

  test.each<[Partial<Entry>, Partial<PmError>]>([
    [
      { type: "custom", fields: [plain("a", "1"), plain("b", "2")] },
      { code: "usage", details: ["a", "b"] },
    ],
    [
      { type: "identity", fields: [plain("name", "1")] },
      { code: "usage", details: ["name"] },
    ],
    [
      { type: "login", fields: [plain("url", "1")] },
      { code: "not-found", hint: "it has url" },
    ],
    [{ type: "custom", fields: [] }, { code: "not-found" }],
  ])("of %j is an error", (facts, expected) => {
    expect(thrown(() => defaultField(entryOf(facts)))).toMatchObject(expected);
  });
});

describe("the nearest", () => {
  test.each<[string, readonly string[], string | undefined]>([
    ["gihub", ["github", "gitlab"], "github"],
    ["GITHUB", ["gitlab", "github"], "github"],
    ["hub", ["web/github", "mail"], "web/github"],
    ["hub", ["github", "dockerhub"], undefined],
    ["xyz", ["github"], undefined],
    ["x", [], undefined],
  ])("to %s of %j is %s", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});
