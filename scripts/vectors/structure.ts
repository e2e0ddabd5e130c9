// Vectors of files whose parts were moved, copied or mixed.
import { concat } from "../../src/core/bytes.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import type { Case } from "../../test/support/format-vectors.ts";
import { fixChecksum, patched, reseal, sealUnder, type TestVault } from "../../test/support/vault-builder.ts";
import { PASSWORD } from "./bases.ts";
import { KEY_FILE } from "./cases.ts";
import { difference } from "./difference.ts";

const SLOT = (n: number): number => 64 + 192 * n;
const CHUNK = (n: number): number => 4152 + 16_400 * n;

const slice = (file: Uint8Array, from: number, length: number): Uint8Array => file.slice(from, from + length);

/** Two parts of the same length change places. */
function swapped(file: Uint8Array, [a, b]: readonly [number, number], length: number): Uint8Array {
  return patched(patched(file, a, slice(file, b, length)), b, slice(file, a, length));
}

const forged = (file: Uint8Array): Uint8Array => fixChecksum(file.slice());

/** The first `slots` slots of a file, all the same, with a KDF of m KiB and t passes. */
function costly(file: Uint8Array, slots: number, [m, t]: readonly [number, number]): Uint8Array {
  const copy = file.slice();
  for (let n = 0; n < slots; n++) {
    copy.set(slice(file, SLOT(0), 192), SLOT(n));
    new DataView(copy.buffer).setUint32(SLOT(n) + 4, m);
    new DataView(copy.buffer).setUint32(SLOT(n) + 8, t);
  }
  copy[40] = slots;
  return fixChecksum(copy);
}

/** A file of which one slot is moved behind the last, so that the others shift. */
function withoutFirstSlot(file: Uint8Array): Uint8Array {
  const copy = patched(file, SLOT(0), slice(file, SLOT(1), 15 * 192));
  copy.set(new Uint8Array(192), SLOT(15));
  copy[40] = (file[40] ?? 1) - 1;
  return fixChecksum(copy);
}

const withLength = (file: Uint8Array): Uint8Array => {
  const copy = file.slice();
  new DataView(copy.buffer).setBigUint64(32, BigInt(file.length - 4096));
  return fixChecksum(copy);
};

/** The vectors; `vaults` are the bases by id. */
export function structureCases(vaults: ReadonlyMap<string, TestVault>): readonly Case[] {
  const vault = (id: string): TestVault => {
    const found = vaults.get(id);
    if (found === undefined) throw new Error(`no base ${id}`);
    return found;
  };
  const small = vault("PMV1-008");
  const { file } = small;
  const later = sealUnder(nativeBackend, file.slice(0, 4096), {
    random: (length) => new Uint8Array(length).fill(0x55),
    rootKey: small.rootKey,
    plaintext: small.plaintext,
  });
  const is = (name: string, changed: Uint8Array, expect: string, base = "PMV1-008"): Case => ({
    name,
    base,
    ...difference(vault(base).file, changed),
    credentials: KEY_FILE,
    read: "all",
    expect,
  });
  const other = vault("PMV1-003").file;
  const share = vault("PMV1-005").file;
  return [
    is("two slots in another order", forged(swapped(file, [SLOT(0), SLOT(1)], 192)), "body-commitment"),
    is("a slot removed", withoutFirstSlot(vault("PMV1-009").file), "body-commitment", "PMV1-009"),
    is("a slot twice", forged(patched(file, SLOT(1), slice(file, SLOT(0), 192))), "body-commitment"),
    is("a slot of another vault", forged(patched(file, SLOT(0), slice(other, SLOT(1), 192))), "auth"),
    is("the header of another kind with its slots", concat(share.slice(0, 4096), file.slice(4096)), "auth"),
    is("the salt of another save", patched(file, 4096, slice(later, 4096, 24)), "body-commitment"),
    is(
      "the commitment and the salt of another save",
      patched(file, 4096, slice(later, 4096, 56)),
      "body-corrupt",
    ),
    is("two chunks in another order", swapped(file, [CHUNK(0), CHUNK(1)], 16_400), "body-corrupt"),
    is("the last chunk cut off", file.slice(0, -16), "truncated"),
    is("the last chunk cut off, and the length made good", withLength(file.slice(0, -16)), "body-length"),
    is(
      "the body cut off in a chunk, and the length made good",
      withLength(file.slice(0, -17)),
      "body-commitment",
    ),
    is(
      "zeros behind the last chunk, and the length made good",
      withLength(concat(file, new Uint8Array(9))),
      "body-commitment",
    ),
    {
      ...is(
        "slots that cost too much together",
        costly(vault("PMV1-001").file, 3, [1_048_576, 8]),
        "kdf-out-of-bounds",
        "PMV1-001",
      ),
      credentials: { password: PASSWORD },
      read: "body",
    },
    {
      ...is(
        "slots that cost too much, but are not tried",
        costly(vault("PMV1-001").file, 3, [1_048_576, 8]),
        "auth",
        "PMV1-001",
      ),
      read: "body",
    },
    {
      ...is(
        "five password slots",
        costly(vault("PMV1-001").file, 5, [19_456, 2]),
        "kdf-out-of-bounds",
        "PMV1-001",
      ),
      read: "body",
    },
    is("an empty plaintext", reseal(small, new Uint8Array(0)).file, "layout-invalid"),
    is("a plaintext shorter than its prefix", reseal(small, new Uint8Array(15)).file, "layout-invalid"),
    is("a plaintext without padding", reseal(small, small.plaintext.slice(0, 2000)).file, "layout-invalid"),
  ];
}
