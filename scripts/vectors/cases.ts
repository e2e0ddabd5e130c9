// Vectors of whole files, and of files broken where no key is needed to break them.
import { formatKeyFile, formatRecoveryCode, formatToken } from "../../src/core/vault/credentials.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import type { Case, VectorCredentials } from "../../test/support/format-vectors.ts";
import { DECOMPOSED, FULL_WIDTH, NOT_TEXT, PASSWORD, SECRETS } from "./bases.ts";
import { toHex } from "../../src/core/bytes.ts";

export const KEY_FILE: VectorCredentials = { keyFile: formatKeyFile(nativeBackend, SECRETS.keyFile) };
const RECOVERY: VectorCredentials = { recovery: formatRecoveryCode(nativeBackend, SECRETS.recovery) };
const MACHINE: VectorCredentials = {
  machine: formatToken(nativeBackend, { id: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7), secret: SECRETS.machine }),
};
/** The bytes ff fe … ec; the checksum was computed apart from pm, which makes no such code yet. */
const SECRET_KEY: VectorCredentials = { secretKey: "PMS1-ZZZF-VZ7V-ZBWZ-HXZP-YQTF-7WQH-Y3QY-XVFC-SED5" }; // not-a-secret
const WRONG_KEY_FILE: VectorCredentials = {
  keyFile: formatKeyFile(nativeBackend, new Uint8Array(32).fill(7)),
};

type Change = Pick<Case, "patch" | "truncate" | "extend" | "fixChecksum">;

const all = (name: string, base: string, credentials: VectorCredentials, expect = "ok"): Case => ({
  name,
  base,
  credentials,
  read: "all",
  expect,
});

export const OPENED: readonly Case[] = [
  { ...all("the worked example, by password", "PMV1-001", { password: PASSWORD }), read: "body" },
  { ...all("the worked example, by token", "PMV1-001", { tokenSecret: "42".repeat(32) }), read: "body" },
  all("one of everything, by password", "PMV1-002", { password: PASSWORD }),
  all("one of everything, by key file", "PMV1-002", KEY_FILE),
  all("slot type 1: password", "PMV1-003", { password: PASSWORD }),
  all("slot type 2: key file", "PMV1-003", KEY_FILE),
  all("slot type 3: password and key file", "PMV1-003", { ...KEY_FILE, password: "with key file" }),
  all("slot type 4: recovery code", "PMV1-003", RECOVERY),
  all("slot type 4: recovery code, typed by hand", "PMV1-003", {
    recovery: `pmr1 ${(RECOVERY.recovery ?? "").slice(5).toLowerCase().replaceAll("0", "o").replaceAll("1", "l")}`,
  }),
  all("slot type 5: machine token", "PMV1-003", MACHINE),
  all("slot type 6: password and secret key", "PMV1-003", { ...SECRET_KEY, password: "with secret key" }),
  all("a wrong password beside the right key file", "PMV1-003", { ...KEY_FILE, password: "wrong" }),
  all("a decomposed password, as it was typed", "PMV1-004", { password: DECOMPOSED }),
  all("a decomposed password, typed composed", "PMV1-004", { password: DECOMPOSED.normalize("NFC") }),
  all("a full-width password", "PMV1-004", { password: FULL_WIDTH }),
  all("a password that is not UTF-8", "PMV1-004", { passwordHex: toHex(NOT_TEXT) }),
  all("an empty password", "PMV1-004", { password: "" }),
  all("a share, by machine token", "PMV1-005", MACHINE),
  all("a remote snapshot, by password and secret key", "PMV1-006", {
    ...SECRET_KEY,
    password: "with secret key",
  }),
  all("records over several chunks", "PMV1-007", KEY_FILE),
  all("a small vault", "PMV1-008", KEY_FILE),
  all("sixteen slots, by the first", "PMV1-009", RECOVERY),
  all("sixteen slots, by the last", "PMV1-009", KEY_FILE),
  all("a later minor version", "PMV1-010", KEY_FILE),
  all("what merges leave", "PMV1-011", KEY_FILE),
  all("use-only entries", "PMV1-012", KEY_FILE),
];

