import { describe, expect, test } from "vitest";
import { PmError } from "../../src/core/errors.ts";
import type { Entry } from "../../src/core/vault/model.ts";
import { defaultField } from "../../src/cli/lookup.ts";
import { findField } from "../../src/core/vault/types.ts";
import { nearest } from "../../src/core/vault/nearest.ts";
import { entryOf, plain, secret } from "../support/entries.ts";

async function thrown(run: () => Promise<unknown>): Promise<PmError> {
  try {
    await run();
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
  ])("%s is %s", async (name, expected) => {
    expect((await findField(entry, name)).name).toBe(expected);
  });

  test("that is missing is told with the nearest", async () => {
    expect(await thrown(() => findField(entry, "usrname"))).toMatchObject({
      code: "not-found",
      message: '"web/github" has no field "usrname"',
      hint: 'did you mean "username"?',
    });
    expect((await thrown(() => findField(entryOf({}), "x"))).hint).toBe("it has no fields");
  });

  test("that only differs in case from several is ambiguous", async () => {
    expect(await thrown(() => findField(entry, "key"))).toMatchObject({
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
  ])("of %j is %s", async (facts, expected) => {
    expect((await defaultField(entryOf(facts))).name).toBe(expected);
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
  ])("of %j is an error", async (facts, expected) => {
    expect(await thrown(() => defaultField(entryOf(facts)))).toMatchObject(expected);
  });
});

describe("the nearest", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["gihub", ["github", "gitlab"], ["github"]],
    ["GITHUB", ["gitlab", "github"], ["github", "gitlab"]],
    ["hub", ["web/github", "mail"], ["web/github"]],
    ["gihub", ["web/github"], ["web/github"]],
    ["hub", ["github", "dockerhub"], ["dockerhub", "github"]],
    ["abcd", ["abc1", "abc2", "abc3", "abc4"], ["abc1", "abc2", "abc3"]],
    ["xyz", ["github"], []],
    ["x", [], []],
  ])("to %s of %j are %j", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toEqual(expected);
  });
});
