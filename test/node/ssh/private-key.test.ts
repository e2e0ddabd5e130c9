/** Keys that a real ssh-keygen and OpenSSL made, read, and their signatures checked by a real ssh-keygen. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { concat, toBase64, utf8 } from "../../../src/core/bytes.ts";
import { parsePublicLine } from "../../../src/core/ssh/openssh-key.ts";
import { wireString, wireUint32 } from "../../../src/core/ssh/wire.ts";
import { publicBlobOf, readPrivateKey } from "../../../src/node/ssh/private-key.ts";
import { blobOf, requireWhole } from "../../../src/node/ssh/public-key.ts";
import { unsealKey } from "../../../src/node/ssh/unseal-key.ts";
import { describeWith } from "../../support/describe-with.ts";
import { partPath } from "../../support/parts.ts";

const folder = mkdtempSync(join(tmpdir(), "pm-ssh-keys-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PASSPHRASE = "päss phrase";

/** What ssh-keygen is told, and what it then writes. */
const KINDS: readonly (readonly [name: string, args: readonly string[], passphrase: string])[] = [
  ["ed25519", ["-t", "ed25519"], ""],
  ["ed25519 with a passphrase", ["-t", "ed25519", "-a", "2"], PASSPHRASE],
  ["ed25519 under aes256-gcm", ["-t", "ed25519", "-a", "2", "-Z", "aes256-gcm@openssh.com"], PASSPHRASE],
  ["ed25519 under aes192-cbc", ["-t", "ed25519", "-a", "2", "-Z", "aes192-cbc"], PASSPHRASE],
  ["ed25519 under aes256-cbc", ["-t", "ed25519", "-a", "2", "-Z", "aes256-cbc"], PASSPHRASE],
  ["ed25519 under 3des-cbc", ["-t", "ed25519", "-a", "2", "-Z", "3des-cbc"], PASSPHRASE],
  ["ecdsa 256", ["-t", "ecdsa", "-b", "256"], ""],
  ["ecdsa 384", ["-t", "ecdsa", "-b", "384", "-a", "2"], PASSPHRASE],
  ["ecdsa 521", ["-t", "ecdsa", "-b", "521"], ""],
  ["rsa", ["-t", "rsa", "-b", "1024"], ""],
  ["rsa with a passphrase", ["-t", "rsa", "-b", "2048", "-a", "2"], PASSPHRASE],
  ["PKCS#8", ["-t", "ecdsa", "-m", "PKCS8"], ""],
  ["PKCS#8 with a passphrase", ["-t", "rsa", "-b", "1024", "-m", "PKCS8"], PASSPHRASE],
  ["PKCS#1", ["-t", "rsa", "-b", "1024", "-m", "PEM"], ""],
  ["PKCS#1 with a passphrase", ["-t", "rsa", "-b", "1024", "-m", "PEM"], PASSPHRASE],
  ["SEC 1", ["-t", "ecdsa", "-b", "384", "-m", "PEM"], ""],
];

