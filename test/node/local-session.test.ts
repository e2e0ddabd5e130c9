import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromUtf8, toHex, utf8 } from "../../src/core/bytes.ts";
import { KDF_PROFILES } from "../../src/core/crypto/kdf.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { createVault } from "../../src/node/create-vault.ts";
import { openVault } from "../../src/node/local-session.ts";
import type { OpenOptions, StoreOptions } from "../../src/node/vault-store.ts";
import { CHEAP_KDF } from "../support/vault-builder.ts";

const SECRET = new Uint8Array(32).fill(7);
const cheap = { ...KDF_PROFILES, constrained: CHEAP_KDF };

let home: string;
let warnings: string[];
let clock: number;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "pm-session-"));
  warnings = [];
  clock = 1_767_225_600_000;
});
afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

function store(file = "vault.pm", state = "state"): StoreOptions {
  return {
    path: path.join(home, file),
    stateDir: path.join(home, state),
    crypto: nativeBackend,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    now: () => clock++,
    warn: (text) => warnings.push(text),
    lockTimeoutMs: 2000,
    breakLock: false,
    kdfProfiles: cheap,
  };
}

async function create(file?: string): Promise<void> {
  const slots = [{ type: "machine", secret: SECRET, label: "ci" } as const];
  using _session = await createVault({ ...store(file), slots });
}

async function open(options: Partial<OpenOptions> = {}): Promise<VaultSession> {
  return await openVault({ ...store(), credentials: { token: SECRET.slice() }, ...options });
}

function login(name: string, password = "p"): Edit {
  const fields = [{ name: "password", text: password, encoding: "utf8", concealed: true } as const];
  return { kind: "create", path: name, type: "login", fields, tags: [], meta: {}, existing: "refuse" };
}

async function add(name: string, options: Partial<OpenOptions> = {}): Promise<void> {
  using session = await open(options);
  await session.edit([login(name)]);
}

async function names(options: Partial<OpenOptions> = {}): Promise<readonly string[]> {
  using session = await open(options);
  return (await session.list({})).map((row) => row.path);
}

async function codeOf(run: Promise<unknown>): Promise<ErrorCode | "ok"> {
  return await run.then(
    () => "ok" as const,
    (error: { code: ErrorCode }) => error.code,
  );
}

const file = (name: string): string => path.join(home, name);

function stateFiles(state = "state"): string[] {
  return fs.readdirSync(file(state));
}

function replica(state = "state"): string {
  const [name] = stateFiles(state);
  return JSON.parse(fs.readFileSync(path.join(file(state), name ?? ""), "utf8").split("\n")[0] ?? "").replica;
}

describe("a session", () => {
  test("sees its own changes and what others saved in between", async () => {
    await create();
    using first = await open();
    await add("b");
    await first.edit([login("a")]);
    expect((await first.list({})).map((row) => row.path)).toEqual(["a", "b"]);
    expect(await first.info()).toMatchObject({ rev: 3, entries: 2, trashed: 0 });
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
    expect(await session.verify()).toMatchObject({ entries: 1, trashed: 0, records: 2, chunks: 5 });
  });
});

