import { describe, expect, test } from "vitest";
import { toBase64, toHex, utf8 } from "../../../src/core/bytes.ts";
import { KDF_PROFILES } from "../../../src/core/crypto/kdf.ts";
import { tokenWrapSecret } from "../../../src/core/vault/credentials.ts";
import { type Header, parseHeader, parseSlot } from "../../../src/core/vault/header.ts";
import { buildHeader } from "../../../src/core/vault/header-builder.ts";
import type { NewSlot } from "../../../src/core/vault/session.ts";
import { type NewSlotParts, unwrapRootKey, wrapRootKey } from "../../../src/core/vault/slot.ts";
import {
  addSlot,
  describeSlot,
  makeSlot,
  passwordSlot,
  passwordSlotInUse,
  passwordSlotToReplace,
  removeSlot,
  replaceSlot,
  slotBookWrite,
  slotId,
} from "../../../src/core/vault/slot-book.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { EMPTY_ROOT, NOW, once } from "../../support/draft-builder.ts";
import {
  CHEAP_KDF,
  KEY_FILE_SECRET,
  refused,
  rememberingArgon2,
  vectorRandom,
  verdict,
} from "../../support/vault-builder.ts";

const crypto = rememberingArgon2(nativeBackend);
const random = vectorRandom("slot book");
const VAULT = { kind: 1, vaultId: random(16), rootKey: random(32) } as const;
const CHEAP = { constrained: CHEAP_KDF, interactive: CHEAP_KDF, strong: CHEAP_KDF, paranoid: CHEAP_KDF };

const SECRETS = {
  password: utf8("pw"),
  keyFile: KEY_FILE_SECRET,
  recovery: random(20),
  token: random(32),
  secretKey: random(20),
};

const slotOf = async (type: NewSlotParts["type"]): Promise<Uint8Array> => {
  const slot = type === 1 || type === 3 || type === 6 ? { type, kdf: CHEAP_KDF } : { type };
  return await wrapRootKey({ crypto, random }, VAULT, { rootKey: VAULT.rootKey, slot, secrets: SECRETS });
};

function headerOf(...slots: readonly Uint8Array[]): Header {
  return parseHeader(crypto, buildHeader(crypto, { ...VAULT, bodyLength: 65_672, slots }), 69_768);
}

