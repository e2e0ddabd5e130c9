import { describe, expect, test } from "vitest";
import { toHex, utf8 } from "../../../src/core/bytes.ts";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { bytesSource, readHeader, requireReopens, sealFile } from "../../../src/core/vault/format.ts";
import { buildPlaintext } from "../../../src/core/vault/layout.ts";
import { wrapRootKey } from "../../../src/core/vault/slot.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { readBases } from "../../support/format-vectors.ts";
import {
  CHEAP_KDF,
  flipped,
  refused,
  sealVault,
  sha256,
  vectorRandom,
  verdict,
} from "../../support/vault-builder.ts";

describe.each([nobleBackend, nativeBackend])("the worked example, made by $name", (crypto) => {
  test("is PMV1-001, byte for byte", async () => {
    const random = vectorRandom();
    const vault = { kind: 1, vaultId: random(16) } as const;
    const rootKey = random(32);
    expect(toHex(rootKey)).toBe("96322e0591dd3596a188230f98774417f787763579998d7bd4206c1551904da3");
    const secrets = { password: utf8("correct horse battery staple"), token: new Uint8Array(32).fill(0x42) };
    const tools = { crypto, random };
    const slots = [
      await wrapRootKey(tools, vault, { rootKey, slot: { type: 1, kdf: CHEAP_KDF }, secrets }),
      await wrapRootKey(tools, vault, { rootKey, slot: { type: 5 }, secrets }),
    ];
    const plaintext = buildPlaintext(utf8('{"v":1,"e":[["id0",0,49,"GitHub","alice"]]}'), [
      utf8('{"title":"GitHub","user":"alice","pass":"s3cr3t"}'),
    ]);
    const file = sealFile(tools, { ...vault, slots, rootKey, plaintext });
    const hex = toHex(file);
    const at = (offset: number, length: number): string => hex.slice(2 * offset, 2 * (offset + length));
    expect(at(16, 16)).toBe("30802a9490c711a60d1313575dc698e1");
    expect(at(160, 32)).toBe("9460d94226110db07b20e464d3cdd44aeaef080274de5b4e45b29bcb849b54ac");
    expect(at(352, 32)).toBe("12046cb2d93cfd5b9cb040e033050024ff631ba3d10a28c96e4558038c3d818f");
    expect(toHex(sha256(file.slice(0, 4096)))).toBe(
      "8cc5ef6a458937c1bd8c299e0ee9dc81129f9ff6827d3e06df830cdb9ae29b63",
    );
    expect(at(4096, 24)).toBe("0f72a787b00181b37f3cddbfcd6f3a7adbd9199fbdbcb42a");
    expect(at(4120, 32)).toBe("ef15a86fd083af43a4115618135b312acc8ae926179bb117ebb87a7be695b93a");
    expect(at(4152, 32)).toBe("a909f56f3c932efd55430a435497bf54be303b87c1035490135b2ae15da564d8");
    expect(at(69_752, 16)).toBe("b8cc06c3a42ef8f4d037025e63a8042a");
    expect(file.length).toBe(69_768);
    expect(toHex(sha256(file))).toBe("fca643f15044e1ec1b56ed5c59b1603db82b28cf08b1d014f0feb1d7706392ea");
    expect(toHex(readBases().get("PMV1-001")?.bytes ?? file.slice(1))).toBe(hex);
  });
});

describe("a file", () => {
  test("larger than a reader accepts is not made", () => {
    const parts = { kind: 1, vaultId: new Uint8Array(16), slots: [], rootKey: new Uint8Array(32) } as const;
    // As long as such a plaintext, without the memory: it is refused by its length.
    const plaintext = Object.create(Uint8Array.prototype, {
      length: { value: 536_870_912 },
    }) as Uint8Array<ArrayBuffer>;
    const seal = (): unknown =>
      sealFile({ crypto: nativeBackend, random: vectorRandom() }, { ...parts, plaintext });
    expect(refused(seal, "limit").message).toBe("the vault would be larger than 512 MiB");
  });

  test("shorter than a header is read as far as it goes", () => {
    expect(verdict(() => readHeader(nativeBackend, bytesSource(new Uint8Array(10))))).toBe("truncated");
  });
});

describe("a file that was just sealed", async () => {
  const vault = await sealVault({
    label: "reopen",
    plaintext: buildPlaintext(utf8("index"), [new Uint8Array(2_000_001)]),
  });

  test("reopens as what it was made of", () => {
    expect(verdict(() => requireReopens(nativeBackend, vault.file, vault))).toBe("ok");
  });

  test.each<[string, number, string]>([
    ["header", 20, "header-checksum"],
    ["commitment", 4121, "body-commitment"],
    ["first chunk", 4200, "body-corrupt"],
    ["last chunk", vault.file.length - 1, "body-corrupt"],
  ])("does not where a bit of its %s is wrong", (_part, offset, code) => {
    expect(verdict(() => requireReopens(nativeBackend, flipped(vault.file, offset, 0), vault))).toBe(code);
  });

  test.each([0, 3, 1_048_575, 1_048_576, vault.plaintext.length - 1])(
    "does not where byte %d is another than was meant",
    (offset) => {
      const meant = { ...vault, plaintext: flipped(vault.plaintext, offset, 0) as Uint8Array<ArrayBuffer> };
      expect(verdict(() => requireReopens(nativeBackend, vault.file, meant))).toBe("error");
    },
  );

  test("does not where it is of another length than was meant", () => {
    const meant = { ...vault, plaintext: vault.plaintext.slice(0, -1) };
    expect(verdict(() => requireReopens(nativeBackend, vault.file, meant))).toBe("error");
  });

  test("does not where the cipher lies when it seals", async () => {
    const lying: CryptoBackend = {
      ...nativeBackend,
      seal: (key, nonce, plaintext, output) =>
        nativeBackend.seal(
          key,
          nonce,
          plaintext.map((byte) => byte ^ 1),
          output,
        ),
    };
    const file = sealFile({ crypto: lying, random: vectorRandom() }, vault);
    expect(verdict(() => requireReopens(nativeBackend, file, vault))).toBe("error");
  });
});
