import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { equalBytes, utf8 } from "../../src/core/bytes.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { creation } from "../support/draft-builder.ts";
import { codeOf, create, file, open, store, useSessionHome } from "../support/session-home.ts";
import { copyAt, plaintextOf } from "../support/vault-content.ts";

useSessionHome();
beforeEach(() => create());

const MIB = 1_048_576;

function attach(id: string, name: string, data: string | Uint8Array): Edit {
  const bytes = typeof data === "string" ? utf8(data) : data;
  return { kind: "attach", id, name, bytes, existing: "replace" };
}

async function newEntry(session: VaultSession, path: string, ...data: readonly string[]): Promise<string> {
  const attachments = data.map((text, n) => ({ name: `file${n}`, bytes: utf8(text) }));
  const { ids } = await session.edit([creation(path, { attachments })]);
  return ids[0] ?? "";
}

async function textOf(session: VaultSession, id: string, name = "file0"): Promise<string> {
  return new TextDecoder().decode((await session.attachment(id, name)).bytes);
}

/** Everywhere: the file, and the one before it. */
async function everything(name = "vault.pm"): Promise<string> {
  return (await plaintextOf(name)) + (await plaintextOf(`${name}.bak`));
}

describe("an attachment", () => {
  test.each([0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB + 17])("of %i bytes comes back as it was", async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, n) => (n * 7 + (n >> 9)) & 255);
    const id = await (async () => {
      using session = await open();
      const made = await newEntry(session, "a");
      await session.edit([attach(made, "data", bytes), creation("b")]);
      return made;
    })();
    using session = await open();
    await session.edit([creation("c")]);
    const read = await session.attachment(id, "DATA");
    expect(read).toMatchObject({ id, path: "a", name: "data", divided: false, useOnly: false });
    expect(equalBytes(read.bytes, bytes)).toBe(true);
    expect((await session.entry(id)).attachments).toMatchObject([{ name: "data", size }]);
    await session.verify();
  });

  test("is stored once, whoever has it, and gone when nothing needs it", async () => {
    using session = await open();
    const a = await newEntry(session, "a", "the same data", "other data");
    await session.edit([
      { kind: "copy", id: a, path: "b", existing: "refuse" },
      creation("c", { attachments: [{ name: "x", bytes: utf8("the same data") }] }),
    ]);
    expect((await plaintextOf("vault.pm")).split("the same data")).toHaveLength(2);
    await session.edit([{ kind: "detach", id: a, name: "file1" }]);
    // The copy has it.
    const [b] = (await session.list({})).filter(({ path }) => path === "b");
    expect(await textOf(session, b?.id ?? "", "file1")).toBe("other data");
    await session.edit([{ kind: "detach", id: b?.id ?? "", name: "file1" }]);
    // Only undoing needs it now.
    expect(await plaintextOf("vault.pm")).toContain("other data");
    await session.removeSlot((await session.info()).slots[0]?.id ?? "").catch(() => undefined);
    await session.addSlot({ type: "machine", secret: new Uint8Array(32).fill(8), label: "barrier" });
    expect(await plaintextOf("vault.pm")).not.toContain("other data");
    expect(await plaintextOf("vault.pm")).toContain("the same data");
    await session.verify();
  });

  test("is read without the rest of the file, and the rest without it", async () => {
    using session = await open();
    const small = await newEntry(session, "small", "few bytes");
    const large = await newEntry(session, "large");
    await session.edit([attach(large, "data", new Uint8Array(4 * MIB).fill(1))]);
    // In the middle of the data.
    const bytes = fs.readFileSync(file("vault.pm"));
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    fs.writeFileSync(file("vault.pm"), bytes);
    using damaged = await open();
    expect((await damaged.entry(large)).attachments).toHaveLength(1);
    expect(await textOf(damaged, small)).toBe("few bytes");
    expect(await codeOf(damaged.attachment(large, "data"))).toBe("body-corrupt");
    expect(await codeOf(damaged.verify())).toBe("body-corrupt");
    expect(await codeOf(damaged.edit([creation("b")]))).toBe("body-corrupt");
  });
});

describe("undo", () => {
  test("brings back what was replaced, removed or overwritten with its entry, and takes back what came", async () => {
    using session = await open();
    const id = await newEntry(session, "a", "one");
    await session.edit([attach(id, "file0", "two")]);
    await session.edit([creation("a", { existing: "replace" })]);
    expect(await codeOf(session.attachment(id, "file0"))).toBe("not-found");
    await session.undo(1);
    expect(await textOf(session, id)).toBe("two");
    await session.edit([{ kind: "detach", id, name: "file0" }]);
    await session.undo(4);
    expect(await textOf(session, id)).toBe("one");
    await session.undo(6);
    expect(await codeOf(session.entry(id))).toBe("not-found");
    await session.undo(1);
    expect(await textOf(session, id)).toBe("one");
    await session.verify();
  });
});

