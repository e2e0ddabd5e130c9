/** Exit statuses, and how errors look. */
import { describe, expect, test } from "vitest";
import { type ErrorCode, PmError } from "../../src/core/errors.ts";
import { errorCodesOf, EXIT_STATUSES, exitCode, exitStatus, render } from "../../src/cli/exit.ts";

describe("exit statuses", () => {
  test.each<[code: ErrorCode, exit: number]>([
    ["error", 1],
    ["usage", 2],
    ["limit", 2],
    ["not-found", 3],
    ["locked", 4],
    ["auth", 5],
    ["ambiguous", 6],
    ["conflict", 7],
    ["corrupt", 8],
    ["truncated", 8],
    ["kdf-out-of-bounds", 8],
    ["rollback", 8],
    ["io", 9],
    ["lock-held", 9],
    ["no-memory", 9],
    ["network", 10],
    ["findings", 11],
    ["unavailable", 12],
    ["read-only", 13],
    ["interrupted", 130],
    ["run-failed", 125],
    ["run-denied", 126],
    ["run-missing", 127],
  ])("%s is %i", (code, exit) => {
    expect(exitCode(new PmError(code, "x"))).toBe(exit);
    expect(exitStatus(code).code).toBe(exit);
    expect(errorCodesOf(exit)).toContain(code);
  });

  test("each has one number and one name, in order", () => {
    const codes = EXIT_STATUSES.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted((a, b) => a - b));
    expect(new Set(EXIT_STATUSES.map(({ name }) => name)).size).toBe(EXIT_STATUSES.length);
  });
});

describe("an error", () => {
  const error = new PmError("ambiguous", 'two entries match "a\u001b[2Jb"', {
    details: ["id:01  x\u202ey", "id:02  z"],
    hint: "name one by its id",
  });

  test("is lines for people, harmless for a terminal", () => {
    expect(render(error, "text")).toBe(
      [
        String.raw`pm: error: two entries match "a\x1b[2Jb"`,
        String.raw`id:01  x\u202ey`,
        "id:02  z",
        "pm: hint: name one by its id",
        "",
      ].join("\n"),
    );
  });

  test("stays one line however its message is", () => {
    expect(render(new PmError("io", "a\r\nb"), "text")).toBe("pm: error: a\\x0d\\x0ab\n");
  });

  test("is one line of JSON, with --json", () => {
    const line = render(error, "json");
    expect(line).toMatch(/^[^\n]+\n$/);
    expect(line).not.toContain("\u001b");
    expect(line).not.toContain("\u202e");
    expect(JSON.parse(line)).toEqual({
      error: {
        code: "ambiguous",
        exit: 6,
        message: 'two entries match "a\u001b[2Jb"',
        hint: "name one by its id",
        details: ["id:01  x\u202ey", "id:02  z"],
      },
    });
  });

  test("has no hint and no details in JSON where it has none", () => {
    expect(JSON.parse(render(new PmError("auth", "wrong password"), "json"))).toEqual({
      error: { code: "auth", exit: 5, message: "wrong password" },
    });
  });
});
