/** The vectors of test/vectors/format as data; its README describes them. */
import { readdirSync, readFileSync } from "node:fs";
import { fromBase64, fromHex, utf8 } from "../../src/core/bytes.ts";
import type { CryptoBackend } from "../../src/core/crypto/backend.ts";
import {
  parseKeyFile,
  parseRecoveryCode,
  parseToken,
  tokenWrapSecret,
} from "../../src/core/vault/credentials.ts";
import type { Entry } from "../../src/core/vault/model.ts";
import type { SlotSecrets } from "../../src/core/vault/slot.ts";
import { fixChecksum, patched } from "./vault-builder.ts";

/** A whole file, and what every reader that opens it must find in it. */
export interface BaseVector {
  readonly id: string;
  readonly about: string;
  /** Base64, and the SHA-256 of the bytes. */
  readonly file: string;
  readonly sha256: string;
  readonly rootKey: string;
  /** JSON texts of the index and of the entry records, in the order of the index. */
  readonly index: string;
  readonly records: readonly string[];
  /** The entries as people see them; none where the index is not a complete one. */
  readonly entries: readonly unknown[];
}

/** An entry as the vectors have it: what came later stands there only where it says something. */
export function publishedEntry({ useOnly, attachments, ...entry }: Entry): unknown {
  return {
    ...entry,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(useOnly ? { useOnly } : {}),
  };
}

/** Secrets as people have them, but `passwordHex` and `tokenSecret`: bytes that are no text. */
export interface VectorCredentials {
  readonly password?: string;
  readonly passwordHex?: string;
  readonly keyFile?: string;
  readonly recovery?: string;
  readonly machine?: string;
  readonly tokenSecret?: string;
  readonly secretKey?: string;
}

/** A base with changes, in this order: patch, truncate, extend, checksum. */
export interface Case {
  readonly name: string;
  readonly base: string;
  readonly patch?: readonly (readonly [offset: number, hex: string])[];
  readonly truncate?: number;
  readonly extend?: string;
  readonly fixChecksum?: boolean;
  readonly credentials: VectorCredentials;
  /** How much is read: the body's plaintext only, or everything in it too. */
  readonly read: "body" | "all";
  /** "ok", or the code of docs/format.md section 8. */
  readonly expect: string;
}

export const VECTOR_FOLDER: URL = new URL("../vectors/format/", import.meta.url);

/** The bases by id. */
export function readBases(): ReadonlyMap<string, BaseVector & { readonly bytes: Uint8Array }> {
  const bases = fileNames("PMV1-").map((name) => readJson(name) as BaseVector);
  return new Map(
    bases.map((base) => [base.id, { ...base, bytes: fromBase64(base.file) ?? new Uint8Array(0) }]),
  );
}

/** The cases of all the other files. */
export function readCases(): readonly Case[] {
  return fileNames("").flatMap((name) => readJson(name) as Case[]);
}

/** Names of the bases, or of the others. */
function fileNames(kind: "PMV1-" | ""): readonly string[] {
  return readdirSync(VECTOR_FOLDER)
    .toSorted()
    .filter((name) => name.startsWith("PMV1-") === (kind !== ""));
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, VECTOR_FOLDER), "utf8"));
}

/** The bytes of a case's file. */
export function caseFile(base: Uint8Array, vector: Case): Uint8Array {
  let file = base;
  for (const [offset, hex] of vector.patch ?? []) file = patched(file, offset, bytesOf(hex));
  file = file.slice(0, vector.truncate);
  if (vector.extend !== undefined) file = Uint8Array.of(...file, ...bytesOf(vector.extend));
  return vector.fixChecksum === true ? fixChecksum(file) : file;
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}

/** The secrets as they go into a slot. */
export function secretsOf(crypto: CryptoBackend, given: VectorCredentials): SlotSecrets {
  const { password, passwordHex, keyFile, recovery, machine, tokenSecret, secretKey } = given;
  return {
    ...(password === undefined ? {} : { password: utf8(password) }),
    ...(passwordHex === undefined ? {} : { password: bytesOf(passwordHex) }),
    ...(keyFile === undefined ? {} : { keyFile: parseKeyFile(crypto, utf8(keyFile)) }),
    ...(recovery === undefined ? {} : { recovery: parseRecoveryCode(crypto, utf8(recovery)) }),
    ...(machine === undefined ? {} : { token: tokenWrapSecret(crypto, parseToken(crypto, machine).secret) }),
    ...(tokenSecret === undefined ? {} : { token: bytesOf(tokenSecret) }),
    ...(secretKey === undefined ? {} : { secretKey: crockfordBytes(secretKey) }),
  };
}

/** The payload of a `PMS1-` code. Nothing in pm reads one yet, so its checksum is not looked at. */
function crockfordBytes(code: string): Uint8Array {
  const digits = Array.from(code.replaceAll("-", "").slice(4, 36));
  const number = digits.reduce(
    (sum, digit) => sum * 32n + BigInt("0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(digit)),
    0n,
  );
  return bytesOf(number.toString(16).padStart(40, "0"));
}
