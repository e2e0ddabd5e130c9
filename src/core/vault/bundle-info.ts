/** Bundles as a session tells of them: plain data. */
import { PmError } from "../errors.ts";
import type { EditResult } from "./edit.ts";

/** Of an id, enough for people. */
export const SHOWN_ID_DIGITS = 8;

export interface BundleInfo {
  /** 32 hex digits: the vault id of its file. */
  readonly id: string;
  readonly label: string;
  /** Patterns for the names of its entries. */
  readonly only: readonly string[];
  /** Names of the fields that it has; null: all. */
  readonly fields: readonly string[] | null;
  /** Where it was written last, absolute. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly refreshed: number;
  /** When it ends; null: never. */
  readonly notAfter: number | null;
  /** SHA-256 of the file as it was sealed last, 64 hex digits. */
  readonly hash: string;
}

export interface BundleState extends BundleInfo {
  /** How many entries it would have now. */
  readonly entries: number;
  /** Whether it would have another content now. */
  readonly isStale: boolean;
}

export interface NewBundle extends Pick<BundleInfo, "label" | "only" | "fields" | "notAfter" | "path"> {
  /** The 32-byte secret of its machine token; it stays the caller's. */
  readonly secret: Uint8Array;
}

export interface SealedBundle extends Pick<EditResult, "durable"> {
  readonly bundle: BundleState;
  /** The whole file; undefined where there was no reason to seal it anew. */
  readonly file: Uint8Array | undefined;
}

export interface BundleRefresh {
  /** Another end than it has. */
  readonly notAfter?: number | null;
  /** Another place than it has. */
  readonly path?: string;
  /** SHA-256 of the file that is there; any other than the one sealed last makes it be sealed anew. */
  readonly hash?: string;
}

export interface RemovedBundle extends Pick<EditResult, "durable"> {
  readonly bundle: BundleInfo;
  /** Paths of the entries whose secrets stood in it at any time. */
  readonly exposed: readonly string[];
}

/** Two bundles of one file would overwrite each other. */
export function fileIsTaken({ id, label }: Pick<BundleInfo, "id" | "label">): PmError {
  const word = id.slice(0, SHOWN_ID_DIGITS);
  return new PmError("conflict", `the bundle "${label}" has this file`, {
    hint: `pm bundle refresh ${word}, or first: pm bundle rm ${word}`,
  });
}

/** What a session does with bundles. */
export interface BundleSession {
  /** The bundles that the vault remembers, by label. */
  bundles(): Promise<readonly BundleState[]>;
  /**
   * Seals a bundle and remembers it; its file is the caller's to write.
   * @throws PmError "not-found" where a pattern means no entry, or a field is in none; "conflict" where another
   * bundle has the path; "use-only"; "limit"
   */
  addBundle(bundle: NewBundle): Promise<SealedBundle>;
  /**
   * Seals a bundle with what the vault has now, under the same keys, where that is not what its file has.
   * @throws PmError "not-found" where it would be empty, or is not known; "conflict" where another bundle has the
   * path; "use-only"; "limit"
   */
  refreshBundle(id: string, wanted: BundleRefresh): Promise<SealedBundle>;
  /** Forgets a bundle. @throws PmError "not-found" */
  removeBundle(id: string): Promise<RemovedBundle>;
}
