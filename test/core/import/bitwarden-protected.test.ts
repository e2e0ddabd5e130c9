/** Bitwarden's password protected export, sealed here with the primitives of Node as its whitepaper says. */
import {
  argon2Sync,
  createCipheriv,
  createHash,
  createHmac,
  hkdfSync,
  pbkdf2Sync,
  webcrypto,
} from "node:crypto";
import { describe, expect, test } from "vitest";
import { toBase64, utf8 } from "../../../src/core/bytes.ts";
import { readBitwardenProtected } from "../../../src/core/import/bitwarden-protected.ts";
import { importFile } from "../../../src/core/import/import-file.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";

/** Encrypted as Bitwarden's whitepaper says, with the primitives of Node. */
function protect(content: object, master: Uint8Array, envelope: object): Uint8Array {
  const expand = (info: string): Buffer => createHmac("sha256", master).update(`${info}\u0001`).digest();
  const seal = (text: string): string => {
    const iv = Buffer.alloc(16, 7);
    const cipher = createCipheriv("aes-256-cbc", expand("enc"), iv);
    const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
    const mac = createHmac("sha256", expand("mac")).update(iv).update(sealed).digest();
    return `2.${[iv, sealed, mac].map((part) => toBase64(part)).join("|")}`;
  };
  const proof = seal("10000000-0000-4000-8000-000000000000");
  const head = { encrypted: true, passwordProtected: true, salt: SALT, ...envelope };
  return utf8(
    JSON.stringify({ ...head, encKeyValidation_DO_NOT_EDIT: proof, data: seal(JSON.stringify(content)) }),
  );
}

const SALT = "c2FsdA==";
const CONTENT = { encrypted: false, folders: [], items: [{ type: 1, name: "site" }] };
const PBKDF2 = { kdfType: 0, kdfIterations: 5000 };
const ARGON2 = { kdfType: 1, kdfIterations: 2, kdfMemory: 16, kdfParallelism: 1 };

async function open(bytes: Uint8Array, password: string): Promise<readonly string[]> {
  const help = { crypto: nativeBackend, subtle: webcrypto.subtle, password: utf8(password) };
  const { entries } = await readBitwardenProtected(importFile("x.json", bytes), help);
  return entries.map(({ title }) => title);
}

describe("password protected", () => {
  const pbkdf2 = protect(CONTENT, pbkdf2Sync("pässword", SALT, 5000, 32, "sha256"), PBKDF2);
  const argon2 = protect(
    CONTENT,
    argon2Sync("argon2id", {
      message: "pässword",
      nonce: createHash("sha256").update(SALT).digest(),
      parallelism: 1,
      tagLength: 32,
      memory: 16 * 1024,
      passes: 2,
    }),
    ARGON2,
  );

  test("opens with PBKDF2 and Argon2id, and with no other password", async () => {
    expect(await open(pbkdf2, "pässword")).toEqual(["site"]);
    expect(await open(argon2, "pässword")).toEqual(["site"]);
    await expect(open(pbkdf2, "passwort")).rejects.toMatchObject({ code: "auth" });
    await expect(open(argon2, "")).rejects.toMatchObject({ code: "auth" });
  });

  test.each<[string, object]>([
    ["too many iterations", { ...PBKDF2, kdfIterations: 2_000_001 }],
    ["too few", { ...PBKDF2, kdfIterations: 1 }],
    ["a fraction", { ...PBKDF2, kdfIterations: 5000.5 }],
    ["too much memory", { ...ARGON2, kdfMemory: 1025 }],
    ["memory as a text", { ...ARGON2, kdfMemory: "16" }],
    ["too many passes", { ...ARGON2, kdfIterations: 1e9 }],
    ["too many lanes", { ...ARGON2, kdfParallelism: 1e6 }],
  ])("is refused before any work for %s", async (_, envelope) => {
    await expect(open(protect(CONTENT, new Uint8Array(32), envelope), "x")).rejects.toMatchObject({
      code: "limit",
    });
  });

  test.each([1, 30, 60, 90])("changed in a character (%d from the end) it opens nothing", async (back) => {
    const text = new TextDecoder().decode(pbkdf2);
    const at = text.length - 2 - back;
    const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    await expect(open(utf8(changed), "pässword")).rejects.toMatchObject({ code: "usage" });
  });
});

test("the expansion is that of RFC 5869 without its first step", () => {
  // Node's HKDF does both steps; held against one HMAC it says that "\x01" is where it belongs.
  const key = createHmac("sha256", "salt").update("secret").digest();
  expect(createHmac("sha256", key).update("enc\u0001").digest()).toEqual(
    Buffer.from(hkdfSync("sha256", "secret", "salt", "enc", 32)),
  );
});
