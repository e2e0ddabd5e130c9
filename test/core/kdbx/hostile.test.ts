/** Files that are damaged, or made to hurt: an error that says so, soon, and nothing else. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { kdbxCrypto } from "../../../src/core/kdbx/crypto.ts";
import { readDocument } from "../../../src/core/kdbx/document.ts";
import { gunzipWhole } from "../../../src/core/kdbx/gzip.ts";
import { openKdbx } from "../../../src/core/kdbx/open.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { aesItems, argon2Items, buildKdbx3, buildKdbx4, PASSWORD, u32 } from "../../support/kdbx-builder.ts";
import { codeOf, document, entryXml, importKdbx, importXml } from "../../support/keepass.ts";

const ARGON2D = "ef636ddf8c29444b91f7a9a403e30a0c";
const CONTENT = document(entryXml({ Title: "a", Password: "secret" }));
/** All that a damaged file may end with. */
const KNOWN = ["auth", "corrupt", "kdf-out-of-bounds", "unsupported-version", "unsupported-feature", "limit"];

/** Bytes between two truncations; `npm run test:soak` tries all. */
const STEP = process.env["SOAK"] === undefined ? 5 : 1;

const open = (bytes: Uint8Array): Promise<string> => codeOf(importKdbx(bytes, PASSWORD));

test("sound files of all kinds open", async () => {
  const files = [
    buildKdbx4({ content: CONTENT }),
    buildKdbx4({ content: CONTENT, cipher: "chacha20", compression: 0 }),
    buildKdbx3({ content: CONTENT }),
    buildKdbx3({ content: CONTENT, cipher: "chacha20", compression: 0, streamId: 3 }),
    buildKdbx3({ content: document("", "<HeaderHash>HEADERHASH</HeaderHash>"), streamId: 0 }),
  ];
  for (const file of files) expect(await open(file)).toBe("none");
});

