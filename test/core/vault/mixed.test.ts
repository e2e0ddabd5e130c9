import { describe, expect, test } from "vitest";
import { concat } from "../../../src/core/bytes.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { buildPlaintext } from "../../../src/core/vault/layout.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import {
  fixChecksum,
  KEY_FILE_SECRET,
  KEY_FILE_SLOT,
  patched,
  readBody,
  sealUnder,
  sealVault,
  type TestVault,
  vectorRandom,
  verdictOf,
} from "../../support/vault-builder.ts";

const SECRETS = { keyFile: KEY_FILE_SECRET };
const CHUNK = 16_400;
const FIRST_CHUNK = 4096 + 56;

/** Several chunks, the content of each its own. */
const content = (seed: number): Uint8Array<ArrayBuffer> =>
  buildPlaintext(new Uint8Array(70_000).fill(seed), [new Uint8Array(5000).fill(seed + 1)]);

const vault = await sealVault({
  label: "mixed",
  plaintext: content(1),
  slots: [KEY_FILE_SLOT, KEY_FILE_SLOT],
});

/** The vault saved once more: the same header, but for what its body has. */
function saveAgain(of: TestVault, salt: string): Uint8Array {
  const { rootKey, plaintext, file } = of;
  return sealUnder(nativeBackend, file.slice(0, 4096), { random: vectorRandom(salt), rootKey, plaintext });
}

const later = saveAgain(vault, "later");
const other = (await sealVault({ label: "another vault", plaintext: content(1) })).file;
const share = (
  await sealVault({ label: "mixed", kind: 2, plaintext: content(1), slots: [KEY_FILE_SLOT, KEY_FILE_SLOT] })
).file;
const { file } = vault;

const chunk = (of: Uint8Array, n: number): Uint8Array =>
  of.slice(FIRST_CHUNK + n * CHUNK, FIRST_CHUNK + (n + 1) * CHUNK);
const slot = (of: Uint8Array, n: number): Uint8Array => of.slice(64 + 192 * n, 256 + 192 * n);
const withChunk = (n: number, bytes: Uint8Array): Uint8Array => patched(file, FIRST_CHUNK + n * CHUNK, bytes);
const withSlot = (n: number, bytes: Uint8Array): Uint8Array =>
  fixChecksum(patched(file, 64 + 192 * n, bytes));
const parts = (head: Uint8Array, body: Uint8Array): Uint8Array =>
  concat(head.slice(0, 4096), body.slice(4096));

describe.each([nativeBackend, nobleBackend])(
  "of parts that do not belong together $name makes nothing",
  (crypto) => {
    test.each<[what: string, mixed: Uint8Array, expected: string]>([
      ["the file itself", file, "ok"],
      ["the same header and the body of a later save", parts(file, later), "ok"],
      ["the body of another vault", parts(file, other), "body-commitment"],
      ["the header of another vault", parts(other, file), "body-commitment"],
      ["the body of a share", parts(file, share), "body-commitment"],
      ["a chunk of a later save", withChunk(1, chunk(later, 1)), "body-corrupt"],
      ["all chunks of a later save", patched(file, FIRST_CHUNK, later.subarray(FIRST_CHUNK)), "body-corrupt"],
      [
        "salt and commitment of a later save",
        patched(file, 4096, later.slice(4096, FIRST_CHUNK)),
        "body-corrupt",
      ],
      ["the salt of a later save", patched(file, 4096, later.slice(4096, 4120)), "body-commitment"],
      [
        "two chunks in another order",
        patched(withChunk(1, chunk(file, 2)), FIRST_CHUNK + 2 * CHUNK, chunk(file, 1)),
        "body-corrupt",
      ],
      ["a chunk twice", withChunk(1, chunk(file, 0)), "body-corrupt"],
      ["a slot of another vault before its own", withSlot(0, slot(other, 0)), "body-commitment"],
      ["slots of a share", withSlot(0, concat(slot(share, 0), slot(share, 1))), "auth"],
      ["its slots in another order", withSlot(0, concat(slot(file, 1), slot(file, 0))), "body-commitment"],
      ["a slot twice", withSlot(1, slot(file, 0)), "body-commitment"],
      [
        "a slot less",
        fixChecksum(patched(patched(file, 256, new Uint8Array(192)), 40, [1])),
        "body-commitment",
      ],
      ["a slot more", fixChecksum(patched(withSlot(2, slot(file, 1)), 40, [3])), "body-commitment"],
      ["the minor version of another", fixChecksum(patched(file, 9, [1])), "body-commitment"],
      ["the id of another vault", fixChecksum(patched(file, 16, other.slice(16, 32))), "auth"],
    ])("%s: %s", async (_what, mixed, expected) => {
      expect(await verdictOf(() => readBody(crypto, mixed, SECRETS))).toBe(expected);
    });
  },
);
