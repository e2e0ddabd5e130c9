/** Which keys of a vault are listed and sign, and which do not: answers to messages, without a socket. */
import { generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { createAnswers } from "../../src/cli/ssh-agent-keys.ts";
import { concat, toBase64, utf8 } from "../../src/core/bytes.ts";
import { createWireReader, wireString, wireUint32 } from "../../src/core/ssh/wire.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { publicBlobOf } from "../../src/node/ssh/private-key.ts";
import { create, open, useSessionHome } from "../support/session-home.ts";

useSessionHome();

const LIST = Uint8Array.of(11);
const FAILURE = Uint8Array.of(0, 0, 0, 1, 5);

const PAIRS = {
  ed25519: generateKeyPairSync("ed25519"),
  ecdsa: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};
type Kind = keyof typeof PAIRS;

function pem(kind: Kind, passphrase?: string): string {
  const seal = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return String(PAIRS[kind].privateKey.export({ format: "pem", type: "pkcs8", ...seal }));
}

async function blobOf(kind: Kind): Promise<Uint8Array> {
  return await publicBlobOf({ bytes: utf8(pem(kind)), passphrase: undefined });
}

async function publicLine(kind: Kind): Promise<string> {
  const blob = await blobOf(kind);
  return `${createWireReader(blob).text()} ${toBase64(blob)} somebody@somewhere`;
}

function entry(path: string, fields: Readonly<Record<string, string>>): Edit {
  const given = Object.entries(fields).map(
    ([name, text]) => ({ name, text, encoding: "utf8", concealed: name !== "public" }) as const,
  );
  return {
    kind: "create",
    path,
    type: "ssh-key",
    fields: given,
    tags: [],
    meta: {},
    existing: "refuse",
  };
}

const HARDWARE = "sk-ssh-ed25519@openssh.com";
const HARDWARE_LINE = `${HARDWARE} ${toBase64(wireString(HARDWARE))}`;

let warnings: string[];
let isLocked: boolean;

beforeEach(async () => {
  warnings = [];
  isLocked = false;
  await create();
});

function answersOf(session: VaultSession, isMeant = (_path: string): boolean => true) {
  return createAnswers({
    isMeant,
    withVault: async (work) => (isLocked ? undefined : await work(session)),
    warn: async (text) => void warnings.push(text),
  });
}

function comments(answer: Uint8Array): string[] {
  const reader = createWireReader(answer.subarray(4));
  expect(reader.byte()).toBe(12);
  return Array.from({ length: reader.uint32() }, () => {
    reader.string();
    return reader.text();
  });
}

function signRequest(blob: Uint8Array, data: string, flags = 0): Uint8Array {
  return concat(Uint8Array.of(13), wireString(blob), wireString(data), wireUint32(flags));
}

/** Its algorithm and what follows. */
function signatureIn(answer: Uint8Array): { readonly algorithm: string; readonly bytes: Uint8Array } {
  const reader = createWireReader(answer.subarray(4));
  expect(reader.byte()).toBe(14);
  const signature = createWireReader(reader.string());
  return { algorithm: signature.text(), bytes: signature.string() };
}

describe("a listing", () => {
  test("has every key that can be read, names what can't, and says so once", async () => {
    using session = await open();
    await session.edit([
      entry("a/good", { private: pem("ed25519") }),
      entry("b/with public", { private: "sealed in another way", public: await publicLine("ecdsa") }),
      entry("c/damaged", { private: "no key" }),
      entry("d/sealed", { private: pem("rsa", "secret") }),
      entry("e/empty", { public: await publicLine("rsa") }),
      entry("f/hardware", { private: "x", public: HARDWARE_LINE }),
      entry("g/open", { private: pem("rsa", "secret"), passphrase: "secret" }),
      entry("h/again", { private: pem("ed25519") }),
    ]);
    const answer = answersOf(session);
    for (const _time of [1, 2])
      expect(comments(await answer(LIST))).toEqual(["a/good", "b/with public", "g/open"]);
    expect(warnings).toEqual([
      '"c/damaged" is not served: its private key is damaged',
      '"d/sealed" is not served: its private key is encrypted, and it has no field passphrase',
      '"e/empty" is not served: it has no field private',
      '"f/hardware" is not served: pm serves no keys of the type sk-ssh-ed25519@openssh.com',
    ]);
  });

  test("has only what is meant, and nothing from the trash", async () => {
    using session = await open();
    const { ids } = await session.edit([
      entry("work/a", { private: pem("ed25519") }),
      entry("home/b", { private: pem("rsa") }),
    ]);
    const answer = answersOf(session, (path) => path.startsWith("work/"));
    expect(comments(await answer(LIST))).toEqual(["work/a"]);
    await session.edit([{ kind: "trash", id: ids[0] ?? "" }]);
    expect(comments(await answer(LIST))).toEqual([]);
    expect(await answer(signRequest(await blobOf("ed25519"), "x"))).toEqual(FAILURE);
    expect(await answer(signRequest(await blobOf("rsa"), "x", 2))).toEqual(FAILURE);
  });

  test("of a locked vault is empty, and nothing is signed", async () => {
    using session = await open();
    await session.edit([entry("a", { private: pem("ed25519") })]);
    const answer = answersOf(session);
    expect(comments(await answer(LIST))).toEqual(["a"]);
    isLocked = true;
    expect(comments(await answer(LIST))).toEqual([]);
    expect(await answer(signRequest(await blobOf("ed25519"), "x"))).toEqual(FAILURE);
    expect(warnings).toEqual([]);
  });
});

describe("a signature", () => {
  const CASES = [
    ["ed25519", 0, "ssh-ed25519", null],
    ["rsa", 2, "rsa-sha2-256", "sha256"],
    ["rsa", 4, "rsa-sha2-512", "sha512"],
  ] as const;

  test.each(CASES)("of %s under the flags %i is %s", async (kind, flags, algorithm, hash) => {
    using session = await open();
    await session.edit([entry("a", { private: pem(kind) })]);
    // Without a listing before it.
    const signed = signatureIn(await answersOf(session)(signRequest(await blobOf(kind), "text", flags)));
    expect(signed.algorithm).toBe(algorithm);
    expect(verify(hash, utf8("text"), PAIRS[kind].publicKey, signed.bytes)).toBe(true);
  });

  test("of ecdsa is two numbers", async () => {
    using session = await open();
    await session.edit([entry("a", { private: pem("ecdsa") })]);
    const signed = signatureIn(await answersOf(session)(signRequest(await blobOf("ecdsa"), "text")));
    expect(signed.algorithm).toBe("ecdsa-sha2-nistp384");
    const reader = createWireReader(signed.bytes);
    const raw = Buffer.alloc(96);
    for (const end of [48, 96]) {
      const number = reader.positive(48);
      raw.set(number, end - number.length);
    }
    const key = { key: PAIRS.ecdsa.publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha384", utf8("text"), key, raw)).toBe(true);
  });

  const REFUSED = [
    ["with SHA-1", "rsa", 0, '"a" is not used: a signature was asked for with SHA-1, which is broken'],
    ["in a way of later versions", "rsa", 8, '"a" is not used: a signature was asked for in an unknown way'],
  ] as const;

  test.each(REFUSED)("%s is refused", async (_how, kind, flags, warning) => {
    using session = await open();
    await session.edit([entry("a", { private: pem(kind) })]);
    expect(await answersOf(session)(signRequest(await blobOf(kind), "x", flags))).toEqual(FAILURE);
    expect(warnings).toEqual([warning]);
  });

  test("of a key whose public field is another's is refused", async () => {
    using session = await open();
    await session.edit([entry("a", { private: pem("ecdsa"), public: await publicLine("ed25519") })]);
    expect(await answersOf(session)(signRequest(await blobOf("ed25519"), "x"))).toEqual(FAILURE);
    expect(warnings).toEqual(['"a" is not used: its public key is that of another private key']);
  });
});

test.each([
  ["a key to add", Uint8Array.of(17)],
  ["all keys to remove", Uint8Array.of(19)],
  ["a lock", Uint8Array.of(22)],
  ["an extension", concat(Uint8Array.of(27), wireString("session-bind@openssh.com"))],
  ["half a request", Uint8Array.of(13, 0, 0)],
  ["nothing", new Uint8Array(0)],
])("%s is refused", async (_what, message) => {
  using session = await open();
  expect(await answersOf(session)(message)).toEqual(FAILURE);
});

test("one entry that ssh would refuse costs no other its place in the list", async () => {
  using session = await open();
  const text = (pair: { readonly privateKey: KeyObject }): string =>
    String(pair.privateKey.export({ format: "pem", type: "pkcs8" }));
  await session.edit([
    entry("a/good", { private: pem("ed25519") }),
    entry("b/curve", { private: text(generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" })) }),
    entry("c/cut", { private: "x", public: `ssh-ed25519 ${toBase64(wireString("ssh-ed25519"))}` }),
    entry("d/small", { private: text(generateKeyPairSync("rsa", { modulusLength: 512 })) }),
  ]);
  expect(comments(await answersOf(session)(LIST))).toEqual(["a/good"]);
  expect(warnings).toEqual([
    '"b/curve" is not served: pm serves no keys of its kind',
    '"c/cut" is not served: its public key is damaged',
    '"d/small" is not served: its key has 512 bits, which ssh takes from no RSA key',
  ]);
});