describe.each([
  ["4", buildKdbx4({ content: CONTENT })],
  ["3.1", buildKdbx3({ content: document("", "<HeaderHash>HEADERHASH</HeaderHash>") })],
])("KDBX %s", (version, sound) => {
  test("a wrong password is told from damage", async () => {
    expect(await codeOf(importKdbx(sound, "other"))).toBe("auth");
    expect(await codeOf(importKdbx(sound, ""))).toBe("auth");
    expect(await codeOf(importKdbx(sound, PASSWORD, utf8("a key file")))).toBe("auth");
  });

  test("no flipped byte goes unseen", async () => {
    const crypto = await cheapCrypto();
    const codes = new Map<string, number>();
    for (let at = 0; at < sound.length; at++) {
      const bytes = sound.slice();
      bytes[at] = (bytes[at] as number) ^ (1 << (at % 8));
      const code = await codeOf(openKdbx(crypto, bytes, { password: utf8(PASSWORD) }));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect([...codes.keys()].filter((code) => !KNOWN.includes(code))).toEqual([]);
    // Of KDBX 4 only the authentication of the header looks like another key; all else is damage.
    if (version === "4") expect(codes.get("auth")).toBe(32);
  });

  test("no shorter file is taken for a whole one, and no longer one", async () => {
    const crypto = await cheapCrypto();
    for (let length = 0; length < sound.length; length += STEP) {
      const cut = openKdbx(crypto, sound.subarray(0, length), { password: utf8(PASSWORD) });
      expect(KNOWN).toContain(await codeOf(cut));
    }
    expect(KNOWN).toContain(await open(new Uint8Array([...sound, 0])));
  });
});

/** A flipped byte may ask for many rounds within the bounds; here that ends the same way sooner. */
async function cheapCrypto(): ReturnType<typeof kdbxCrypto> {
  const crypto = await kdbxCrypto(nativeBackend, globalThis.crypto.subtle);
  return { ...crypto, aesKdf: (key, seed, rounds) => crypto.aesKdf(key, seed, Math.min(rounds, 9)) };
}

describe("a cost outside of the bounds is refused before anything is computed", () => {
  const refuse = (): never => {
    throw new Error("computed");
  };
  const noKdf: CryptoBackend = { ...nativeBackend, argon2d: refuse, argon2id: refuse };
  const refused = async (bytes: Uint8Array): Promise<string> => {
    const crypto = { ...(await kdbxCrypto(noKdf, globalThis.crypto.subtle)), aesKdf: refuse };
    return await codeOf(openKdbx(crypto, bytes, { password: utf8(PASSWORD) }));
  };

  test.each([
    ["4 TiB of memory", argon2Items(ARGON2D, 2n ** 42n, 1n, 1)],
    ["more memory than a number holds", argon2Items(ARGON2D, 2n ** 64n - 1n, 1n, 1)],
    ["no memory", argon2Items(ARGON2D, 0n, 1n, 1)],
    ["less than 8 KiB for a lane", argon2Items(ARGON2D, 64n * 1024n, 1n, 9)],
    ["no lane", argon2Items(ARGON2D, 65_536n * 1024n, 1n, 0)],
    ["2^32-1 lanes", argon2Items(ARGON2D, 2n ** 30n, 1n, 2 ** 32 - 1)],
    ["no pass", argon2Items(ARGON2D, 2n ** 26n, 0n, 1)],
    ["2^64-1 passes", argon2Items(ARGON2D, 2n ** 26n, 2n ** 64n - 1n, 1)],
    ["33 passes over 1 GiB", argon2Items(ARGON2D, 2n ** 30n, 33n, 1)],
    ["2^64-1 rounds of AES", aesItems(2n ** 64n - 1n)],
    ["no round of AES", aesItems(0n)],
  ])("%s", async (_, kdf) => {
    expect(await refused(buildKdbx4({ content: CONTENT, kdf }))).toBe("kdf-out-of-bounds");
  });

  test("2^64-1 rounds of KDBX 3.1", async () => {
    expect(await refused(buildKdbx3({ content: CONTENT, rounds: 2n ** 64n - 1n }))).toBe("kdf-out-of-bounds");
  });
});

test("what pm does not read it names", async () => {
  expect(await open(buildKdbx4({ content: CONTENT, cipher: "twofish" }))).toBe("unsupported-feature");
  expect(await open(buildKdbx4({ content: CONTENT, version: 0x0005_0000 }))).toBe("unsupported-version");
  expect(await open(buildKdbx3({ content: CONTENT, version: 0x0002_0000 }))).toBe("unsupported-version");
  expect(await open(buildKdbx4({ content: CONTENT, compression: 2 }))).toBe("unsupported-feature");
  expect(await open(buildKdbx4({ content: CONTENT, streamId: 1 }))).toBe("unsupported-feature");
  const unknownKdf = argon2Items("00".repeat(16), 2n ** 26n, 1n, 1);
  expect(await open(buildKdbx4({ content: CONTENT, kdf: unknownKdf }))).toBe("unsupported-feature");
  const keepass1 = Buffer.concat([u32(0x9aa2d903), u32(0xb54bfb65), Buffer.alloc(200)]);
  await expect(importKdbx(keepass1, PASSWORD)).rejects.toThrow("the format of KeePass 1 (.kdb)");
});

test("a gzip bomb ends at the limit, wherever it stands", async () => {
  const bomb = gzipSync(Buffer.alloc(16_777_216, 0x20));
  const budget = { left: 1_048_576 };
  expect(await codeOf(gunzipWhole(bomb, budget))).toBe("limit");
  // No more than one piece beyond it was unpacked.
  expect(budget.left).toBeGreaterThan(-1_048_576);
  const file = `<Binaries><Binary ID="0" Compressed="True">${bomb.toString("base64")}</Binary></Binaries>`;
  const context = { unmask: undefined, pool: [], budget: { left: 1_048_576 } };
  expect(await codeOf(readDocument(onePart(utf8(document("", file))), context))).toBe("limit");
});

async function* onePart(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}

test("gzip that is damaged, cut or followed by something is refused", async () => {
  const packed = gzipSync(CONTENT);
  const damages = [
    packed.subarray(0, -9),
    Buffer.concat([packed, packed.subarray(0, 5)]),
    Buffer.from("no gzip"),
  ];
  for (const damage of damages)
    expect(await open(buildKdbx3({ content: "", packed: damage }))).toBe("corrupt");
});

describe("XML", () => {
  const laughs = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    "",
  );
  test.each([
    ["a billion laughs", `<!DOCTYPE k [<!ENTITY l0 "ha">${laughs}]><KeePassFile>&l10;</KeePassFile>`],
    [
      "an external entity",
      `<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><KeePassFile>&x;</KeePassFile>`,
    ],
    ["an external document type", `<!DOCTYPE k SYSTEM "http://127.0.0.1:1/x.dtd"><KeePassFile/>`],
    ["an entity that nobody declared", document(entryXml({ Title: "&x;" }))],
    ["a document that is cut off", CONTENT.slice(0, -5)],
    ["two documents", `${CONTENT}<KeePassFile/>`],
    ["another document", "<html/>"],
    ["no group", "<KeePassFile><Root/></KeePassFile>"],
    ["a value that nobody can unmask", CONTENT.replace("<Value>secret", '<Value Protected="True">c2VjcmV0')],
    ["a character that XML has not", document(entryXml({ Title: "\u0001" }))],
  ])("%s is damage", async (_, text) => {
    expect(await codeOf(importXml(text))).toBe("corrupt");
    expect(await open(buildKdbx4({ content: text, streamId: 3 }))).toBe("corrupt");
  });

  test("what is no UTF-8 is damage", async () => {
    const bytes = Buffer.concat([
      Buffer.from(CONTENT.slice(0, 60)),
      Buffer.of(0xff, 0xfe),
      Buffer.from(CONTENT.slice(60)),
    ]);
    expect(await codeOf(importXml(new Uint8Array(bytes)))).toBe("corrupt");
  });

  test("groups have no end of depth", async () => {
    const deep = document(`${"<Group>".repeat(300)}${"</Group>".repeat(300)}`);
    expect(await codeOf(importXml(deep))).toBe("limit");
  });

  test("an entry has no end of strings", async () => {
    expect(await codeOf(importXml(document(`<Entry>${"<String/>".repeat(262_145)}</Entry>`)))).toBe("limit");
  });

  test("an error quotes nothing", async () => {
    const secret = document(entryXml({ Title: "&hunter2;" }));
    await expect(importXml(secret)).rejects.not.toThrow(/hunter2/);
  });
});
