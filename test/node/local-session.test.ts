import fs from "node:fs";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { createVault } from "../../src/node/create-vault.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { openVault } from "../../src/node/local-session.ts";
import {
  add,
  codeOf,
  create,
  file,
  login,
  names,
  open,
  store,
  useSessionHome,
} from "../support/session-home.ts";
import { countingCalls } from "../support/vault-builder.ts";

useSessionHome();

describe("a session", () => {
  test("sees its own changes and what others saved in between", async () => {
    await create();
    using first = await open();
    await add("b");
    await first.edit([login("a")]);
    expect((await first.list({})).map((row) => row.path)).toEqual(["a", "b"]);
    expect(await first.info()).toMatchObject({ rev: 3, entries: 2, trashed: 0 });
  });

  test("decrypts once what entries share that are read together, and forgets it after that", async () => {
    await create();
    using writer = await open();
    await writer.edit(Array.from({ length: 100 }, (_, at) => login(`entry ${100 + at}`)));
    const crypto = countingCalls(nativeBackend);
    using session = await open({ crypto });
    const rows = await session.list({});
    const read = async (): Promise<number> => {
      const before = crypto.calls.open;
      const entries = await Promise.all(rows.map(({ id }) => session.entry(id)));
      expect(entries.map(({ path }) => path)).toEqual(rows.map(({ path }) => path));
      return crypto.calls.open - before;
    };
    const opened = await read();
    expect(opened).toBeLessThan(10);
    await setImmediate();
    expect(await read()).toBe(opened);
  });

  test("applies all edits of a call or none", async () => {
    await create();
    await add("a");
    const before = fs.readFileSync(file("vault.pm"));
    using session = await open();
    expect(await codeOf(session.edit([login("b"), login("a")]))).toBe("conflict");
    expect(fs.readFileSync(file("vault.pm")).equals(before)).toBe(true);
  });

  test("refuses to write over a damaged chunk, and can still read what is whole", async () => {
    await create();
    await add("a");
    const bytes = fs.readFileSync(file("vault.pm"));
    const at = bytes.length - 20_000;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    fs.writeFileSync(file("vault.pm"), bytes);
    expect(await names()).toEqual(["a"]);
    expect(await codeOf(add("b"))).toBe("body-corrupt");
    expect(fs.readFileSync(file("vault.pm")).equals(bytes)).toBe(true);
  });

  test("keeps the slots that another process added while it was open", async () => {
    await create();
    using one = await open();
    using two = await open();
    await one.addSlot({ type: "recovery", secret: new Uint8Array(20).fill(1), label: "paper" });
    await two.addSlot({ type: "keyfile", secret: new Uint8Array(32).fill(2), label: "usb" });
    expect((await two.info()).slots.map((slot) => [slot.type, slot.label, slot.current])).toEqual([
      ["machine", "ci", true],
      ["recovery", "paper", false],
      ["keyfile", "usb", false],
    ]);
    using byPaper = await open({ credentials: { recovery: new Uint8Array(20).fill(1) } });
    expect(await byPaper.list({})).toEqual([]);
  });

  test("leaves no old slot in the file or its backup when a password is changed or a slot removed", async () => {
    const password = utf8("first password");
    const slots = [{ type: "password", password, profile: "constrained", label: "me" } as const];
    (await createVault({ ...store(), slots }))[Symbol.dispose]();
    const unlock = (text: string, name = "vault.pm"): Promise<VaultSession> =>
      openVault({ ...store(name, "other"), credentials: { password: utf8(text) } });
    using session = await unlock("first password");
    await session.changePassword(utf8("second password"), "constrained");
    expect((await session.info()).slots).toMatchObject([{ type: "password", label: "me" }]);
    for (const name of ["vault.pm", "vault.pm.bak"]) {
      expect(await codeOf(unlock("first password", name))).toBe("auth");
      expect(await codeOf(unlock("second password", name))).toBe("ok");
    }
    const [slot] = (await session.info()).slots;
    expect(await codeOf(session.removeSlot(slot?.id ?? ""))).toBe("conflict");
  });

  test("leaves no purged value in the file or its backup", async () => {
    await create();
    await add("a");
    using session = await open();
    const [row] = await session.list({});
    const id = row?.id ?? "";
    await session.edit([{ kind: "trash", id }]);
    await session.edit([{ kind: "purge", id }]);
    expect(await codeOf(session.entry(id))).toBe("not-found");
    for (const name of ["vault.pm", "vault.pm.bak"]) {
      using copy = await open({ ...store(name, "other") });
      expect(await codeOf(copy.entry(id))).toBe("not-found");
    }
  });

  test("verifies every chunk and record", async () => {
    await create();
    await add("a");
    using session = await open();
    expect(await session.verify()).toMatchObject({ entries: 1, trashed: 0, records: 3, chunks: 5 });
  });
});
