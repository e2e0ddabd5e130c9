import { expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { createCallInput, MAX_PASSWORD_BYTES, withoutNewline } from "../../src/cli/stdin.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";

function callInput(stdin: string | Uint8Array, passwordStdin: boolean) {
  return createCallInput(createTestIo({ stdin, random: seededRandom("stdin") }).io.stdin, passwordStdin);
}

const text = (bytes: Uint8Array) => fromUtf8(bytes);

test("line 1 is the password and the rest is the command's own, byte for byte", async () => {
  const input = callInput(" pass word \r\n\nline 2\r\n\0\n", true);
  expect(text(await input.password())).toBe(" pass word ");
  expect(text(await input.rest(100))).toBe("\nline 2\r\n\0\n");
});

test("the rest never holds the password, whoever is asked first", async () => {
  const input = callInput("password\nrest", true);
  expect(text(await input.rest(100))).toBe("rest");
  expect(text(await input.password())).toBe("password");
});

test("without --password-stdin all of it is the command's own", async () => {
  expect(text(await callInput("line 1\nline 2\n", false).rest(100))).toBe("line 1\nline 2\n");
});

test("with both flags line 1 is the old password and line 2 the new one", async () => {
  const input = callInput("old\nnew\nrest\n", true);
  expect(text(await input.newPassword())).toBe("new");
  expect(text(await input.password())).toBe("old");
  expect(text(await input.rest(100))).toBe("rest\n");
});

test("with --new-password-stdin alone line 1 is the new password", async () => {
  expect(text(await callInput("new\n", false).newPassword())).toBe("new");
});

test("a last line needs no newline, and a missing one is empty", async () => {
  const input = callInput("only", true);
  expect(text(await input.password())).toBe("only");
  expect(text(await input.newPassword())).toBe("");
  expect(text(await input.rest(100))).toBe("");
});

test("what is returned can be wiped without harm to a later call", async () => {
  const input = callInput("password\nrest", true);
  (await input.password()).fill(0);
  (await input.rest(10)).fill(0);
  expect(text(await input.password())).toBe("password");
  expect(text(await input.rest(10))).toBe("rest");
});

test("the limits hold for the password and for the rest", async () => {
  const longest = "p".repeat(MAX_PASSWORD_BYTES);
  expect((await callInput(`${longest}\n`, true).password()).length).toBe(MAX_PASSWORD_BYTES);
  await expect(callInput(`${longest}p\n`, true).password()).rejects.toMatchObject({ code: "limit" });
  await expect(callInput("p\n12345", true).rest(4)).rejects.toMatchObject({ code: "limit" });
  await expect(callInput("12345", false).rest(4)).rejects.toMatchObject({ code: "limit" });
});

test("a terminal is refused: it would show the password", async () => {
  const { io } = createTestIo({ ttys: new Set(["stdin"]), random: seededRandom("stdin") });
  await expect(createCallInput(io.stdin, true).password()).rejects.toMatchObject({ code: "usage" });
});

test.each([
  ["a\n", "a"],
  ["a\r\n", "a"],
  ["a\n\n", "a\n"],
  ["a\r", "a\r"],
  [" a\t", " a\t"],
  ["\n", ""],
  ["\r\n", ""],
  ["", ""],
])("%j loses one newline at most: %j", (before, after) => {
  expect(text(withoutNewline(utf8(before)))).toBe(after);
});

test("the password is there before its pipe is closed", async () => {
  const pieces = [utf8("pass"), utf8("word\nre")];
  const never = new Promise<Uint8Array>(() => undefined);
  const input = createCallInput(
    { isTTY: false, readSome: async () => pieces.shift() ?? (await never), read: () => never },
    true,
  );
  expect(text(await input.password())).toBe("password");
});
