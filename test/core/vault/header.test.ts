import { describe, expect, test } from "vitest";
import {
  isShare,
  KIND,
  needsPassword,
  parseHeader,
  parseSlot,
  requireVault,
  SLOT_TYPE,
  type SlotType,
} from "../../../src/core/vault/header.ts";
import { buildHeader, buildSlot } from "../../../src/core/vault/header-builder.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import {
  CHEAP_KDF,
  fixChecksum,
  patched,
  refused,
  vectorRandom,
  verdict,
} from "../../support/vault-builder.ts";

const random = vectorRandom("header");
const VAULT_ID = random(16);
const TYPES: readonly SlotType[] = Object.values(SLOT_TYPE);

/** A slot of this type that keeps every rule; its commit and sealed key are whatever they are. */
function slotOf(type: SlotType, readOnlyHint = false): Uint8Array {
  const kdf = needsPassword(type) ? CHEAP_KDF : undefined;
  const kdfSalt = kdf === undefined ? new Uint8Array(32) : random(32);
  const slot = buildSlot({ type, kdf, readOnlyHint, id: random(16), kdfSalt, wrapSalt: random(32) });
  slot.set(random(80), 96);
  return slot;
}

const header = (slots: readonly Uint8Array[], bodyLength = 65_672): Uint8Array =>
  buildHeader(nativeBackend, { kind: KIND.vault, vaultId: VAULT_ID, bodyLength, slots });

const parse = (bytes: Uint8Array, fileSize = 69_768): ReturnType<typeof parseHeader> =>
  parseHeader(nativeBackend, bytes, fileSize);

describe("a header that is built", () => {
  test.each([1, 2, 3, 16])("is read as it was meant, with %d slots", (count) => {
    const slots = Array.from({ length: count }, () => slotOf(SLOT_TYPE.token));
    const parsed = parse(header(slots));
    expect(parsed.kind).toBe(KIND.vault);
    expect(parsed.vaultId).toEqual(VAULT_ID);
    expect(parsed.bodyLength).toBe(65_672);
    expect(parsed.slots.map(({ bytes }) => bytes)).toEqual(slots);
  });

  test.each([0, 17])("has 1 to 16 slots, not %d", (count) => {
    const slots = Array.from({ length: count }, () => slotOf(SLOT_TYPE.token));
    expect(verdict(() => header(slots))).toBe("limit");
  });

  test.each([0, 17])("is refused where it names %d slots", (count) => {
    const noSlot = patched(header([slotOf(SLOT_TYPE.token)]), 64, new Uint8Array(192));
    expect(verdict(() => parse(fixChecksum(patched(noSlot, 40, [count]))))).toBe("slot-count");
  });
});

describe("a slot", () => {
  test.each(TYPES.flatMap((type) => [true, false].map((hint) => [type, hint] as const)))(
    "of type %d, read-only hint %s, is read as it was built",
    (type, hint) => {
      const bytes = slotOf(type, hint);
      const slot = parseSlot(bytes, 0);
      expect(slot).toMatchObject({
        type,
        readOnlyHint: hint,
        kdf: needsPassword(type) ? CHEAP_KDF : undefined,
      });
      expect(buildSlot(slot).subarray(0, 96)).toEqual(bytes.subarray(0, 96));
      expect([slot.commit, slot.sealed]).toEqual([bytes.slice(96, 128), bytes.slice(128, 176)]);
    },
  );

  test("is named by its place where it is invalid, its bytes are not", () => {
    const slots = [slotOf(SLOT_TYPE.token), patched(slotOf(SLOT_TYPE.token), 0, [9])];
    const error = refused(() => parse(header(slots)), "slot-invalid");
    expect(error.message).toBe("key slot 1 is invalid: type 9 is unknown");
    expect(error.hint).toContain("pm verify");
  });

  test("may need a password at most four times in a file", () => {
    const types = [
      SLOT_TYPE.password,
      SLOT_TYPE.passwordKeyFile,
      SLOT_TYPE.passwordSecretKey,
      SLOT_TYPE.password,
    ];
    const slots = types.map((type) => slotOf(type));
    expect(verdict(() => parse(header([...slots, slotOf(SLOT_TYPE.token)])))).toBe("ok");
    for (const type of types) {
      expect(verdict(() => parse(header([...slots, slotOf(type)])))).toBe("kdf-out-of-bounds");
    }
  });
});

