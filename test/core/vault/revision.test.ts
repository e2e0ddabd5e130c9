import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/core/bytes.ts";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { applyEdit } from "../../../src/core/vault/apply.ts";
import { VaultDraft } from "../../../src/core/vault/draft.ts";
import { bytesSource, readHeader } from "../../../src/core/vault/format.ts";
import {
  type Change,
  firstFile,
  newReplica,
  type NextFile,
  nextVersion,
  sealVersion,
  type Tools,
} from "../../../src/core/vault/revision.ts";
import type { RootRecord } from "../../../src/core/vault/root.ts";
import { wrapRootKey } from "../../../src/core/vault/slot.ts";
import type { VaultIndex } from "../../../src/core/vault/vault-index.ts";
import { verifyContent } from "../../../src/core/vault/verify.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { change, creation, field, NOW, once, OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { contentOf, KEY_FILE_SECRET, sha256, vectorRandom, verdict } from "../../support/vault-builder.ts";

const random = vectorRandom("revision");
const VAULT_ID = random(16);
const ROOT_KEY = random(32);

const slotOf = async (): Promise<Uint8Array> =>
  await wrapRootKey(
    { crypto: nativeBackend, random },
    { kind: 1, vaultId: VAULT_ID },
    {
      rootKey: ROOT_KEY,
      slot: { type: 2 },
      secrets: { keyFile: KEY_FILE_SECRET },
    },
  );
const SLOT = await slotOf();

/** Tools whose clock shows what it is set to. */
function tools(crypto: CryptoBackend = nativeBackend): Tools & { clock: number } {
  const made = { crypto, random: vectorRandom("tools"), clock: NOW, now: () => made.clock };
  return made;
}

const first = (using: Tools): NextFile =>
  firstFile(using, {
    vaultId: VAULT_ID,
    rootKey: ROOT_KEY,
    slots: [SLOT],
    replica: REPLICA,
    rootWrites: [["slot:x", { label: "key" }]],
  });

interface Version {
  readonly index: VaultIndex;
  readonly root: RootRecord;
  readonly draft: VaultDraft;
}

function read({ bytes }: NextFile): Version {
  const content = contentOf({ file: bytes, rootKey: ROOT_KEY });
  verifyContent(nativeBackend, content);
  const draft = new VaultDraft(content);
  return { index: draft.index, root: draft.root, draft };
}

function next(using: Tools, file: NextFile, by: { replica?: string; change?: Change } = {}): NextFile {
  const { draft } = read(file);
  const header = readHeader(nativeBackend, bytesSource(file.bytes));
  const current = { header, draft, hash: sha256(file.bytes), rootKey: ROOT_KEY };
  const how = { replica: by.replica ?? REPLICA, change: by.change ?? ((): object => ({})), by: "test" };
  return sealVersion(using, nextVersion(using, current, how));
}

describe("the first version", () => {
  const file = first(tools());
  const { index, root } = read(file);

  test("is empty, of revision 1, and has no parents", () => {
    expect(index).toMatchObject({ generation: 1, hlc: NOW, rows: [], unknown: {} });
    expect(root).toMatchObject({ rev: 1, parents: [], keyEpoch: 1, log: [], attachments: [] });
  });

  test("is save 1 of its replica, by the clock", () => {
    expect(file.stamp).toEqual({ replica: REPLICA, seq: 1, hlc: NOW });
    expect(index.vector).toEqual({ [REPLICA]: [[1, file.tag]] });
    expect(root.registers.get("slot:x")).toEqual([{ value: { label: "key" }, ...file.stamp }]);
  });

  test("is as small as every small vault, and has the slots it was given", () => {
    expect(file.bytes.length).toBe(69_768);
    const header = readHeader(nativeBackend, bytesSource(file.bytes));
    expect([header.kind, toHex(header.vaultId), header.slots.map(({ bytes }) => bytes)]).toEqual([
      1,
      toHex(VAULT_ID),
      [SLOT],
    ]);
    expect(file.vaultId).toEqual(VAULT_ID);
  });

  test("is the same from both back ends", () => {
    expect(toHex(sha256(first(tools(nobleBackend)).bytes))).toBe(toHex(sha256(file.bytes)));
  });
});

