/** What a check of `pm doctor` says: data, and no more than that. */
import type { CryptoBackend } from "../../core/crypto/backend.ts";
import type { Argon2Params } from "../../core/crypto/kdf.ts";
import type { PmError } from "../../core/errors.ts";
import { type Header, KIND } from "../../core/vault/header.ts";
import type { Paths } from "../paths.ts";

/** "problem": something is wrong. "advice": it works, and could be safer or easier. */
export type Level = "problem" | "advice";

export interface Finding {
  /** Stable: which check it was. */
  readonly id: string;
  readonly level: Level;
  /** One line. */
  readonly text: string;
  /** The words of a command that mends it, or that is the first step to it. */
  readonly fix: readonly string[];
  /** What `--fix` does by itself, where that is safe. */
  readonly repair?: Repair;
}

/** On exactly the file that was looked at, whatever has its name by then. */
export interface Repair {
  readonly kind: "chmod" | "remove";
  readonly path: string;
  readonly ino: number;
  readonly dev: number;
  /** Permission bits; only for "chmod". */
  readonly mode: number;
}

/** All that the checks look at; they read files and the environment, and change nothing. */
export interface Subject {
  readonly crypto: CryptoBackend;
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly vault: VaultSubject;
  readonly kdf: {
    /** What a new slot costs at least. */
    readonly floor: Argon2Params;
    /** What the user's setting asks for. */
    readonly wanted: Argon2Params | undefined;
  };
  readonly agent: AgentSubject;
  /** Where the user's shell looks for the completion. */
  readonly completion: { readonly shell: string; readonly path: string } | undefined;
  /** The words of PM_CLIP_COMMAND, where it is set and has some. */
  readonly clipCommand: readonly string[] | undefined;
  /** The words of $VISUAL or $EDITOR. */
  readonly editor: readonly string[] | undefined;
}

export type AgentSubject =
  /** There is no place for its socket. */
  | { readonly kind: "unreachable"; readonly text: string }
  | (AgentFiles &
      (
        | { readonly kind: "none" | "stranger" }
        | { readonly kind: "agent"; readonly protocol: number; readonly own: number }
      ));

interface AgentFiles {
  readonly directory: string;
  readonly socket: string;
  readonly token: string;
}

export interface VaultSubject {
  /** Absolute, as it was named. */
  readonly path: string;
  /** What keeps it from being used; the rest is then what could be found out before. */
  readonly error: PmError | undefined;
  readonly realPath: string | undefined;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly header: Header | undefined;
}

/** A file that is only read, and made anew where it is lost: it lies in a checkout, where others read it, too. */
export function isBundle({ header }: VaultSubject): boolean {
  return header?.kind === KIND.share;
}

export type Check = (subject: Subject) => readonly Finding[];