/** Of shares, and of a vault that remembers some. */
export const ATTACHED: readonly Case[] = [all("attachments", "PMV1-015", KEY_FILE)];

export const SHARES: readonly Case[] = [
  all("a share that ends, by its token", "PMV1-013", MACHINE),
  all("a share that ends, by a key file", "PMV1-013", KEY_FILE, "auth"),
  {
    ...all("a share that ends, as a vault", "PMV1-013", MACHINE, "auth"),
    patch: [[11, "01"]],
    fixChecksum: true,
  },
  all("a vault that remembers shares", "PMV1-014", KEY_FILE),
];

export const REFUSED: readonly Case[] = [
  all("a wrong password", "PMV1-003", { password: "correct horse battery stable" }, "auth"),
  all("a password for a vault without one", "PMV1-008", { password: PASSWORD }, "auth"),
  all("a wrong key file", "PMV1-003", WRONG_KEY_FILE, "auth"),
  all("the key file beside a wrong password of a slot of both", "PMV1-006", KEY_FILE, "auth"),
  all("the password alone for a slot of both", "PMV1-006", { password: "with secret key" }, "auth"),
  all("the secret key with a wrong password", "PMV1-006", { ...SECRET_KEY, password: "wrong" }, "auth"),
  all("full-width is not ASCII", "PMV1-004", { password: FULL_WIDTH.normalize("NFKC") }, "auth"),
  all("a password is not trimmed", "PMV1-003", { password: `${PASSWORD} ` }, "auth"),
  all("no secret of a type that the vault has", "PMV1-009", { password: "x" }, "auth"),
];

/** A change of PMV1-008 with its checksum made good, as an attacker would. */
const forged = (name: string, expect: string, ...patch: [number, string][]): Case => ({
  ...all(name, "PMV1-008", KEY_FILE, expect),
  patch,
  fixChecksum: true,
});

const damaged = (name: string, expect: string, change: Change): Case => ({
  ...all(name, "PMV1-008", KEY_FILE, expect),
  ...change,
});

/** Slot 0 of PMV1-001 is a password slot; the KDF's numbers stand at 67 (p), 68 (m), 72 (t). */
const kdf = (name: string, ...patch: [number, string][]): Case => ({
  ...all(name, "PMV1-001", { password: PASSWORD }, "kdf-out-of-bounds"),
  patch,
  fixChecksum: true,
  read: "body",
});

const u64 = (value: number): string => value.toString(16).padStart(16, "0");
const BODY = 65_672;

