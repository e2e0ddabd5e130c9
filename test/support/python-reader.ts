/** The reader in test/python as a program. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Home } from "./home.ts";
import { partPath } from "./parts.ts";
import type { Finished } from "./process.ts";
import { runProgram } from "./shell.ts";

export const PYTHON_TESTS: string = fileURLToPath(new URL("../python", import.meta.url));

export interface Value {
  readonly text?: string;
  readonly base64?: string;
  readonly concealed: boolean;
}

/** What reader.py prints. */
export interface ReadEntry {
  readonly id: string;
  readonly path: string;
  readonly type: string;
  readonly trashed: boolean;
  readonly erased: boolean;
  readonly fields: Readonly<Record<string, Value>>;
  readonly attachments: Readonly<Record<string, readonly [size: number, sha256: string]>>;
  readonly tags: readonly string[];
  readonly expires: string | null;
  readonly favourite: boolean;
  readonly useOnly: boolean;
  readonly recipe: string | null;
  readonly concurrent: readonly string[];
  readonly history: readonly (Value & { readonly field: string })[];
}

export interface ReadOperation {
  readonly op: readonly [replica: string, seq: number, hlc: number];
  readonly by: string;
  readonly kind: string;
  readonly count: number;
  readonly entries: readonly string[];
}

export interface ReadVault {
  readonly keyEpoch: number;
  readonly keyId: string;
  readonly keyHistory: readonly (readonly [epoch: number, keyId: string, mac: string])[];
  readonly log: readonly ReadOperation[];
  readonly entries: readonly ReadEntry[];
  readonly slots: readonly { readonly type: number; readonly label: string; readonly opened: boolean }[];
}

export function python(args: readonly string[], cwd: string = PYTHON_TESTS): Promise<Finished> {
  return runProgram([partPath("python3"), ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", PYTHONDONTWRITEBYTECODE: "1" },
  });
}

export function readWith(home: Home, keyArgs: readonly string[]): Promise<Finished> {
  return python([join(PYTHON_TESTS, "reader.py"), home.vault, ...keyArgs], home.directory);
}

export async function readVault(home: Home, keyArgs: readonly string[]): Promise<ReadVault> {
  const { exit, stdout, stderr } = await readWith(home, keyArgs);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return JSON.parse(stdout.toString()) as ReadVault;
}
