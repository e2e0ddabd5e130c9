/**
 * What this machine remembers of a vault, outside of it: the replica id it writes under and its newest
 * save. A vault that knows less has been rolled back. Bound to the vault's real path and the machine,
 * so that a copy never writes under the same id.
 */
import fs from "node:fs";
import path from "node:path";
import { concat, equalBytes, fromHex, fromUtf8, toHex, utf8, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { hkdfExpand, LABEL } from "../core/crypto/keys.ts";
import { PmError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { newReplica } from "../core/vault/revision.ts";
import { newestSeq, tagAt, type VersionVector } from "../core/vault/version-vector.ts";
import { machineId } from "./machine.ts";
import { writeUserFile } from "./user-file.ts";

export interface LocalState {
  /** 16 hex digits. */
  readonly replica: string;
  /** This replica's newest save as it was acknowledged, and the tag it left. */
  readonly seq: number;
  readonly tag: string;
}

export interface StatePlace {
  /** 64 hex digits: which vault, at which real path, on which machine. */
  readonly place: string;
  readonly file: string;
  /** Authenticates the state with a key of the vault. */
  readonly macKey: Uint8Array;
}

const MAX_STATE_BYTES = 4096;
const MAC_BYTES = 32;

/** Where the state of this vault stands, and the key that authenticates it. */
export function statePlace(
  crypto: CryptoBackend,
  vault: {
    readonly stateDir: string;
    readonly realPath: string;
    readonly vaultId: Uint8Array;
    readonly rootKey: Uint8Array;
  },
): StatePlace {
  const zero = Uint8Array.of(0);
  const place = toHex(
    crypto.sha256(concat(vault.vaultId, zero, utf8(vault.realPath), zero, utf8(machineId()))),
  );
  return {
    place,
    file: path.join(vault.stateDir, `replica-${place.slice(0, 32)}.json`),
    macKey: hkdfExpand(crypto, vault.rootKey, LABEL.stateMac, 32),
  };
}

/** The state, or undefined where there is none; `warn` is told of one that can't be trusted. */
export function readLocalState(
  crypto: CryptoBackend,
  place: StatePlace,
  warn: (text: string) => void,
): LocalState | undefined {
  const bytes = readSmallFile(place.file);
  if (bytes === undefined) return undefined;
  const state = parseState(crypto, place, bytes);
  if (state === undefined)
    warn(`the local state ${place.file} is damaged; a rollback before now would go unseen`);
  return state;
}

function readSmallFile(file: string): Uint8Array | undefined {
  try {
    if (fs.statSync(file).size > MAX_STATE_BYTES) return new Uint8Array(0);
    return new Uint8Array(fs.readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new PmError("io", `can't read ${file}`, { hint: "check its permissions", cause: error });
  }
}

function parseState(crypto: CryptoBackend, place: StatePlace, bytes: Uint8Array): LocalState | undefined {
  const lines = (fromUtf8(bytes) ?? "").split("\n");
  const [text, mac] = lines;
  if (lines.length !== 3 || text === undefined || mac === undefined) return undefined;
  if (!equalBytes(macOf(crypto, place, text), fromHex(mac) ?? new Uint8Array(0))) return undefined;
  // Written by pm itself with a key of this vault: the shape needs no second check.
  const { replica, seq, tag } = JSON.parse(text) as LocalState;
  return { replica, seq, tag };
}

/** Remembers a save after it is in place. One line of JSON, one with its MAC. */
export async function writeLocalState(
  crypto: CryptoBackend,
  place: StatePlace,
  state: LocalState,
): Promise<void> {
  const text = JSON.stringify({ v: 1, place: place.place, minMajor: 1, ...state });
  const directory = path.dirname(place.file);
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const bytes = utf8(`${text}\n${toHex(macOf(crypto, place, text))}\n`);
  await writeUserFile(place.file, bytes, { cwd: directory, overwrite: true });
}

function macOf(crypto: CryptoBackend, { macKey }: StatePlace, text: string): Uint8Array {
  const mac = crypto.hmacSha512(macKey, utf8(text));
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

/**
 * The id to write under: the remembered one where the vault holds its newest save unchanged, else a new
 * one, so that two histories never share dots.
 */
export function writingReplica(vector: VersionVector, state: LocalState | undefined, random: Random): string {
  const own = state !== undefined && tagAt(vector, state.replica, state.seq) === state.tag;
  return own ? state.replica : newReplica(random);
}
