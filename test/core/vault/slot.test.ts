import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { type Header, KIND, parseHeader, parseSlot } from "../../../src/core/vault/header.ts";
import { buildHeader } from "../../../src/core/vault/header-builder.ts";
import {
  type NewSlotParts,
  type SlotSecrets,
  unwrapRootKey,
  wrapRootKey,
} from "../../../src/core/vault/slot.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import {
  CHEAP_KDF,
  countingCalls,
  flipped,
  KEY_FILE_SECRET,
  rememberingArgon2,
  vectorRandom,
  verdictOf,
} from "../../support/vault-builder.ts";

const native = rememberingArgon2(nativeBackend);
const random = vectorRandom("slot");
const ROOT_KEY = random(32);
const VAULT = { kind: KIND.vault, vaultId: random(16) };

const SECRETS = {
  password: utf8("open sesame"),
  keyFile: KEY_FILE_SECRET,
  recovery: random(20),
  token: random(32),
  secretKey: random(20),
} satisfies SlotSecrets;

const wrap = async (
  slot: NewSlotParts,
  secrets: SlotSecrets = SECRETS,
  crypto: CryptoBackend = native,
): Promise<Uint8Array> => await wrapRootKey({ crypto, random }, VAULT, { rootKey: ROOT_KEY, slot, secrets });

function headerOf(...slots: readonly Uint8Array[]): Header {
  const bytes = buildHeader(native, { ...VAULT, bodyLength: 65_672, slots });
  return parseHeader(native, bytes, 69_768);
}

const PASSWORD_SLOT: NewSlotParts = { type: 1, kdf: CHEAP_KDF };
const KEYS: readonly [type: NewSlotParts, secrets: SlotSecrets][] = [
  [PASSWORD_SLOT, { password: SECRETS.password }],
  [{ type: 2 }, { keyFile: SECRETS.keyFile }],
  [
    { type: 3, kdf: CHEAP_KDF },
    { password: SECRETS.password, keyFile: SECRETS.keyFile },
  ],
  [{ type: 4 }, { recovery: SECRETS.recovery }],
  [{ type: 5 }, { token: SECRETS.token }],
  [
    { type: 6, kdf: CHEAP_KDF },
    { password: SECRETS.password, secretKey: SECRETS.secretKey },
  ],
];

describe.each(KEYS)("slot type $type", (slot, needed) => {
  test("opens with its secrets, in either back end", async () => {
    const header = headerOf(await wrap(slot, needed));
    for (const crypto of [native, nobleBackend]) {
      const opened = await unwrapRootKey(crypto, header, needed);
      expect(opened.rootKey.bytes).toEqual(ROOT_KEY);
      expect(opened.slot).toBe(header.slots[0]);
    }
  });

  test("opens with secrets of other types beside its own", async () => {
    const { rootKey } = await unwrapRootKey(native, headerOf(await wrap(slot)), SECRETS);
    expect(rootKey.bytes).toEqual(ROOT_KEY);
  });

  test.each(Object.keys(needed))("does not open without its %s, nor with another", async (name) => {
    const header = headerOf(await wrap(slot, needed));
    const { [name as keyof SlotSecrets]: _, ...others } = SECRETS;
    expect(await verdictOf(() => unwrapRootKey(native, header, others))).toBe("auth");
    const wrong = { ...SECRETS, [name]: random(SECRETS[name as keyof typeof SECRETS].length) };
    expect(await verdictOf(() => unwrapRootKey(native, header, wrong))).toBe("auth");
  });

  test.each(Object.keys(needed))("is not made without its %s: zeros would open to anyone", async (name) => {
    const { [name as keyof SlotSecrets]: _, ...others } = SECRETS;
    await expect(wrap(slot, others)).rejects.toThrow(TypeError);
  });

  test("is not made with a KDF that it does not take", async () => {
    const other = slot.kdf === undefined ? { ...slot, kdf: CHEAP_KDF } : { type: slot.type };
    await expect(wrap(other)).rejects.toThrow(TypeError);
  });

  test("keeps the read-only hint", async () => {
    expect(parseSlot(await wrap({ ...slot, readOnlyHint: true }), 0).readOnlyHint).toBe(true);
    expect(parseSlot(await wrap(slot), 0).readOnlyHint).toBe(false);
  });
});

describe("wrapping", () => {
  test("draws a new id and new salts each time", async () => {
    const [a, b] = [parseSlot(await wrap(PASSWORD_SLOT), 0), parseSlot(await wrap(PASSWORD_SLOT), 0)];
    for (const part of ["id", "kdfSalt", "wrapSalt", "commit", "sealed"] as const) {
      expect(a[part]).not.toEqual(b[part]);
    }
  });

  test("derives the KDF salt of type 6 from the secret key, so that a new device can", async () => {
    const slot = { type: 6, kdf: CHEAP_KDF } as const;
    const salt = async (secretKey: Uint8Array): Promise<Uint8Array> =>
      parseSlot(await wrap(slot, { ...SECRETS, secretKey }), 0).kdfSalt;
    expect(await salt(SECRETS.secretKey)).toEqual(await salt(SECRETS.secretKey));
    expect(await salt(SECRETS.secretKey)).not.toEqual(await salt(random(20)));
  });

  test.each([
    { ...CHEAP_KDF, memoryKiB: 19_455 },
    { ...CHEAP_KDF, passes: 1 },
    { ...CHEAP_KDF, lanes: 17 },
  ])("refuses a cost that no reader accepts: $memoryKiB/$passes/$lanes", async (kdf) => {
    expect(await verdictOf(() => wrap({ type: 1, kdf }))).toBe("kdf-out-of-bounds");
  });

  test("leaves the secrets and the root key as they were", async () => {
    const copies = Object.values(SECRETS).map((secret) => secret.slice());
    const rootKey = ROOT_KEY.slice();
    for (const [slot] of KEYS) await unwrapRootKey(native, headerOf(await wrap(slot)), SECRETS);
    expect(Object.values(SECRETS)).toEqual(copies);
    expect(ROOT_KEY).toEqual(rootKey);
  });
});

