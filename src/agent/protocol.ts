/** All that a client and the agent say to each other (docs/agent.md). Parsed in requests.ts. */
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/vault/json.ts";

/** Limits of an unlocked vault. Without them: {@link DEFAULT_IDLE_MS}, {@link MAX_LIFE_MS}, everything. */
export interface UnlockLimits {
  /** How long it stays unlocked at most. */
  readonly lifeMs?: number;
  /** How long it stays unlocked without being used. */
  readonly idleMs?: number;
  /** Patterns of names: nothing else is served. */
  readonly only?: readonly string[];
  /** How many entries are given out. */
  readonly reads?: number;
}

export const DEFAULT_IDLE_MS = 900_000;
export const MAX_LIFE_MS = 43_200_000;

export interface WireCredentials {
  readonly password?: Uint8Array;
  readonly keyFile?: Uint8Array;
  readonly recovery?: Uint8Array;
  readonly token?: Uint8Array;
}

/** What travels with each call of a session. */
export interface CallOptions {
  /** The command, for the operation log and the access log: "trash empty". */
  readonly command: string;
  readonly lockTimeoutMs: number;
  readonly breakLock: boolean;
}

/** When and whether to clear the clipboard; opaque but for its delay. */
export interface WireClearOrder {
  /** Base64. */
  readonly key: string;
  readonly fingerprint: string;
  readonly afterMs: number;
}

/** What a client asks for; a vault is an absolute path. */
export type Request =
  /** The first one, always. `nonce` is base64; `pid` is the client's, as it says. */
  | { readonly kind: "hello"; readonly protocol: number; readonly pid: number; readonly nonce: string }
  /** The agent forgets all keys and ends. */
  | { readonly kind: "quit" }
  /** The client's side of the mutual proof; nothing else is answered before it. Base64. */
  | { readonly kind: "proof"; readonly proof: string }
  | { readonly kind: "status" }
  /** Whether a vault is unlocked; does not extend its life. */
  | { readonly kind: "state"; readonly vault: string }
  /** Names that begin with `prefix`, of entries, or of the fields or attachments of one; does not extend the life either. */
  | {
      readonly kind: "complete";
      readonly vault: string;
      readonly prefix: string;
      readonly entry?: string;
      readonly attachments?: boolean;
    }
  /** The right to ask a person for the password of a vault. Answered when it is free, or no longer needed. */
  | { readonly kind: "claim"; readonly vault: string }
  /** Gives the right back; so does the end of the connection, and an unlock that succeeds. */
  | { readonly kind: "release"; readonly vault: string }
  | {
      readonly kind: "unlock";
      readonly vault: string;
      readonly credentials: WireCredentials;
      readonly limits: UnlockLimits;
    }
  /** One vault, or all of them. */
  | { readonly kind: "lock"; readonly vault?: string }
  /** A method of VaultSession. */
  | {
      readonly kind: "call";
      readonly vault: string;
      readonly method: string;
      /** Parsed by the method (calls.ts). */
      readonly args: readonly Json[];
      readonly options: CallOptions;
    }
  | {
      readonly kind: "clip";
      readonly order: WireClearOrder;
      /** What finds the display. */
      readonly env: Readonly<Record<string, string>>;
    };

export interface UnlockedVault {
  /** Symbolic links resolved. */
  readonly vault: string;
  /** Epoch milliseconds. */
  readonly unlockedAt: number;
  /** When it is locked where nothing uses it before; never after `endsAt`. */
  readonly locksAt: number;
  readonly endsAt: number;
  readonly idleMs: number;
  readonly only?: readonly string[];
  readonly readsLeft?: number;
}

export interface AgentStatus {
  readonly pid: number;
  readonly protocol: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly vaults: readonly UnlockedVault[];
  /** Clipboards still to be cleared. */
  readonly clips: number;
}

export type VaultState =
  | {
      readonly state: "unlocked";
      readonly vault: UnlockedVault;
      /** What is to be said of the file: permissions. */
      readonly warnings: readonly string[];
    }
  | { readonly state: "locked" };

/** What each kind of request is answered with, where it succeeds. */
export interface Results {
  readonly hello: {
    readonly protocol: number;
    readonly pid?: number;
    readonly nonce?: string;
    readonly proof?: string;
  };
  readonly quit: null;
  readonly proof: null;
  readonly status: AgentStatus;
  readonly state: VaultState;
  readonly complete: readonly string[];
  /** "yours": ask, then unlock or release. */
  readonly claim: { readonly claim: "yours" | "unlocked" };
  readonly release: null;
  readonly unlock: { readonly vault: UnlockedVault; readonly warnings: readonly string[] };
  readonly lock: { readonly locked: number };
  readonly call: { readonly value: unknown; readonly warnings: readonly string[] };
  readonly clip: null;
}

export type Kind = Request["kind"];
export type RequestOf<K extends Kind> = Extract<Request, { readonly kind: K }>;

/** A PmError on its way: `error` of an answer, where a success has `ok`. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: readonly string[];
  /** What was to be said before it failed. */
  readonly warnings?: readonly string[];
}
