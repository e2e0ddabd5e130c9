/** A new root key while other processes have the vault open. */
import fs from "node:fs";
import { expect, test } from "vitest";
import type { NewSlot } from "../../src/core/vault/session.ts";
import {
  add,
  codeOf,
  create,
  file,
  login,
  names,
  open,
  SECRET,
  useSessionHome,
} from "../support/session-home.ts";

useSessionHome();

const NEXT_SECRET = new Uint8Array(32).fill(9);
const NEXT: readonly NewSlot[] = [{ type: "machine", secret: NEXT_SECRET, label: "next" }];
const next = () => ({ credentials: { token: NEXT_SECRET.slice() } });

test("a key that another process added while rekey was running is not lost in silence", async () => {
  await create();
  using one = await open();
  await one.list({});
  {
    using two = await open();
    await two.addSlot({ type: "recovery", secret: new Uint8Array(20).fill(1), label: "paper" });
  }
  const before = fs.readFileSync(file("vault.pm"));
  expect(await codeOf(one.rekey(NEXT))).toBe("conflict");
  expect(fs.readFileSync(file("vault.pm")).equals(before)).toBe(true);
});

test("a session that was opened before rekey, and first reads after it, says that its key is gone", async () => {
  await create();
  await add("a");
  using late = await open();
  {
    using renewing = await open();
    await renewing.rekey(NEXT);
  }
  expect(await codeOf(late.list({}))).toBe("locked");
  expect(await codeOf(late.edit([login("b")]))).toBe("locked");
  expect(await names(next())).toEqual(["a"]);
});

test("an old copy in the place of a vault with a new root key is a rollback, for the old key too", async () => {
  await create();
  await add("a");
  const old = fs.readFileSync(file("vault.pm"));
  {
    using session = await open();
    await session.rekey(NEXT);
  }
  fs.writeFileSync(file("vault.pm"), old);
  expect(await codeOf(names())).toBe("rollback");
  expect(await codeOf(names(next()))).toBe("auth");
});

test("what the new secrets are handed over with comes after the costly work and before the save", async () => {
  await create();
  const before = fs.readFileSync(file("vault.pm"));
  using session = await open();
  const refused = session.rekey(NEXT, async () => {
    throw new Error("no");
  });
  await expect(refused).rejects.toThrow("no");
  expect(fs.readFileSync(file("vault.pm")).equals(before)).toBe(true);
  const seen: boolean[] = [];
  await session.rekey(NEXT, async (save) => {
    seen.push(fs.readFileSync(file("vault.pm")).equals(before));
    await save();
    seen.push(fs.readFileSync(file("vault.pm")).equals(before));
  });
  expect(seen).toEqual([true, false]);
  expect(await codeOf(open({ credentials: { token: SECRET.slice() } }))).toBe("auth");
});
