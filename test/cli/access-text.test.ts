import { expect, test } from "vitest";
import { accessLines, accessToJson } from "../../src/cli/access-text.ts";

const ACCESS = { at: Date.UTC(2026, 0, 1), pid: 42, program: "bash", command: "get", purpose: "show" };

test("what programs report reaches no terminal as an escape sequence", () => {
  const [line = ""] = accessLines([
    { ...ACCESS, program: "\u001b]0;evil\u0007", command: "a\nb", path: "x\u001b[2J" },
  ]);
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(line).toContain("as reported: ");
});

test("a program that could not be told is unknown", () => {
  expect(accessLines([{ ...ACCESS, program: "" }])[0]).toMatch(/ {2}42, as reported: unknown$/);
  expect(accessToJson({ ...ACCESS, program: "" })).toMatchObject({
    id: null,
    path: null,
    reported: { pid: 42, program: null },
  });
});