export const HEADER: readonly Case[] = [
  damaged("an empty file", "truncated", { truncate: 0 }),
  damaged("one byte less than a header", "truncated", { truncate: 4095 }),
  damaged("one byte less than the smallest file", "truncated", { truncate: 4167 }),
  damaged("one byte less than the file", "truncated", { truncate: 4096 + BODY - 1 }),
  damaged("another magic", "not-a-vault", { patch: [[0, "88"]] }),
  damaged("a transfer in text mode", "not-a-vault", { patch: [[0, "89504d560a1a0a"]] }),
  damaged("a later major version", "unsupported-version", { patch: [[8, "02"]] }),
  damaged("major version 0", "unsupported-version", { patch: [[8, "00"]] }),
  damaged("a changed vault id", "header-checksum", { patch: [[16, "00"]] }),
  damaged("a changed checksum", "header-checksum", { patch: [[4095, "00"]] }),
  damaged("an unknown suite behind a wrong checksum", "header-checksum", { patch: [[10, "02"]] }),
  forged("suite 0", "unsupported-suite", [10, "00"]),
  forged("suite 2", "unsupported-suite", [10, "02"]),
  forged("kind 0", "unsupported-kind", [11, "00"]),
  forged("kind 4", "unsupported-kind", [11, "04"]),
  forged("the lowest feature bit", "unsupported-feature", [15, "01"]),
  forged("the highest feature bit", "unsupported-feature", [12, "80"]),
  forged("the first reserved byte", "reserved-not-zero", [41, "01"]),
  forged("the last reserved byte before the slots", "reserved-not-zero", [63, "80"]),
  forged("the first byte of an unused slot", "reserved-not-zero", [64 + 2 * 192, "01"]),
  forged("the last byte of the last slot", "reserved-not-zero", [3135, "01"]),
  forged("the first reserved byte behind the slots", "reserved-not-zero", [3136, "01"]),
  forged("the last reserved byte", "reserved-not-zero", [4063, "01"]),
  forged("no slots, but their bytes", "reserved-not-zero", [40, "00"]),
  forged("no slots", "slot-count", [40, "00"], [64, "00".repeat(2 * 192)]),
  forged("seventeen slots", "slot-count", [40, "11"]),
  forged("a slot of zeros", "slot-invalid", [40, "03"]),
  forged("slot type 0", "slot-invalid", [64, "00"]),
  forged("slot type 7", "slot-invalid", [64, "07"]),
  forged("a reserved flag", "slot-invalid", [65, "02"]),
  forged("a KDF where the type has none", "slot-invalid", [66, "01"]),
  forged("lanes without a KDF", "slot-invalid", [67, "01"]),
  forged("memory without a KDF", "slot-invalid", [71, "01"]),
  forged("passes without a KDF", "slot-invalid", [75, "01"]),
  forged("a KDF salt without a KDF", "slot-invalid", [127, "01"]),
  forged("the first reserved bytes of a slot", "slot-invalid", [76, "01"]),
  forged("the last reserved bytes of a slot", "slot-invalid", [255, "01"]),
  { ...kdf("no KDF where the type needs one", [66, "00"]), expect: "slot-invalid" },
  { ...kdf("KDF 2", [66, "02"]), expect: "slot-invalid" },
  kdf("19,455 KiB", [68, "00004bff"]),
  kdf("over 1 GiB", [68, "00100001"]),
  kdf("4 TiB", [68, "ffffffff"]),
  kdf("1 pass", [72, "00000001"]),
  kdf("65 passes", [72, "00000041"]),
  kdf("no lanes", [67, "00"]),
  kdf("17 lanes", [67, "11"]),
  kdf("9 passes over 1 GiB", [68, "0010000000000009"]),
  forged("a body of 71 bytes", "body-length", [32, u64(71)]),
  forged("a last chunk shorter than its tag", "body-length", [32, u64(BODY - 1)]),
  forged("a body larger than any file", "body-length", [32, u64(536_870_912 - 4095)]),
  forged("a body of 2^63 bytes", "body-length", [32, "8000000000000000"]),
  forged("a body one byte longer than the file", "truncated", [32, u64(BODY + 1)]),
  forged("a body of 72 bytes, and more behind it", "body-length", [32, u64(72)]),
  damaged("one byte more than the file", "body-length", { extend: "00" }),
  { ...forged("a remote snapshot over 64 MiB", "body-length", [11, "03"], [32, u64(67_105_000)]) },
  forged("a vault of 64 MiB, cut off", "truncated", [32, u64(67_105_000)]),
  forged("another vault's id", "auth", [16, "00".repeat(16)]),
  forged("a share", "auth", [11, "02"]),
  forged("the read-only hint set by another", "auth", [65, "01"]),
  forged("another slot id", "auth", [80, "00"]),
  forged("another wrap salt", "auth", [128, "00"]),
  forged("another commit", "auth", [160, "00"]),
  forged("another sealed key", "slot-corrupt", [192, "00"]),
  forged("another tag of the sealed key", "slot-corrupt", [239, "00"]),
  forged("another minor version", "body-commitment", [9, "07"]),
  forged("a change in a slot that is not tried", "body-commitment", [64 + 192 + 170, "00"]),
  damaged("another body salt", "body-commitment", { patch: [[4096, "00"]] }),
  damaged("another commitment", "body-commitment", { patch: [[4120, "00"]] }),
  damaged("a changed first chunk", "body-corrupt", { patch: [[4152, "00"]] }),
  damaged("a changed tag of the first chunk", "body-corrupt", { patch: [[4152 + 16_399, "00"]] }),
  damaged("a changed last chunk", "body-corrupt", { patch: [[4096 + BODY - 1, "00"]] }),
];