const id = (slot: Uint8Array): string => toHex(slot.slice(16, 32));
const [password, keyFile, both, recovery, token] = (await Promise.all(
  ([1, 2, 3, 4, 5] as const).map(slotOf),
)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

describe("a new slot", () => {
  const secret = random(32);
  const code = random(20);
  test.each<[slot: NewSlot, type: number, opens: object]>([
    [{ type: "password", password: utf8("x"), profile: "strong", label: "" }, 1, { password: utf8("x") }],
    [{ type: "keyfile", secret, label: "" }, 2, { keyFile: secret }],
    [
      { type: "password-keyfile", password: utf8("x"), secret, profile: "strong", label: "" },
      3,
      { password: utf8("x"), keyFile: secret },
    ],
    [{ type: "recovery", secret: code, label: "" }, 4, { recovery: code }],
    [{ type: "machine", secret, label: "" }, 5, { token: tokenWrapSecret(crypto, secret) }],
  ])("of type $type opens with its secret", async (slot, type, opens) => {
    const bytes = await makeSlot({ crypto, random, profiles: CHEAP }, VAULT, slot);
    expect(bytes[0]).toBe(type);
    const { rootKey } = await unwrapRootKey(crypto, headerOf(bytes), opens);
    expect(rootKey.bytes).toEqual(VAULT.rootKey);
  });

  test("takes the cost of its profile", async () => {
    const profiles = { ...KDF_PROFILES, strong: { ...CHEAP_KDF, passes: 3 } };
    const slot = { type: "password", password: utf8("x"), profile: "strong", label: "" } as const;
    const bytes = await makeSlot({ crypto, random, profiles }, VAULT, slot);
    expect(parseSlot(bytes, 0).kdf).toEqual({ ...CHEAP_KDF, passes: 3 });
  });
});

describe("the slot book", () => {
  const entry = { label: "laptop", created: NOW, epoch: 2 };

  test("keeps label, time, epoch and the slot itself", () => {
    expect(slotId(token)).toBe(id(token));
    expect(slotBookWrite(token, entry)).toEqual([`slot:${id(token)}`, { ...entry, bytes: toBase64(token) }]);
  });

  test("gives a slot its words", () => {
    const [key, value] = slotBookWrite(password, entry);
    const root = { ...EMPTY_ROOT, registers: new Map([[key, once(value)]]) };
    expect(describeSlot(parseSlot(password, 0), root, id(password))).toEqual({
      id: id(password),
      type: "password",
      label: "laptop",
      created: NOW,
      kdf: CHEAP_KDF,
      current: true,
    });
  });

  test.each([
    ["says nothing", new Map()],
    ["says that it was removed", new Map([[`slot:${id(token)}`, once(null)]])],
    ["says something else", new Map([[`slot:${id(token)}`, once({ label: 1, created: "x" })]])],
    ["says no time", new Map([[`slot:${id(token)}`, once({ label: "x" })]])],
  ])("that %s leaves a slot without label and time", (_what, registers) => {
    const said = describeSlot(parseSlot(token, 0), { ...EMPTY_ROOT, registers }, "other");
    expect(said).toEqual({
      id: id(token),
      type: "machine",
      label: "",
      created: undefined,
      kdf: undefined,
      current: false,
    });
  });

  test("has a word for every type", async () => {
    const slots = [password, keyFile, both, recovery, token, await slotOf(6)];
    const words = slots.map((slot) => describeSlot(parseSlot(slot, 0), EMPTY_ROOT, "").type);
    expect(words).toEqual(["password", "keyfile", "password-keyfile", "recovery", "machine", "secret-key"]);
  });
});

describe("the next header", () => {
  const write = slotBookWrite(token, { label: "", created: NOW, epoch: 1 });

  test("has one slot more", () => {
    expect(addSlot(headerOf(password, keyFile), token, write)).toEqual({
      slots: [password, keyFile, token],
      rootWrites: [write],
    });
  });

  test("has at most four slots that need a password: a reader takes no more", () => {
    const four = [password, both, password, password];
    expect(refused(() => addSlot(headerOf(...four), password, write), "limit").hint).toContain("pm key rm");
    expect(verdict(() => addSlot(headerOf(...four), token, write))).toBe("ok");
    expect(verdict(() => addSlot(headerOf(...four.slice(1), keyFile), both, write))).toBe("ok");
  });

  test("has one slot less, and the slot book says so", () => {
    expect(removeSlot(headerOf(password, keyFile, token), id(keyFile))).toEqual({
      slots: [password, token],
      rootWrites: [[`slot:${id(keyFile)}`, null]],
    });
  });

  test("keeps the last way in, whatever it is", () => {
    for (const slot of [password, keyFile, both, recovery, token]) {
      expect(verdict(() => removeSlot(headerOf(slot), id(slot)))).toBe("conflict");
    }
  });

  test("loses no slot that is not there", () => {
    expect(verdict(() => removeSlot(headerOf(password, token), id(keyFile)))).toBe("not-found");
  });

  test("has a slot in the place of another", () => {
    const added = { bytes: token, write };
    expect(replaceSlot(headerOf(password, keyFile), id(password), added)).toEqual({
      slots: [token, keyFile],
      rootWrites: [[`slot:${id(password)}`, null], write],
    });
    expect(replaceSlot(headerOf(keyFile), undefined, added)).toEqual({
      slots: [keyFile, token],
      rootWrites: [write],
    });
    expect(verdict(() => replaceSlot(headerOf(keyFile), id(password), added))).toBe("conflict");
  });
});

describe("a new password replaces", () => {
  const replaced = (current: Uint8Array, ...slots: readonly Uint8Array[]): string | undefined => {
    const slot = passwordSlotToReplace(headerOf(...slots), id(current));
    return slot === undefined ? undefined : toHex(slot.id);
  };

  test("the one that opened the session", () => {
    expect(replaced(password, keyFile, password)).toBe(id(password));
  });

  test("the only one, where something else opened it", () => {
    expect(replaced(keyFile, keyFile, password)).toBe(id(password));
  });

  test("none, where the vault has none", () => {
    expect(replaced(keyFile, keyFile, token)).toBeUndefined();
  });

  test("not one of two, where something else opened it", async () => {
    const second = await slotOf(1);
    expect(replaced(second, password, second)).toBe(id(second));
    expect(verdict(() => replaced(keyFile, keyFile, password, second))).toBe("ambiguous");
  });

  test("one that takes a key file, too, where that opened the session or is the only one", () => {
    expect(replaced(both, both, password)).toBe(id(both));
    expect(replaced(recovery, both, recovery)).toBe(id(both));
    expect(replaced(recovery, both, password, recovery)).toBe(id(password));
    expect(verdict(() => replaced(recovery, both, both, recovery))).toBe("ambiguous");
  });
});

describe("a slot in the place of another", () => {
  const parts = { password: utf8("new"), keyFile: SECRETS.keyFile, profile: "strong", label: "me" } as const;
  const as = (old: Uint8Array | undefined): NewSlot =>
    passwordSlot(old === undefined ? undefined : parseSlot(old, 0), parts);

  test("takes a key file where that one does, and only there", () => {
    expect(as(both)).toMatchObject({ type: "password-keyfile", secret: SECRETS.keyFile, label: "me" });
    expect([as(password), as(undefined)].map(({ type }) => type)).toEqual(["password", "password"]);
  });

  test("is not made without the key file that it takes", () => {
    const none = { ...parts, keyFile: undefined };
    const error = refused(() => passwordSlot(parseSlot(both, 0), none), "conflict");
    expect(error.hint).toContain("--key-file");
  });

  test("is made only for a password that opened the session", async () => {
    const secretKey = await slotOf(6);
    const header = headerOf(password, both, token, secretKey);
    const inUse = (slot: Uint8Array): string => verdict(() => passwordSlotInUse(header, id(slot)));
    expect([password, both, token, secretKey].map(inUse)).toEqual(["ok", "ok", "conflict", "conflict"]);
  });
});