function keygen(args: readonly string[]): string {
  return execFileSync(partPath("ssh-keygen"), args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

describeWith(["ssh-keygen"], "a key of ssh-keygen", () => {
  test.each(KINDS)("%s is read", async (name, args, passphrase) => {
    const file = join(folder, name.replaceAll(/\W/g, "-"));
    keygen([...args, "-q", "-N", passphrase, "-C", "a comment", "-f", file]);
    const text = {
      bytes: Uint8Array.from(readFileSync(file)),
      passphrase: passphrase === "" ? undefined : utf8(passphrase),
    };
    const expected = toBase64(parsePublicLine(readFileSync(`${file}.pub`, "utf8")));
    expect(toBase64(await publicBlobOf(text))).toBe(expected);
    expect(toBase64(blobOf(await readPrivateKey(text)))).toBe(expected);
    if (passphrase === "") return;
    for (const wrong of [undefined, utf8("wrong")]) {
      await expect(readPrivateKey({ ...text, passphrase: wrong })).rejects.toMatchObject({ code: "auth" });
    }
  });

  test("under a cipher that node has not is refused", async () => {
    const file = join(folder, "chacha");
    keygen(["-t", "ed25519", "-a", "2", "-Z", "chacha20-poly1305@openssh.com", "-q", "-N", "x", "-f", file]);
    const text = { bytes: Uint8Array.from(readFileSync(file)), passphrase: utf8("x") };
    await expect(readPrivateKey(text)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("of OpenSSL has the public key that ssh-keygen sees", async () => {
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "P-521",
      privateKeyEncoding: { format: "pem", type: "sec1" },
      publicKeyEncoding: { format: "pem", type: "spki" },
    });
    const file = join(folder, "openssl");
    writeFileSync(file, privateKey);
    chmodSync(file, 0o600);
    const expected = toBase64(parsePublicLine(keygen(["-y", "-f", file])));
    expect(toBase64(await publicBlobOf({ bytes: utf8(privateKey), passphrase: undefined }))).toBe(expected);
  });
});

test.each([
  ["nothing", ""],
  ["another text", "hello"],
  ["an empty armour", "-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n"], // not-a-secret
  ["half an armour", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"], // not-a-secret
  ["a public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHN1Y2ggYSBrZXkgaXMgbm9uZSBhdCBhbGwgISEh"],
])("%s is no key", async (_what, text) => {
  const key = { bytes: utf8(text), passphrase: undefined };
  await expect(readPrivateKey(key)).rejects.toMatchObject({ code: "corrupt" });
});

describe("a passphrase", () => {
  const salt = new Uint8Array(16);
  const sealed = {
    cipher: "aes256-ctr",
    kdf: "bcrypt",
    kdfOptions: concat(wireString(salt), wireUint32(2)),
    publicBlob: new Uint8Array(0),
    sealed: new Uint8Array(64),
    tag: new Uint8Array(0),
  };
  const passphrase = utf8("x");

  test.each([
    [
      "that takes too many rounds is refused at once",
      { kdfOptions: concat(wireString(salt), wireUint32(257)) },
      "unavailable",
    ],
    ["without a round", { kdfOptions: concat(wireString(salt), wireUint32(0)) }, "corrupt"],
    ["without salt", { kdfOptions: concat(wireString(""), wireUint32(2)) }, "corrupt"],
    ["with too much salt", { kdfOptions: concat(wireString(new Uint8Array(65)), wireUint32(2)) }, "corrupt"],
    ["without options", { kdfOptions: new Uint8Array(0) }, "corrupt"],
    ["under another derivation", { kdf: "argon2" }, "unavailable"],
    ["for no cipher", { cipher: "none" }, "unavailable"],
    ["for a cipher that is a word of JavaScript", { cipher: "constructor" }, "unavailable"],
    ["with a tag that the cipher has not", { tag: new Uint8Array(16) }, "corrupt"],
    ["for half a block", { cipher: "aes256-cbc", sealed: new Uint8Array(63) }, "corrupt"],
  ] as const)("%s", async (_what, change, code) => {
    await expect(unsealKey({ ...sealed, ...change }, passphrase)).rejects.toMatchObject({ code });
  });
});

test.each([
  ["dsa", () => generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).privateKey],
  ["x25519", () => generateKeyPairSync("x25519").privateKey],
  ["secp256k1", () => generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey],
  ["brainpool", () => generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" }).privateKey],
  ["RSA with 512 bits", () => generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey],
  ["ed448", () => generateKeyPairSync("ed448").privateKey],
])("a key of the kind %s is not served", async (_kind, make) => {
  const pem = make().export({ format: "pem", type: "pkcs8" });
  const key = { bytes: utf8(String(pem)), passphrase: undefined };
  await expect(publicBlobOf(key)).rejects.toMatchObject({ code: "unavailable" });
});

describe("a public key", () => {
  const OF: Readonly<Record<string, () => KeyObject>> = {
    ed25519: () => generateKeyPairSync("ed25519").publicKey,
    ecdsa: () => generateKeyPairSync("ec", { namedCurve: "P-521" }).publicKey,
    rsa: () => generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey,
  };

  test.each(Object.keys(OF))("of the kind %s is whole, or refused", (kind) => {
    const blob = blobOf(OF[kind]?.() ?? generateKeyPairSync("x25519").publicKey);
    requireWhole(blob);
    for (const damage of [blob.subarray(0, -1), concat(blob, Uint8Array.of(0)), blob.subarray(0, 20)])
      expect(() => requireWhole(damage)).toThrow("its public key is damaged");
  });

  test("beside the curve, on another curve, or of a negative number is refused", () => {
    const point = concat(Uint8Array.of(4), new Uint8Array(64).fill(1));
    const ec = (curve: string): Uint8Array =>
      concat(wireString("ecdsa-sha2-nistp256"), wireString(curve), wireString(point));
    const rsa = concat(
      wireString("ssh-rsa"),
      wireString("\u0003"),
      wireString(new Uint8Array(256).fill(255)),
    );
    for (const blob of [ec("nistp256"), ec("nistp384"), ec("x"), rsa])
      expect(() => requireWhole(blob)).toThrow("its public key is damaged");
  });
});