describe("after an erasure", () => {
  test("no byte of the data is left, nor of what stood there before", async () => {
    using session = await open();
    const id = await newEntry(session, "a", "older bytes", "second bytes");
    await newEntry(session, "b", "kept bytes", "second bytes");
    await session.edit([attach(id, "file0", "newer bytes")]);
    await session.edit([{ kind: "detach", id, name: "file1" }]);
    await session.undo(1);
    expect(await everything()).toMatch(/older bytes[^]*newer bytes|newer bytes[^]*older bytes/);
    await session.edit([{ kind: "trash", id }]);
    expect(await textOf(session, id)).toBe("newer bytes");
    await session.edit([{ kind: "purge", id }]);
    expect(await everything()).not.toMatch(/older bytes|newer bytes/);
    // Another entry has the same.
    expect(await everything()).toMatch(/kept bytes/);
    expect(await plaintextOf("vault.pm")).toContain("second bytes");
    await session.verify();
  });

  test("none is left in a copy that merges it, and an edit that did not know of it stays", async () => {
    using session = await open();
    const id = await newEntry(session, "a", "older bytes");
    const other = await newEntry(session, "b", "other bytes");
    fs.copyFileSync(file("vault.pm"), file("second.pm"));
    using copy = await open(store("second.pm", "second"));
    await copy.edit([attach(other, "file0", "of the copy")]);
    for (const one of [id, other]) {
      await session.edit([{ kind: "trash", id: one }]);
      await session.edit([{ kind: "purge", id: one }]);
    }
    await copy.merge(copyAt("vault.pm"), { dryRun: false, strict: false });
    expect(await everything("second.pm")).not.toMatch(/older bytes|other bytes/);
    await copy.verify();
    // A removal on one side and data on the other: somebody has to choose.
    const [conflict] = (await copy.conflicts()).filter(({ key }) => key === "a:file0");
    const number = conflict?.values.findIndex(({ value }) => value !== undefined) ?? -1;
    await copy.edit([{ kind: "resolve", id: other, key: "a:file0", number }]);
    expect(await textOf(copy, other)).toBe("of the copy");
  });
});

describe("two copies", () => {
  test("bring each other their data, divided or not, in either direction", async () => {
    using session = await open();
    const id = await newEntry(session, "a", "before");
    fs.copyFileSync(file("vault.pm"), file("second.pm"));
    using copy = await open(store("second.pm", "second"));
    await session.edit([attach(id, "file0", "here"), attach(id, "only here", "1")]);
    await copy.edit([attach(id, "file0", "there"), attach(id, "only there", "2")]);
    const made = await newEntry(copy, "b", "of a new entry");
    await session.merge(copyAt("second.pm"), { dryRun: false, strict: false });
    await copy.merge(copyAt("vault.pm"), { dryRun: false, strict: false });
    for (const one of [session, copy]) {
      expect(await one.attachment(id, "file0")).toMatchObject({ divided: true });
      expect(await textOf(one, id, "only here")).toBe("1");
      expect(await textOf(one, id, "only there")).toBe("2");
      expect(await textOf(one, made)).toBe("of a new entry");
      await one.verify();
    }
    expect(await textOf(session, id)).toBe(await textOf(copy, id));
    expect(await session.conflicts()).toMatchObject([{ name: "attachment:file0", values: [{}, {}] }]);
    const shown = await textOf(session, id);
    await session.edit([{ kind: "resolve", id, key: "a:file0", number: 1 }]);
    expect(new Set([shown, await textOf(session, id)])).toEqual(new Set(["here", "there"]));
    await session.undo(1);
    expect(await session.attachment(id, "file0")).toMatchObject({ divided: true });
  });

  test("give back their content, data and all", async () => {
    using session = await open();
    const id = await newEntry(session, "a", "one");
    fs.copyFileSync(file("vault.pm"), file("old.pm"));
    await session.edit([{ kind: "trash", id }]);
    await session.edit([{ kind: "purge", id }]);
    const differences = await session.compare(copyAt("old.pm"));
    expect(differences).toMatchObject([{ path: "a", kind: "added" }]);
    await session.restore(copyAt("old.pm"));
    expect(await textOf(session, id)).toBe("one");
    await session.verify();
  });
});

describe("limits", () => {
  test("of an attachment, of an entry and of a vault are kept, and nothing is changed", async () => {
    using session = await open();
    const id = await newEntry(session, "a");
    const before = fs.readFileSync(file("vault.pm"));
    const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
    const many = (count: number, size: number): Edit[] =>
      Array.from({ length: count }, (_, n) => attach(id, `f${n}`, filled(size, n)));
    expect(await codeOf(session.edit([attach(id, "x", filled(10 * MIB + 1, 0))]))).toBe("limit");
    expect(await codeOf(session.edit(many(4, 9 * MIB)))).toBe("limit");
    expect(await codeOf(session.edit(many(65, 1)))).toBe("limit");
    expect(await codeOf(session.edit([attach(id, "x".repeat(256), "1")]))).toBe("limit");
    expect(await codeOf(session.edit([attach(id, "a\nb", "1")]))).toBe("usage");
    expect(fs.readFileSync(file("vault.pm")).equals(before)).toBe(true);
    // The same data counts once.
    const same = Array.from({ length: 5 }, (_, n) => attach(id, `f${n}`, filled(9 * MIB, 7)));
    await session.edit(same);
    expect((await session.info()).fileBytes).toBeLessThan(11 * MIB);
  });
});
