import { expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { nobleBackend } from "../../src/core/crypto/noble.ts";
import { parseKeyFile, parseRecoveryCode, parseToken } from "../../src/core/vault/credentials.ts";
import { confirmRecoveryCode, newKey, parseLabel } from "../../src/cli/new-key.ts";
import type { Terminal } from "../../src/node/io.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";

const { io } = createTestIo({ random: seededRandom("new-key") });
const call = { io, crypto: async () => nobleBackend };

test("what is printed is the secret of the slot", async () => {
  const machine = await newKey(call, "machine", "a");
  expect(parseToken(nobleBackend, machine.text).secret).toEqual(machine.slot.secret);
  const keyFile = await newKey(call, "keyfile", "b");
  expect(parseKeyFile(nobleBackend, utf8(keyFile.text))).toEqual(keyFile.slot.secret);
  const recovery = await newKey(call, "recovery", "c");
  expect(parseRecoveryCode(nobleBackend, utf8(recovery.text))).toEqual(recovery.slot.secret);
  expect([machine, keyFile, recovery].map(({ slot }) => `${slot.type} ${slot.label}`)).toEqual([
    "machine a",
    "keyfile b",
    "recovery c",
  ]);
});

/** A person who answers the n-th question by `answer`, given the group that is right. */
function person(code: string, answer: (right: string, question: number) => string) {
  let shown = "";
  let questions = 0;
  const terminal: Terminal = {
    readSecret: async (label) => {
      const group = Number(/group (\d)/.exec(label)?.[1]);
      return utf8(answer(code.split("-")[group] ?? "", questions++));
    },
    print: async (text) => {
      shown += text;
    },
    confirm: async () => false,
    search: async () => undefined,
    select: async () => undefined,
    [Symbol.dispose]: () => undefined,
  };
  return { terminal, showings: () => shown.split(code).length - 1 };
}

const CODE = "PMR1-A1B0-C2D0-E3F0-G4H0-J5K0-M6N0-P7Q0-R8S0-T9V0"; // not-a-secret

test.each([
  ["as it stands", (right: string) => right],
  ["in small letters and with blanks", (right: string) => ` ${right.toLowerCase()} `],
  ["with letters for digits", (right: string) => right.replace("0", "o").replace("1", "l")],
])("a group typed back %s is enough", async (_how, answer) => {
  const { terminal, showings } = person(CODE, answer);
  await confirmRecoveryCode(call, terminal, {
    code: CODE,
    text: `the code: ${CODE}\n`,
    otherwise: "pm init --no-recovery",
  });
  expect(showings()).toBe(1);
});

test("the code is shown again after three wrong answers", async () => {
  const { terminal, showings } = person(CODE, (right, question) => (question < 3 ? "wrong" : right));
  await confirmRecoveryCode(call, terminal, {
    code: CODE,
    text: `the code: ${CODE}\n`,
    otherwise: "pm init --no-recovery",
  });
  expect(showings()).toBe(2);
});

test("nine wrong answers end it, and another group is no answer", async () => {
  const { terminal, showings } = person(CODE, () => "");
  await expect(
    confirmRecoveryCode(call, terminal, {
      code: CODE,
      text: `the code: ${CODE}\n`,
      otherwise: "pm init --no-recovery",
    }),
  ).rejects.toMatchObject({ code: "usage" });
  expect(showings()).toBe(3);
});

test("a label is the type where none is given, NFC where one is", () => {
  expect(parseLabel(undefined, "machine")).toBe("machine");
  expect(parseLabel("Ku\u0308che", "machine")).toBe("Küche");
});

test.each(["", "  ", "a\nb", "\u001b[1m", "\ud800"])("refuses the label %j", (label) => {
  expect(() => parseLabel(label, "machine")).toThrow("the label");
});

test("refuses a label of more than 128 bytes", () => {
  expect(parseLabel("ü".repeat(64), "x")).toHaveLength(64);
  expect(() => parseLabel("ü".repeat(65), "x")).toThrow("128 bytes");
});