describe("the local state", () => {
  test("finds an older file in the place of the newest, for reading and for writing", async () => {
    await create();
    await add("a");
    fs.copyFileSync(file("vault.pm"), file("old.pm"));
    await add("b");
    fs.copyFileSync(file("old.pm"), file("vault.pm"));
    expect(await codeOf(names())).toBe("rollback");
    expect(await codeOf(add("c"))).toBe("rollback");
    expect(fs.readFileSync(file("vault.pm")).equals(fs.readFileSync(file("old.pm")))).toBe(true);
  });

  test("takes an older file that is accepted, under a new replica id", async () => {
    await create();
    fs.copyFileSync(file("vault.pm"), file("old.pm"));
    await add("a");
    const before = replica();
    fs.copyFileSync(file("old.pm"), file("vault.pm"));
    using accepted = await open({ acceptRollback: true });
    expect(await accepted.list({})).toEqual([]);
    expect(replica()).not.toBe(before);
    await add("b");
    expect(await names()).toEqual(["b"]);
  });

  test("finds another vault in the place of the known one, before any password is tried", async () => {
    await create();
    await create("other.pm");
    fs.copyFileSync(file("other.pm"), file("vault.pm"));
    expect(await codeOf(names())).toBe("corrupt");
    expect(await codeOf(open({ credentials: { token: new Uint8Array(32) } }))).toBe("corrupt");
    (await open({ acceptRollback: true }))[Symbol.dispose]();
    expect(await names()).toEqual([]);
  });

  test("does not take a newer file, saved elsewhere, for a rollback", async () => {
    await create();
    await add("a");
    fs.copyFileSync(file("vault.pm"), file("elsewhere.pm"));
    await add("b", { ...store("elsewhere.pm", "state2") });
    fs.copyFileSync(file("elsewhere.pm"), file("vault.pm"));
    expect(await names()).toEqual(["a", "b"]);
    expect(warnings).toEqual([]);
  });

  test("gives a copy at another path a replica id of its own", async () => {
    await create();
    fs.copyFileSync(file("vault.pm"), file("copy.pm"));
    fs.cpSync(file("state"), file("state2"), { recursive: true });
    await add("a", { ...store("copy.pm", "state2") });
    const ids = stateFiles("state2").map((name) => {
      const [line] = fs.readFileSync(path.join(file("state2"), name), "utf8").split("\n");
      return JSON.parse(line ?? "").replica;
    });
    expect(new Set(ids).size).toBe(2);
  });

  test("gives a cloned history a new replica id as soon as the two meet", async () => {
    await create();
    // A cloned machine: the same file at the same path with the same state.
    fs.cpSync(home, `${home}-clone`, { recursive: true });
    await add("ours");
    const mine = replica();
    const state = fs.readFileSync(path.join(file("state"), stateFiles()[0] ?? ""));
    // The clone goes on from the old state …
    fs.rmSync(file("state"), { recursive: true });
    fs.copyFileSync(path.join(`${home}-clone`, "vault.pm"), file("vault.pm"));
    fs.cpSync(path.join(`${home}-clone`, "state"), file("state"), { recursive: true });
    await add("theirs");
    expect(replica()).toBe(mine);
    // … and its file comes to the first machine, which wrote the same save number itself.
    fs.writeFileSync(path.join(file("state"), stateFiles()[0] ?? ""), state);
    await add("after");
    expect(replica()).not.toBe(mine);
    expect(await names()).toEqual(["after", "theirs"]);
    fs.rmSync(`${home}-clone`, { recursive: true });
  });

  test.each(["", "x", "{}\n00\n", "not json\n".repeat(1000)])(
    "warns of a damaged one: %#",
    async (content) => {
      await create();
      fs.writeFileSync(path.join(file("state"), stateFiles()[0] ?? ""), content);
      expect(await names()).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining("is damaged")]);
      warnings = [];
      await add("a");
      await names();
      expect(warnings.length).toBe(1);
    },
  );

  test("that can't be written is said, and makes no error of a save", async () => {
    await create();
    fs.rmSync(file("state"), { recursive: true });
    // Nobody, root included, can make a folder below a file.
    using session = await open({ stateDir: file("vault.pm/state") });
    await session.edit([login("a")]);
    expect(warnings).toEqual([expect.stringContaining("saved, but the local state could not be written")]);
    expect(await names()).toEqual(["a"]);
  });

  test("names no path, and has a file of its own for each vault", async () => {
    await create();
    await create("second.pm");
    expect(stateFiles().length).toBe(2);
    for (const name of stateFiles()) {
      const text = fromUtf8(fs.readFileSync(path.join(file("state"), name))) ?? "";
      expect(text).not.toContain(home);
      expect(text).not.toContain(toHex(SECRET));
      expect(fs.statSync(path.join(file("state"), name)).mode & 0o777).toBe(0o600);
    }
  });
});
