/** The place that an export is to be written to: what must not be lost there is told before anything is done. */
import { dirname, resolve } from "node:path";
import { equalBytes } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { PmError } from "../core/errors.ts";
import { KIND, MAGIC } from "../core/vault/header.ts";
import { fs } from "./fs.ts";
import { ioError } from "./io-error.ts";
import { statePlace } from "./local-state.ts";
import { findRealPath } from "./real-path.ts";

export interface ExportPlace {
  readonly cwd: string;
  readonly overwrite: boolean;
  /** Whether what is written is a vault, and may replace one that nobody uses. */
  readonly isVault: boolean;
  /** 16 bytes: of the vault that is exported. */
  readonly vaultId: Uint8Array;
  readonly stateDir: string;
  readonly crypto: CryptoBackend;
}

/** Up to the end of the vault id. */
const HEAD_BYTES = 32;

/** @throws PmError "conflict" where the file is there and must not be replaced, "io" where none can be written */
export function requireExportPlace(file: string, place: ExportPlace): void {
  const path = resolve(place.cwd, file);
  try {
    fs.accessSync(dirname(path), fs.constants.W_OK);
    const facts = fs.lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return;
    if (!facts.isFile()) throw refusal(`"${file}" is not a plain file`);
    if (!place.overwrite) {
      throw new PmError("conflict", `the file "${file}" exists already`, { hint: "--overwrite replaces it" });
    }
    const head = readHead(path);
    if (head.length < HEAD_BYTES || !equalBytes(head.subarray(0, MAGIC.length), MAGIC)) return;
    if (head[11] === KIND.share) throw refusal(`"${file}" is a bundle`);
    requireUnused(file, { ...place, path, head });
  } catch (error) {
    throw ioError(error, `can't write ${file}`);
  }
}

/** What replaced a vault that pm has written to would be taken for a forgery of it. */
function requireUnused(
  file: string,
  { isVault, vaultId, crypto, stateDir, path, head }: ExportPlace & { path: string; head: Uint8Array },
): void {
  if (!isVault) throw refusal(`"${file}" is a vault`);
  if (equalBytes(head.subarray(16, HEAD_BYTES), vaultId)) {
    throw refusal(`"${file}" is the vault itself, or a copy of it`);
  }
  const { file: state } = statePlace(crypto, stateDir, findRealPath(path));
  if (fs.existsSync(state)) throw refusal(`"${file}" is a vault that was written to on this machine`);
}

function refusal(message: string): PmError {
  return new PmError("conflict", message, { hint: "name another file: -o FILE" });
}

function readHead(path: string): Uint8Array {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  try {
    const head = new Uint8Array(HEAD_BYTES);
    return head.subarray(0, fs.readSync(fd, head, 0, HEAD_BYTES, 0));
  } finally {
    fs.closeSync(fd);
  }
}
