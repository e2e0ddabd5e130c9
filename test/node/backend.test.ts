import { expect, test } from "vitest";
import type { CryptoBackend } from "../../src/core/crypto/backend.ts";
import { provenBackend } from "../../src/node/backend.ts";
import { nativeBackend } from "../../src/node/crypto.ts";

test("the native back end is used where it proves itself", async () => {
  const warnings: string[] = [];
  const backend = await provenBackend((text) => warnings.push(text));
  expect(backend.name).toBe("native");
  expect(warnings).toEqual([]);
});

test.each<[string, Partial<CryptoBackend>]>([
  ["has no Argon2id", { argon2id: () => Promise.reject(new Error("unsupported")) }],
  [
    "throws at once",
    {
      argon2id: () => {
        throw new TypeError("argon2 is not a function");
      },
    },
  ],
  ["derives other bytes", { argon2id: async () => new Uint8Array(32) }],
  ["seals other bytes", { seal: (_key, _nonce, plaintext) => new Uint8Array(plaintext.length + 16) }],
])("noble takes the place of one that %s, and that is said", async (_what, broken) => {
  const warnings: string[] = [];
  const backend = await provenBackend((text) => warnings.push(text), { ...nativeBackend, ...broken });
  expect(backend.name).toBe("noble");
  expect(warnings).toEqual([expect.stringContaining("Argon2id")]);
});
