/** Another file in the place of a vault: what is written, what is kept, and what the local state says after. */
import fs from "node:fs";
import { expect, test } from "vitest";
import { nativeBackend } from "../../src/node/crypto.ts";
import { acquireLock } from "../../src/node/lock.ts";
import {
  damagedName,
  lookAt,
  placeVault,
  readWhole,
  replaceVault,
  type Standing,
  type WholeFile,
} from "../../src/node/replace-vault.ts";
import {
  add,
  codeOf,
  create,
  file,
  names,
  open,
  SECRET,
  store,
  useSessionHome,
  warnings,
} from "../support/session-home.ts";

useSessionHome();

const VAULT = "vault.pm";
const COPY = "copy.pm";

function whole(name = COPY): Promise<WholeFile> {
  return readWhole(nativeBackend, file(name), { token: SECRET.slice() });
}

function look(): Standing {
  return lookAt(nativeBackend, file(VAULT));
}

function hash(): Uint8Array {
  const standing = look();
  if (standing.kind === "nothing") throw new Error("there is nothing");
  return standing.hash;
}

function bytes(name: string): string {
  return fs.readFileSync(file(name)).toString("hex");
}

async function replicaOf(): Promise<string> {
  using session = await open();
  return (await session.log())[0]?.replica ?? "";
}

/** A vault of "a" and "b", and a copy of it when it was only "a". */
async function createBoth(): Promise<void> {
  await create();
  await add("a");
  fs.copyFileSync(file(VAULT), file(COPY));
  await add("b");
}

test("a file that this machine knows a newer version of is accepted, under a new replica id", async () => {
  await createBoth();
  const before = await replicaOf();
  fs.rmSync(file(VAULT));
  using copy = await whole();
  await placeVault(store(), copy);
  expect(bytes(VAULT)).toBe(bytes(COPY));
  expect(await names()).toEqual(["a"]);
  await add("c");
  expect(await names()).toEqual(["a", "c"]);
  expect(await replicaOf()).not.toBe(before);
  // It is protected from then on.
  fs.copyFileSync(file(COPY), file(VAULT));
  expect(await codeOf(names())).toBe("rollback");
});

test("the newest version as this machine saved it goes on under the same replica id", async () => {
  await createBoth();
  const before = await replicaOf();
  fs.renameSync(file(VAULT), file(COPY));
  using copy = await whole();
  await placeVault(store(), copy);
  await add("c");
  expect(await replicaOf()).toBe(before);
});

test("a file with another root key than the state knows is accepted", async () => {
  await createBoth();
  const next = new Uint8Array(32).fill(9);
  {
    using session = await open();
    await session.rekey([{ type: "machine", secret: next, label: "next" }]);
  }
  fs.rmSync(file(VAULT));
  using copy = await whole();
  await placeVault(store(), copy);
  expect(await names()).toEqual(["a"]);
  await add("c");
});

test("a new file never takes the place of one that came meanwhile", async () => {
  await createBoth();
  using copy = await whole();
  expect(await codeOf(placeVault(store(), copy))).toBe("conflict");
  expect(await names()).toEqual(["a", "b"]);
});

test("what changed since it was looked at is not replaced", async () => {
  await createBoth();
  const looked = hash();
  await add("c");
  using copy = await whole();
  for (const keep of ["bak", "damaged"] as const) {
    expect(await codeOf(replaceVault(store(), copy, { hash: looked, keep }))).toBe("conflict");
  }
  expect(await names()).toEqual(["a", "b", "c"]);
  expect(fs.readdirSync(file(".")).filter((name) => name.includes("damaged"))).toEqual([]);
});

test("a replaced vault stays as the version before", async () => {
  await createBoth();
  const before = bytes(VAULT);
  using copy = await whole();
  const { kept } = await replaceVault(store(), copy, { hash: hash(), keep: "bak" });
  expect(kept).toBe(file(`${VAULT}.bak`));
  expect([bytes(VAULT), bytes(`${VAULT}.bak`)]).toEqual([bytes(COPY), before]);
  expect(await names()).toEqual(["a"]);
});

test("a damaged vault is kept under a name of its own, and the version before stays", async () => {
  await createBoth();
  const backup = bytes(`${VAULT}.bak`);
  fs.writeFileSync(file(VAULT), "damaged");
  expect(look()).toMatchObject({ kind: "damaged", error: { code: "truncated" } });
  using copy = await whole();
  const { kept = "" } = await replaceVault(store(), copy, { hash: hash(), keep: "damaged" });
  expect(fs.readFileSync(kept, "utf8")).toBe("damaged");
  expect(fs.statSync(kept).mode & 0o777).toBe(0o600);
  expect([bytes(VAULT), bytes(`${VAULT}.bak`)]).toEqual([bytes(COPY), backup]);
  expect(await names()).toEqual(["a"]);
});

test("where its name is taken by something else nothing is replaced", async () => {
  await createBoth();
  fs.writeFileSync(file(VAULT), "damaged");
  fs.writeFileSync(damagedName(file(VAULT), hash()), "other");
  using copy = await whole();
  expect(await codeOf(replaceVault(store(), copy, { hash: hash(), keep: "damaged" }))).toBe("conflict");
  expect(fs.readFileSync(file(VAULT), "utf8")).toBe("damaged");
});

test("a held lock keeps it from being replaced", async () => {
  await createBoth();
  const options = { ...store(), lockTimeoutMs: 0 };
  using copy = await whole();
  using _lock = await acquireLock({ ...options, timeoutMs: 0 });
  expect(await codeOf(replaceVault(options, copy, { hash: hash(), keep: "bak" }))).toBe("lock-held");
  expect(await names()).toEqual(["a", "b"]);
});

test.each([
  ["a wrong key", "auth", () => readWhole(nativeBackend, file(COPY), { token: new Uint8Array(32) })],
  ["a cut file", "truncated", () => damagedCopy((copy) => copy.subarray(0, 5000))],
  ["a flipped byte", "body-corrupt", () => damagedCopy((copy) => copy.with(5000, (copy[5000] ?? 0) ^ 1))],
])("a file is taken only where it opens and is whole: %s", async (_what, code, read) => {
  await createBoth();
  expect(await codeOf(read())).toBe(code);
});

function damagedCopy(damage: (copy: Uint8Array) => Uint8Array): Promise<WholeFile> {
  fs.writeFileSync(file("damaged.pm"), damage(new Uint8Array(fs.readFileSync(file(COPY)))));
  return whole("damaged.pm");
}

test.skipIf(process.platform === "win32")("a state that can't be written is said, and no more", async () => {
  await createBoth();
  fs.rmSync(file(VAULT));
  fs.rmSync(file("state"), { recursive: true });
  fs.writeFileSync(file("state"), "a file where a folder should be");
  using copy = await whole();
  await placeVault(store(), copy);
  expect(bytes(VAULT)).toBe(bytes(COPY));
  expect(warnings.join()).toContain("the local state could not be written");
});

test("looking tells nothing, a vault, and what can't be replaced", async () => {
  expect(look()).toEqual({ kind: "nothing" });
  await create();
  expect(look()).toMatchObject({ kind: "vault" });
  fs.rmSync(file(VAULT));
  fs.mkdirSync(file(VAULT));
  expect(() => look()).toThrow("is a folder");
});