describe("unwrapping", () => {
  test("never tries a wrong password through the cipher", async () => {
    const header = headerOf(await wrap(PASSWORD_SLOT), await wrap({ type: 3, kdf: CHEAP_KDF }));
    const crypto = countingCalls(native);
    const wrong = { password: utf8("wrong"), keyFile: SECRETS.keyFile };
    expect(await verdictOf(() => unwrapRootKey(crypto, header, wrong))).toBe("auth");
    expect(crypto.calls.argon2id).toBe(1 + 2);
    expect(crypto.calls.open).toBe(0);
  });

  test("compares the commitment before it opens", async () => {
    const slot = await wrap({ type: 5 });
    const crypto = countingCalls(native);
    const unwrap = (bytes: Uint8Array): Promise<string> =>
      verdictOf(() => unwrapRootKey(crypto, headerOf(bytes), SECRETS));
    expect(await unwrap(flipped(flipped(slot, 100, 0), 130, 0))).toBe("auth");
    expect(crypto.calls.open).toBe(0);
    expect(await unwrap(flipped(slot, 130, 0))).toBe("slot-corrupt");
    expect(crypto.calls.open).toBe(1);
  });

  test("tries slots without a KDF first, and stops at the first that opens", async () => {
    const header = headerOf(await wrap(PASSWORD_SLOT), await wrap({ type: 4 }), await wrap({ type: 2 }));
    const crypto = countingCalls(native);
    const { slot } = await unwrapRootKey(crypto, header, { ...SECRETS, recovery: random(20) });
    expect(slot.type).toBe(2);
    expect(crypto.calls.argon2id).toBe(0);
  });

  test("refuses slots that together cost too much, before it computes", async () => {
    const heavy = parseSlot(await wrap(PASSWORD_SLOT), 0).bytes;
    new DataView(heavy.buffer).setUint32(4, 1_048_576);
    new DataView(heavy.buffer).setUint32(8, 8);
    const crypto = countingCalls(native);
    const header = headerOf(heavy, heavy, await wrap(PASSWORD_SLOT), await wrap({ type: 5 }));
    expect(await verdictOf(() => unwrapRootKey(crypto, header, SECRETS))).toBe("kdf-out-of-bounds");
    expect(crypto.calls.argon2id).toBe(0);
    const { slot } = await unwrapRootKey(crypto, header, { token: SECRETS.token });
    expect(slot.type).toBe(5);
  });

  test("of a slot that was moved to another vault or kind fails", async () => {
    const header = headerOf(await wrap({ type: 5 }));
    for (const other of [
      { ...header, kind: KIND.share },
      { ...header, vaultId: random(16) },
    ]) {
      expect(await verdictOf(() => unwrapRootKey(native, other, SECRETS))).toBe("auth");
    }
  });
});

describe("a password", () => {
  const opens = async (made: string | Uint8Array, typed: string | Uint8Array): Promise<string> => {
    const bytes = (text: string | Uint8Array): Uint8Array => (typeof text === "string" ? utf8(text) : text);
    const header = headerOf(await wrap(PASSWORD_SLOT, { password: bytes(made) }));
    return await verdictOf(() => unwrapRootKey(native, header, { password: bytes(typed) }));
  };

  test.each<[what: string, made: string | Uint8Array, typed: string | Uint8Array, verdict: string]>([
    ["composed or decomposed is one", "caf\u00e9", "cafe\u0301", "ok"],
    ["decomposed or composed is one", "cafe\u0301", "caf\u00e9", "ok"],
    ["in Hangul or in jamo is one", "\ud55c", "\u1112\u1161\u11ab", "ok"],
    ["in full width is another", "\uff21", "A", "auth"],
    ["with a ligature is another", "\ufb01", "fi", "auth"],
    ["in another case is another", "Secret", "secret", "auth"],
    ["with a space behind it is another", "secret ", "secret", "auth"],
    ["that is not UTF-8 is its bytes", Uint8Array.of(0xff, 0x41), Uint8Array.of(0xff, 0x41), "ok"],
    ["that is not UTF-8 is not what it decodes to", Uint8Array.of(0xff), "\ufffd", "auth"],
    ["may be empty", "", "", "ok"],
  ])("%s", async (_what, made, typed, verdict) => {
    expect(await opens(made, typed)).toBe(verdict);
  });
});
