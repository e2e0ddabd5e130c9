import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import { parseFieldName, parsePath } from "../../src/core/vault/names.ts";
import { parsePrefix, parseTag, parseTagChange, parseTags, parseType } from "../../src/cli/names.ts";

function codeOf(run: () => unknown): ErrorCode | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: ErrorCode }).code;
  }
}

describe("paths", () => {
  test.each(["github", "web/git hub", "日本/パスワード", "a=b", "-x", "ID", "é/🔑", "id"])(
    "takes %j",
    (path) => {
      expect(parsePath(path)).toBe(path);
    },
  );

  test("are brought to NFC", () => {
    expect(parsePath("cafe\u0301")).toBe("caf\u00e9");
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["a leading slash", "/a"],
    ["a trailing slash", "a/"],
    ["an empty part", "a//b"],
    ["a newline", "a\nb"],
    ["an escape", "a\u001b[31m"],
    ["a NUL", "a\0"],
    ["a C1 control", "a\u0085"],
    ["a line separator", "a\u2028b"],
    ["half a surrogate pair", "a\ud800"],
    ["the beginning of an id", "id:abcd"],
  ])("refuse %s", (_what, path) => {
    expect(codeOf(() => parsePath(path))).toBe("usage");
  });

  test("hold 1,024 bytes, not characters", () => {
    expect(parsePath("é".repeat(512))).toHaveLength(512);
    expect(codeOf(() => parsePath("é".repeat(513)))).toBe("limit");
  });

  test("of folders may end in a slash", () => {
    expect(parsePrefix("web/")).toBe("web");
    expect(parsePrefix("web")).toBe("web");
    expect(codeOf(() => parsePrefix("/"))).toBe("usage");
  });
});

describe("field names", () => {
  test.each(["password", "API key", "a:b", "ключ"])("take %j", (name) => {
    expect(parseFieldName(name)).toBe(name);
  });

  test("hold 128 bytes", () => {
    expect(parseFieldName("x".repeat(128))).toHaveLength(128);
    expect(codeOf(() => parseFieldName("x".repeat(129)))).toBe("limit");
  });

  test("refuse control characters", () => {
    expect(codeOf(() => parseFieldName("a\tb"))).toBe("usage");
  });
});

describe("tags", () => {
  test("come from several options and from lists, each once", () => {
    expect(parseTags(["work,dev", "dev", "two words"])).toEqual(["work", "dev", "two words"]);
  });

  test.each(["+work", "-work", " work", "work ", "a\nb", ""])("refuse %j", (tag) => {
    expect(codeOf(() => parseTag(tag))).toBe("usage");
  });

  test("number at most 64", () => {
    const tags = Array.from({ length: 65 }, (_, index) => `t${index}`);
    expect(parseTags(tags.slice(0, 64))).toHaveLength(64);
    expect(codeOf(() => parseTags(tags))).toBe("limit");
  });

  test("are added with + or without a sign, and removed with -", () => {
    expect(parseTagChange(["+work,-old", "dev"])).toEqual({ add: ["work", "dev"], remove: ["old"] });
    expect(codeOf(() => parseTagChange(["+a,-a"]))).toBe("usage");
    expect(codeOf(() => parseTagChange(["+"]))).toBe("usage");
  });
});

test("an unknown type is refused", () => {
  expect(parseType("ssh-key")).toBe("ssh-key");
  expect(codeOf(() => parseType("Login"))).toBe("usage");
});
