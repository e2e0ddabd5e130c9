import { describe, expect, test } from "vitest";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { requireTrusted } from "../../../src/core/crypto/self-check.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { countingCalls, flipped, verdictOf } from "../../support/vault-builder.ts";

const broken = (output: Uint8Array): Uint8Array => flipped(output, 3, 5);

describe("a back end proves itself before a key depends on it", () => {
  test.each([nobleBackend, nativeBackend])("$name does", async (crypto) => {
    expect(await verdictOf(() => requireTrusted(crypto))).toBe("ok");
  });

  test("once in a process", async () => {
    const crypto = countingCalls(nativeBackend);
    await requireTrusted(crypto);
    await requireTrusted(crypto);
    expect(crypto.calls).toEqual({ open: 0, seal: 1, argon2id: 1 });
  });

  test.each<[string, Partial<CryptoBackend>]>([
    ["Argon2id", { argon2id: async (...args) => broken(await nativeBackend.argon2id(...args)) }],
    ["AES-GCM", { seal: (...args) => broken(nativeBackend.seal(...args)) }],
    ["HMAC", { hmacSha512: (...args) => broken(nativeBackend.hmacSha512(...args)) }],
  ])("one with a wrong %s is refused every time", async (_what, wrong) => {
    const crypto: CryptoBackend = { ...nativeBackend, ...wrong };
    expect(await verdictOf(() => requireTrusted(crypto))).toBe("error");
    expect(await verdictOf(() => requireTrusted(crypto))).toBe("error");
  });
});
