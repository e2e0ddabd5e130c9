/** Asking for the master password again, in a session that something else opened: the agent, say. */
import { beforeEach, describe, expect, test } from "vitest";
import { confirmed, revealEntry, withConfirmation } from "../../src/cli/confirm.ts";
import { type Context, createContext } from "../../src/cli/context.ts";
import { toGlobals } from "../../src/cli/globals.ts";
import { readWanted } from "../../src/cli/lookup.ts";
import { PmError } from "../../src/core/errors.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { change, creation } from "../support/draft-builder.ts";
import { seededRandom } from "../support/random.ts";
import { codeOf, open, useSessionHome } from "../support/session-home.ts";
import { createTestIo, type TestIo, type TestIoOptions } from "../support/test-io.ts";
import { byPassword, CANARY, create, once, PASSWORD, secret } from "../support/use-only.ts";

useSessionHome();

async function vault(): Promise<string> {
  await create();
  using session = await byPassword();
  const made = creation("web/x", { fields: [secret(CANARY)], meta: { useOnly: true } });
  return (await session.edit([made])).ids[0] ?? "";
}

let id = "";
beforeEach(async () => {
  id = await once(vault);
});

interface Call extends AsyncDisposable {
  readonly ctx: Context;
  readonly session: VaultSession;
  readonly io: TestIo;
}

/** A call whose session is open already, and unproven. */
async function call(
  options: Partial<TestIoOptions> = {},
  flags: Parameters<typeof toGlobals>[0] = {},
): Promise<Call> {
  const io = createTestIo({ random: seededRandom("confirm"), ...options });
  const session = await open();
  const context = createContext(io.io, toGlobals(flags, options.env ?? {}));
  const ctx: Context = { ...context, vault: async () => session };
  return { ctx, session, io, [Symbol.asyncDispose]: async () => session[Symbol.dispose]() };
}

const LABEL = 'Master password ("web/x" is use-only): ';

describe("a use-only entry", () => {
  test("is revealed after the password, which is asked for once in a call", async () => {
    await using one = await call({ answers: [PASSWORD] });
    expect((await revealEntry(one.ctx, id)).fields[0]?.text).toBe(CANARY);
    expect((await revealEntry(one.ctx, id)).fields[0]?.text).toBe(CANARY);
    expect(one.io.terminal()).toBe(`${LABEL}\n`);
  });

  test("costs one reading before the password and one after it", async () => {
    await using one = await call({ answers: [PASSWORD] });
    const read = one.session.entry.bind(one.session);
    let readings = 0;
    Object.assign(one.session, { entry: (of: string) => (readings++, read(of)) });
    const { fields } = await readWanted(one.ctx, id, async (entry) => entry.fields);
    expect([fields[0]?.text, readings]).toEqual([CANARY, 2]);
  });

  test.each([{}, { PM_KEY: "pmt1_x" }])("of a bundle, with %j, asks for no password", async (env) => {
    await using one = await call({ answers: [PASSWORD], env });
    const info = await one.session.info();
    Object.assign(one.session, { info: async () => ({ ...info, bundle: { label: "b", notAfter: null } }) });
    const error = await revealEntry(one.ctx, id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "locked",
      message: `"web/x" is use-only, and a bundle has no password`,
      hint: "let a program use it: pm run -e NAME=pm://… -- COMMAND",
    });
  });

  test("is asked for up to three times", async () => {
    await using one = await call({ answers: ["wrong", "", PASSWORD] });
    expect((await revealEntry(one.ctx, id)).fields[0]?.text).toBe(CANARY);
    expect(one.io.terminal().match(/try again/g)).toHaveLength(2);
    await using two = await call({ answers: ["wrong", "wrong", "wrong", PASSWORD] });
    expect(await codeOf(revealEntry(two.ctx, id))).toBe("auth");
    expect(two.io.unused()).toEqual([PASSWORD]);
  });

  test.each<[what: string, options: Partial<TestIoOptions>, flags: Parameters<typeof toGlobals>[0]]>([
    ["where there is no terminal", {}, {}],
    ["under --no-input", { answers: [] }, { "no-input": true }],
    ["with a machine key", { answers: [], env: { PM_KEY: "pmt1_x" } }, {}],
    ["with a key file", { answers: [] }, { "key-file": "k" }],
    [
      "with a key file, and a stream that was read beside it",
      { stdin: PASSWORD },
      { "key-file": "k", "password-stdin": true },
    ],
  ])("is locked %s", async (_what, options, flags) => {
    await using one = await call(options, flags);
    const error = await revealEntry(one.ctx, id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "locked", hint: expect.stringContaining("--password-file FILE") });
    expect(one.io.terminal()).toBe("");
  });

  test("takes the password from where the call says", async () => {
    await using one = await call({ env: { PM_PASSWORD: PASSWORD }, answers: [] });
    expect((await revealEntry(one.ctx, id)).fields[0]?.text).toBe(CANARY);
    await using two = await call({ env: { PM_PASSWORD: "wrong" }, answers: [PASSWORD] });
    expect(await codeOf(revealEntry(two.ctx, id))).toBe("auth");
  });

  test("of another session than that of the call is asked for there", async () => {
    await using one = await call({ answers: [PASSWORD] });
    using other = await open();
    await confirmed(one.ctx, { session: other });
    expect(one.io.terminal()).toBe("Master password (an entry is use-only): \n");
    expect((await other.entry(id)).withheld).toBeUndefined();
    expect((await one.session.entry(id)).withheld).toBe(true);
  });
});

describe("a change", () => {
  test("that takes the flag away is made after the password", async () => {
    await using one = await call({ answers: [PASSWORD] });
    const unflag = change(id, { meta: { useOnly: false } });
    await withConfirmation(one.ctx, () => one.session.edit([unflag]));
    expect(one.io.terminal()).toBe(`${LABEL}\n`);
    expect((await one.session.entry(id)).useOnly).toBe(false);
  });

  test("that fails for another reason is not tried again", async () => {
    await using one = await call({ answers: [] });
    let tries = 0;
    const fail = async (): Promise<never> => {
      tries++;
      throw new PmError("locked", "another reason");
    };
    expect(await codeOf(withConfirmation(one.ctx, fail))).toBe("locked");
    expect(tries).toBe(1);
  });
});