describe("a header that is read", () => {
  const whole = header([slotOf(SLOT_TYPE.token)]);

  test("may be a view into a larger buffer", () => {
    const pool = new Uint8Array(5000).fill(7);
    pool.set(whole, 13);
    expect(parse(pool.subarray(13, 13 + 4096)).bodyLength).toBe(65_672);
  });

  test("needs all of its bytes, whatever the size of the file", () => {
    expect(verdict(() => parse(whole.subarray(0, 4095)))).toBe("truncated");
  });

  test("says by how much the file is too short or too long", () => {
    expect(refused(() => parse(whole, 69_758), "truncated").message).toBe("the file ends 10 bytes early");
    expect(refused(() => parse(whole, 69_770), "body-length").message).toBe("the file has 2 bytes too many");
  });

  test("of a newer version says so, and not that it is damaged", () => {
    const newer = refused(() => parse(patched(whole, 8, [2])), "unsupported-version");
    expect(newer.message).toBe("the vault uses format version 2");
    expect(newer.hint).toContain("update pm");
    const never = refused(() => parse(patched(whole, 8, [0])), "unsupported-version");
    expect(never.message).toBe("the vault has format version 0, which never was");
  });

  test.each([
    [0, "not-a-vault", "another magic number"],
    [10, "unsupported-suite", "another cipher suite"],
    [11, "unsupported-kind", "a kind that is not known"],
    [12, "unsupported-feature", "a feature bit"],
    [63, "reserved-not-zero", "a byte before the slots"],
    [64 + 1, "slot-invalid", "a reserved flag of a slot"],
    [64 + 2, "slot-invalid", "a KDF for a token"],
    [64 + 4, "slot-invalid", "memory for a token's KDF"],
    [64 + 12, "slot-invalid", "a reserved byte of a slot"],
    [64 + 32, "slot-invalid", "a salt for a token's KDF"],
  ])("with byte %i changed is refused as %s: %s", (offset, code) => {
    const changed = patched(whole, offset, [(whole[offset] ?? 0) ^ 0x40]);
    expect(verdict(() => parse(fixChecksum(changed)))).toBe(code);
  });

  test("has a checksum", () => {
    expect(verdict(() => parse(patched(whole, 4095, [(whole[4095] ?? 0) ^ 1])))).toBe("header-checksum");
  });

  test("takes a file of 512 MiB, and a remote snapshot of 64 MiB", () => {
    const lengths = [
      [KIND.vault, 536_870_912],
      [KIND.share, 536_870_912],
      [KIND.remote, 67_108_864],
    ] as const;
    for (const [kind, limit] of lengths) {
      const bytes = patched(whole, 11, [kind]);
      const withBody = (length: number): string => {
        new DataView(bytes.buffer).setBigUint64(32, BigInt(length));
        return verdict(() => parse(fixChecksum(bytes), 4096 + length));
      };
      expect([withBody(limit - 4096), withBody(limit - 4095)]).toEqual(["ok", "body-length"]);
    }
  });
});

describe("a share", () => {
  const head = header([slotOf(SLOT_TYPE.token)]);
  const share = patched(head, 11, [KIND.share]);

  test("is told by its first bytes, whatever else is wrong with it", () => {
    const others = [head, share.subarray(0, 4095), patched(share, 0, [0]), patched(head, 11, [KIND.remote])];
    expect([isShare(share), ...others.map(isShare)]).toEqual([true, false, false, false, false]);
  });

  test("is never written into", () => {
    expect(verdict(() => requireVault({ kind: KIND.share }))).toBe("read-only");
    expect(verdict(() => requireVault({ kind: KIND.vault }))).toBe("ok");
  });
});
