/**
 * What this machine remembers of a vault, outside of it: which vault stands at a path, the replica id it
 * writes under, and its newest save. A vault that knows less has been rolled back. Bound to the real path
 * and the machine, so that a copy never writes under the same id.
 */
import path from "node:path";
import { concat, equalBytes, fromHex, fromUtf8, toHex, utf8, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { hkdfExpand, LABEL } from "../core/crypto/keys.ts";
import { PmError } from "../core/errors.ts";
import type { KeyChange } from "../core/vault/root.ts";
import { newestSeq, type VersionVector } from "../core/vault/version-vector.ts";
import { fs } from "./fs.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { machineId } from "./machine.ts";
import { createPrivateDirectory } from "./paths.ts";

export interface LocalState {
  /** 32 hex digits: the id of the vault that stood here. */
  readonly vault: string;
  /** 16 hex digits. */
  readonly replica: string;
  /** This replica's newest save as it was acknowledged, and the tag it left. */
  readonly seq: number;
  readonly tag: string;
}

/** The state file of one vault path on one machine. */
export interface StatePlace {
  readonly file: string;
  /** 64 hex digits: the path and the machine. */
  readonly place: string;
}

/** The state of one vault, and the key that authenticates it; the caller wipes that. */
export interface StateAccess {
  readonly place: StatePlace;
  readonly key: Uint8Array;
  /** 32 hex digits: the id of the root key that `key` follows from. */
  readonly keyId: string;
}

const MAX_STATE_BYTES = 4096;
const MAC_BYTES = 32;

/** Where the state of the vault at this real path stands. */
export function statePlace(crypto: CryptoBackend, stateDir: string, realPath: string): StatePlace {
  const place = toHex(crypto.sha256(concat(utf8(realPath), Uint8Array.of(0), utf8(machineId()))));
  return { place, file: path.join(stateDir, `vault-${place.slice(0, 32)}.json`) };
}

/** The key of a vault that authenticates its state; the caller wipes it. */
export function stateKey(crypto: CryptoBackend, rootKey: Uint8Array): Uint8Array {
  return hkdfExpand(crypto, rootKey, LABEL.stateMac, MAC_BYTES);
}

/**
 * Before there is a key to check the state with: whether it names the vault that is there.
 * @throws PmError "corrupt" where another vault was put in the place of the known one
 */
export function requireKnownVault({ file }: StatePlace, vaultId: Uint8Array): void {
  const [text] = readLines(file) ?? [];
  const vault = text === undefined ? undefined : /"vault":"([0-9a-f]{32})"/.exec(text)?.[1];
  if (vault === undefined || vault === toHex(vaultId)) return;
  throw new PmError("corrupt", "this is another vault than the one that this machine knows here", {
    hint: "if you put it there yourself: pm restore --accept-rollback",
  });
}

/**
 * The state, or undefined where there is none; `warn` is told of one that can't be trusted.
 * @throws PmError "rollback" where it was written under a later root key than the vault's
 */
export async function readLocalState(
  crypto: CryptoBackend,
  { place, key, keyId }: StateAccess,
  { warn, keyHistory }: { warn: (text: string) => void; keyHistory: () => Promise<readonly KeyChange[]> },
): Promise<LocalState | undefined> {
  const lines = readLines(place.file);
  if (lines === undefined) return undefined;
  const [text, mac, end] = lines;
  const isWhole = text !== undefined && mac !== undefined && end === "" && lines.length === 3;
  if (isWhole && equalBytes(macOf(crypto, key, text), fromHex(mac) ?? new Uint8Array(0))) {
    // Written by pm itself with a key of this vault: the shape needs no second check.
    return JSON.parse(text) as LocalState;
  }
  const known = text === undefined ? undefined : /"key":"([0-9a-f]{32})"/.exec(text)?.[1];
  if (known === undefined || known === keyId) {
    warn(`the local state ${place.file} is damaged; a rollback before now would go unseen`);
  } else if (!(await keyHistory()).some((change) => change.keyId === known)) {
    throw rolledBack();
  }
  // The root key was renewed elsewhere since: what is there can't be checked any more.
  return undefined;
}

/** The lines of a state file: none where there is no file, an empty list where it is none of pm's. */
function readLines(file: string): readonly string[] | undefined {
  try {
    if (fs.statSync(file).size > MAX_STATE_BYTES) return [];
    return (fromUtf8(new Uint8Array(fs.readFileSync(file))) ?? "").split("\n");
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return undefined;
    throw ioError(error, `can't read ${file}`);
  }
}

/** Remembers a save after it is in place. One line of JSON, one with its MAC. */
export async function writeLocalState(
  crypto: CryptoBackend,
  { place, key, keyId }: StateAccess,
  { vault, replica, seq, tag }: LocalState,
): Promise<void> {
  const text = JSON.stringify({
    v: 1,
    place: place.place,
    minMajor: 1,
    key: keyId,
    vault,
    replica,
    seq,
    tag,
  });
  const directory = path.dirname(place.file);
  createPrivateDirectory(directory);
  const bytes = utf8(`${text}\n${toHex(macOf(crypto, key, text))}\n`);
  const { writeUserFile } = await import("./user-file.ts");
  await writeUserFile(place.file, bytes, { cwd: directory, overwrite: true });
}

function macOf(crypto: CryptoBackend, key: Uint8Array, text: string): Uint8Array {
  const mac = crypto.hmacSha512(key, utf8(text));
  const kept = mac.slice(0, MAC_BYTES);
  wipe(mac);
  return kept;
}

/** Whether the vault lacks a save that this machine made. */
export function isRolledBack(vector: VersionVector, state: LocalState | undefined): boolean {
  return state !== undefined && newestSeq(vector, state.replica) < state.seq;
}

export function rolledBack(): PmError {
  return new PmError("rollback", "the vault is older than what this machine last saved: it was rolled back", {
    hint: "if you put an older copy there yourself: pm restore --accept-rollback",
  });
}
