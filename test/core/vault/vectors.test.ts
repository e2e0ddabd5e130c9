import { describe, expect, test } from "vitest";
import { fromUtf8, toHex } from "../../../src/core/bytes.ts";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { viewEntry } from "../../../src/core/vault/entry-view.ts";
import { bytesSource, openBody, readHeader } from "../../../src/core/vault/format.ts";
import { readWholeContent } from "../../../src/core/vault/layout.ts";
import { parseRecord } from "../../../src/core/vault/record.ts";
import { unwrapRootKey } from "../../../src/core/vault/slot.ts";
import { parseIndex } from "../../../src/core/vault/vault-index.ts";
import { verifyContent } from "../../../src/core/vault/verify.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import {
  type BaseVector,
  type Case,
  caseFile,
  publishedEntry,
  readBases,
  readCases,
  secretsOf,
} from "../../support/format-vectors.ts";
import { rememberingArgon2, sha256, verdictOf } from "../../support/vault-builder.ts";

const BASES = readBases();
const CASES = readCases();

function baseOf(vector: Case): BaseVector & { readonly bytes: Uint8Array } {
  const base = BASES.get(vector.base);
  if (base === undefined) throw new Error(`no base ${vector.base}`);
  return base;
}

/** Reads a case as far as it says, and holds what was read against its base. */
async function read(crypto: CryptoBackend, vector: Case): Promise<void> {
  const base = baseOf(vector);
  const source = bytesSource(caseFile(base.bytes, vector));
  const header = readHeader(crypto, source);
  const { rootKey } = await unwrapRootKey(crypto, header, secretsOf(crypto, vector.credentials));
  expect(toHex(rootKey.bytes)).toBe(base.rootKey);
  using body = openBody(crypto, source, { header, rootKey: rootKey.bytes });
  const content = readWholeContent(body);
  if (vector.read === "all") verifyContent(crypto, content);
  expect(fromUtf8(content.index)).toBe(base.index);
  if (vector.read === "body") return;
  const { rows } = parseIndex(content.index);
  const records = rows.map(([id, offset, length]) => ({ id, bytes: content.record({ offset, length }) }));
  expect(records.map(({ bytes }) => fromUtf8(bytes))).toEqual(base.records);
  const entries = records.map(({ id, bytes }) => publishedEntry(viewEntry(parseRecord(bytes, id))));
  expect(JSON.parse(JSON.stringify(entries))).toEqual(base.entries);
}

test.each([...BASES.values()])("$id is whole: $about", (base) => {
  expect(toHex(sha256(base.bytes))).toBe(base.sha256);
});

const native = rememberingArgon2(nativeBackend);
const noble = rememberingArgon2(nobleBackend);

describe.each([
  // In JavaScript Argon2id takes its time: what is refused anyway is refused by the native one's keys.
  { name: "noble", opening: noble, refusing: { ...noble, argon2id: native.argon2id } },
  { name: "native", opening: native, refusing: native },
])("format vectors, $name", ({ opening, refusing }) => {
  test.each(CASES)("$base $name: $expect", async (vector) => {
    const crypto = vector.expect === "ok" ? opening : refusing;
    expect(await verdictOf(() => read(crypto, vector))).toBe(vector.expect);
  });
});

describe("the vectors", () => {
  test("have names of their own", () => {
    const names = CASES.map(({ base, name }) => `${base} ${name}`);
    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  });

  test("hold every code of docs/format.md section 8", () => {
    const codes: readonly ErrorCode[] = [
      "truncated",
      "not-a-vault",
      "unsupported-version",
      "header-checksum",
      "unsupported-suite",
      "unsupported-kind",
      "unsupported-feature",
      "reserved-not-zero",
      "slot-count",
      "slot-invalid",
      "kdf-out-of-bounds",
      "body-length",
      "auth",
      "slot-corrupt",
      "body-commitment",
      "body-corrupt",
      "layout-invalid",
      "padding-not-zero",
      "index-invalid",
      "record-invalid",
    ];
    expect(new Set(CASES.map((vector) => vector.expect))).toEqual(new Set(["ok", ...codes]));
  });

  test("open a slot of each type, and a file of each kind", () => {
    const opened = CASES.filter((vector) => vector.expect === "ok").map((vector) => baseOf(vector).bytes);
    const types = opened.flatMap((file) =>
      Array.from({ length: file[40] ?? 0 }, (_, n) => file[64 + 192 * n]),
    );
    expect(new Set(types)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(new Set(opened.map((file) => file[11]))).toEqual(new Set([1, 2, 3]));
  });
});
