/**
 * The JSON export of Bitwarden that a password protects. Bitwarden's whitepaper, "Password-based key derivation":
 * KDF, HKDF-Expand to two keys, AES-256-CBC then HMAC-SHA-256.
 */
import { equalBytes, fromBase64, fromUtf8, utf8, wipe } from "../bytes.ts";
import type { Argon2Params } from "../crypto/kdf.ts";
import { PmError } from "../errors.ts";
import { bitwardenEntries } from "./bitwarden-json.ts";
import { parseForeignJson } from "./foreign-json.ts";
import { type Members, membersOf } from "./foreign-value.ts";
import type { Imported } from "./imported.ts";
import type { ImportFile, ReaderHelp } from "./reader.ts";

type Subtle = ReaderHelp["subtle"];

/** The bounds of Bitwarden's own settings; the lowest that an export can have been made with. */
const PBKDF2_ITERATIONS = { min: 5000, max: 2_000_000 };
const ARGON2_PASSES = { min: 2, max: 10 };
const ARGON2_MEMORY_MIB = { min: 16, max: 1024 };
const ARGON2_LANES = { min: 1, max: 16 };

/** KdfType of Bitwarden. */
const [PBKDF2, ARGON2ID] = [0, 1];

interface Keys {
  readonly encryption: Uint8Array<ArrayBuffer>;
  readonly mac: Uint8Array<ArrayBuffer>;
}

export async function readBitwardenProtected(file: ImportFile, help: ReaderHelp): Promise<Imported> {
  const envelope = membersOf(file.json());
  const { encKeyValidation_DO_NOT_EDIT: proof, data } = envelope;
  const master = await deriveKey(envelope, help);
  const keys = await stretch(help.subtle, master);
  try {
    // Its text does not matter: that it opens shows that the password is right.
    if ((await decrypt(help.subtle, keys, proof)) === undefined) {
      throw new PmError("auth", `wrong password for ${file.name}`);
    }
    const text = fromUtf8((await decrypt(help.subtle, keys, data)) ?? Uint8Array.of(0xff));
    if (text === undefined) throw damaged("its data does not open with the key that its password opens");
    return bitwardenEntries(parseForeignJson(text));
  } finally {
    wipe(master, keys.encryption, keys.mac);
  }
}

function damaged(rule: string): PmError {
  return new PmError("usage", `the Bitwarden export is damaged: ${rule}`);
}

async function deriveKey(envelope: Members, help: ReaderHelp): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, kdfType } = envelope;
  const { password = new Uint8Array(0), subtle, crypto } = help;
  if (typeof salt !== "string") throw damaged("it has no salt");
  if (kdfType === PBKDF2) {
    const iterations = bounded(envelope["kdfIterations"], PBKDF2_ITERATIONS);
    const key = await subtle.importKey("raw", new Uint8Array(password), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(utf8(salt)), iterations };
    return new Uint8Array(await subtle.deriveBits(how, key, 256));
  }
  if (kdfType !== ARGON2ID) throw damaged("its key derivation is unknown");
  const params: Argon2Params = {
    memoryKiB: 1024 * bounded(envelope["kdfMemory"], ARGON2_MEMORY_MIB),
    passes: bounded(envelope["kdfIterations"], ARGON2_PASSES),
    lanes: bounded(envelope["kdfParallelism"], ARGON2_LANES),
  };
  // Bitwarden hashes the salt, which may be shorter than Argon2 takes.
  return new Uint8Array(await crypto.argon2id({ password, salt: crypto.sha256(utf8(salt)) }, params));
}

/** @throws PmError "limit": an export asks for what Bitwarden never would, and nothing was computed yet */
function bounded(value: unknown, { min, max }: { readonly min: number; readonly max: number }): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new PmError("limit", "the Bitwarden export asks for a key derivation that Bitwarden does not offer");
}

async function stretch(subtle: Subtle, master: Uint8Array<ArrayBuffer>): Promise<Keys> {
  return { encryption: await expand(subtle, master, "enc"), mac: await expand(subtle, master, "mac") };
}

/** HKDF-Expand of RFC 5869 to one block; the extraction that WebCrypto would do first is left out there. */
async function expand(subtle: Subtle, master: Uint8Array<ArrayBuffer>, info: string): Promise<Keys["mac"]> {
  return await hmac(subtle, master, new Uint8Array([...utf8(info), 1]));
}

async function hmac(
  subtle: Subtle,
  key: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const mac = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", mac, message));
}

/** Of "2.iv|ciphertext|mac" in base64, authenticated first; undefined where it does not verify. */
async function decrypt(subtle: Subtle, keys: Keys, sealed: unknown): Promise<Uint8Array | undefined> {
  const [type, iv, ciphertext, mac] = parseSealed(sealed);
  if (type !== "2") throw damaged("it is encrypted in an unknown way");
  const message = new Uint8Array(iv.length + ciphertext.length);
  message.set(iv);
  message.set(ciphertext, iv.length);
  if (!equalBytes(await hmac(subtle, keys.mac, message), mac)) return undefined;
  const key = await subtle.importKey("raw", keys.encryption, "AES-CBC", false, ["decrypt"]);
  return new Uint8Array(await subtle.decrypt({ name: "AES-CBC", iv }, key, ciphertext));
}

type Bytes = Uint8Array<ArrayBuffer>;

function parseSealed(sealed: unknown): readonly [type: string, iv: Bytes, ciphertext: Bytes, mac: Bytes] {
  const [head = "", ...parts] = (typeof sealed === "string" ? sealed : "").split(".");
  const [iv, ciphertext, mac] = parts.join(".").split("|").map(fromBase64);
  if (iv?.length !== 16 || ciphertext === undefined || mac?.length !== 32) {
    throw damaged("what is encrypted in it is cut off");
  }
  return [head, new Uint8Array(iv), new Uint8Array(ciphertext), new Uint8Array(mac)];
}
