/** A folder with a vault of one machine key, used by sessions in this process. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import { KDF_PROFILES } from "../../src/core/crypto/kdf.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { createVault } from "../../src/node/create-vault.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { openVault } from "../../src/node/local-session.ts";
import type { OpenOptions, StoreOptions } from "../../src/node/vault-store.ts";
import { CHEAP_KDF } from "./vault-builder.ts";

export const SECRET: Uint8Array = new Uint8Array(32).fill(7);

let home: string;
let clock: number;

/** What sessions warned of in the running test. */
export const warnings: string[] = [];

/** Gives every test of a file a folder of its own. */
export function useSessionHome(): void {
  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "pm-session-"));
    warnings.length = 0;
    clock = 1_767_225_600_000;
  });
  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });
}

export function homeDirectory(): string {
  return home;
}

export function file(name: string): string {
  return path.join(home, name);
}

export function store(name = "vault.pm", state = "state"): StoreOptions {
  return {
    path: file(name),
    stateDir: file(state),
    command: "test",
    crypto: nativeBackend,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    now: () => clock++,
    warn: (text) => warnings.push(text),
    lockTimeoutMs: 2000,
    breakLock: false,
    kdfProfiles: { ...KDF_PROFILES, constrained: CHEAP_KDF },
  };
}

export async function create(name?: string): Promise<void> {
  const slots = [{ type: "machine", secret: SECRET, label: "ci" } as const];
  using _session = await createVault({ ...store(name), slots });
}

export async function open(options: Partial<OpenOptions> = {}): Promise<VaultSession> {
  return await openVault({ ...store(), credentials: { token: SECRET.slice() }, ...options });
}

export function login(name: string, password = "p"): Edit {
  const fields = [{ name: "password", text: password, encoding: "utf8", concealed: true } as const];
  return { kind: "create", path: name, type: "login", fields, tags: [], meta: {}, existing: "refuse" };
}

export async function add(name: string, options: Partial<OpenOptions> = {}): Promise<void> {
  using session = await open(options);
  await session.edit([login(name)]);
}

export async function names(options: Partial<OpenOptions> = {}): Promise<readonly string[]> {
  using session = await open(options);
  return (await session.list({})).map((row) => row.path);
}

export async function codeOf(run: Promise<unknown>): Promise<ErrorCode | "ok"> {
  return await run.then(
    () => "ok" as const,
    (error: { code: ErrorCode }) => error.code,
  );
}