describe("the next version", () => {
  test("names its parent, counts revisions and saves, leaves a tag", () => {
    const using = tools();
    const one = first(using);
    const two = next(using, one);
    const three = next(using, two, { replica: OTHER_REPLICA });
    const four = next(using, three);
    const versions = [one, two, three, four].map(read);
    expect(versions.map(({ root }) => root.rev)).toEqual([1, 2, 3, 4]);
    expect(versions.map(({ index }) => index.generation)).toEqual([1, 2, 3, 4]);
    expect(versions.slice(1).map(({ root }) => root.parents)).toEqual(
      [one, two, three].map(({ bytes }) => [toHex(sha256(bytes))]),
    );
    expect([two, three, four].map(({ stamp }) => [stamp.replica, stamp.seq])).toEqual([
      [REPLICA, 2],
      [OTHER_REPLICA, 1],
      [REPLICA, 3],
    ]);
    expect(read(four).index.vector).toEqual({
      [REPLICA]: [[3, four.tag + two.tag + one.tag]],
      [OTHER_REPLICA]: [[1, three.tag]],
    });
    const tags = [one, two, three, four].map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(4);
    for (const tag of tags) expect(tag).toMatch(/^[A-Za-z0-9_-]{4}$/);
  });

  test("has a clock that never runs backwards, nor stands, whatever the machine's does", () => {
    const using = tools();
    let file = first(using);
    const clocks = [NOW + 5000, NOW - 999_999, 0, NOW + 5001, NOW + 5001, NOW + 9000];
    const hlcs = clocks.map((clock) => {
      using.clock = clock;
      file = next(using, file);
      expect(read(file).index.hlc).toBe(file.stamp.hlc);
      return file.stamp.hlc;
    });
    expect(hlcs).toEqual([NOW + 5000, NOW + 5001, NOW + 5002, NOW + 5003, NOW + 5004, NOW + 9000]);
  });

  test("gives all writes of a save one stamp, and the entry the machine's time", () => {
    const using = tools();
    const one = first(using);
    using.clock = NOW - 50;
    let id = "";
    const two = next(using, one, {
      change: (draft, context) => {
        id = applyEdit(draft, creation("a", { fields: [field("x", "1")], tags: ["t"] }), context);
        applyEdit(draft, change(id, { addTags: ["u"] }), context);
        return { rootWrites: [["slot:y", null]] };
      },
    });
    const { draft, root } = read(two);
    const record = draft.record(id);
    expect(two.stamp).toEqual({ replica: REPLICA, seq: 2, hlc: NOW + 1 });
    expect(record?.created).toBe(NOW - 50);
    for (const register of record?.registers.values() ?? []) expect(register[0]).toMatchObject(two.stamp);
    expect(root.registers.get("slot:y")).toEqual([{ value: null, ...two.stamp }]);
    expect(root.registers.get("slot:x")).toEqual([{ value: { label: "key" }, ...one.stamp }]);
  });

  test("keeps the slots byte for byte, or takes those that the change gives", async () => {
    const using = tools();
    const one = first(using);
    const slots = (file: NextFile): readonly Uint8Array[] =>
      readHeader(nativeBackend, bytesSource(file.bytes)).slots.map(({ bytes }) => bytes);
    expect(slots(next(using, one))).toEqual([SLOT]);
    const other = await slotOf();
    expect(slots(next(using, one, { change: () => ({ slots: [other, SLOT] }) }))).toEqual([other, SLOT]);
  });

  test("has a salt of its own, so that nothing of the body is the same", () => {
    const using = tools();
    const one = first(using);
    const two = next(using, one);
    const body = (file: NextFile, from: number): string =>
      toHex(file.bytes.slice(4096 + from, 4096 + from + 16));
    for (const from of [0, 24, 56, 60_000]) expect(body(one, from)).not.toBe(body(two, from));
  });

  test("is none where the change is refused", () => {
    const using = tools();
    const one = first(using);
    const refuse: Change = (draft, context) => {
      applyEdit(draft, creation("a"), context);
      applyEdit(draft, creation("a"), context);
      return {};
    };
    expect(verdict(() => next(using, one, { change: refuse }))).toBe("conflict");
  });

  test("counts from the higher of revision and generation", () => {
    const using = tools();
    const one = first(using);
    const { draft } = read(one);
    Object.assign(draft.root, { rev: 7 });
    const header = readHeader(nativeBackend, bytesSource(one.bytes));
    const version = nextVersion(
      using,
      { header, draft, hash: sha256(one.bytes), rootKey: ROOT_KEY },
      { replica: REPLICA, change: () => ({}), by: "test" },
    );
    expect(read(sealVersion(using, version)).root.rev).toBe(8);
  });

  test("leaves no plaintext behind once it is sealed", () => {
    const using = tools();
    const one = first(using);
    const header = readHeader(nativeBackend, bytesSource(one.bytes));
    const current = { header, draft: read(one).draft, hash: sha256(one.bytes), rootKey: ROOT_KEY };
    const version = nextVersion(using, current, { replica: REPLICA, change: () => ({}), by: "test" });
    sealVersion(using, version);
    expect(version.plaintext.length).toBe(0);
  });
});

test("a replica id is 64 random bits", () => {
  expect(newReplica(() => fromHex("0a1b2c3d4e5f6071") ?? new Uint8Array(0))).toBe("0a1b2c3d4e5f6071");
  expect(once(1)[0]?.replica).toMatch(/^[0-9a-f]{16}$/);
});
