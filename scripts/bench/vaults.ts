/** Vaults of many entries, made by the core directly: a thousand `pm add` would take minutes. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../../src/core/bytes.ts";
import { KDF_PROFILES } from "../../src/core/crypto/kdf.ts";
import { formatToken, newToken } from "../../src/core/vault/credentials.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { Field } from "../../src/core/vault/model.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { createVault } from "../../src/node/create-vault.ts";

const PASSWORD = "a benchmark needs no better password";

export interface Sample {
  readonly path: string;
  readonly username: string;
  readonly password: string;
  readonly url: string;
}

export interface BenchVault {
  readonly passwordFile: string;
  /** PM_KEY of a machine key slot. */
  readonly token: string;
  /** The name of an entry in the middle. */
  readonly entry: string;
  /** The environment in which pm works on it. */
  readonly env: Readonly<Record<string, string>>;
}

/** The same entries for every program that is measured. */
export function samples(count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    path: `folder ${Math.floor(i / 100)}/entry ${i}`,
    username: `user${i}@example.com`,
    password: randomBytes(15).toString("base64"),
    url: `https://site${i}.example.com/login`,
  }));
}

function random(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length));
}

export async function makeVault(home: string, entries: readonly Sample[]): Promise<BenchVault> {
  const token = newToken(random);
  mkdirSync(join(home, "data"), { recursive: true, mode: 0o700 });
  using session = await createVault({
    path: join(home, "data", "vault.pm"),
    stateDir: join(home, "state"),
    command: "init",
    crypto: nativeBackend,
    random,
    now: Date.now,
    warn: (text) => process.stderr.write(`${text}\n`),
    lockTimeoutMs: 1000,
    breakLock: false,
    kdfProfiles: KDF_PROFILES,
    slots: [
      { type: "password", password: utf8(PASSWORD), profile: "interactive", label: "password" },
      { type: "machine", secret: token.secret, label: "bench" },
    ],
  });
  await session.edit(entries.map(toEdit));
  const passwordFile = join(home, "password.txt");
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const text = formatToken(nativeBackend, token);
  const entry = entries[entries.length >> 1]?.path ?? "";
  return { passwordFile, token: text, entry, env: { PM_HOME: home, HOME: home } };
}

function field(name: string, text: string, concealed: boolean): Field {
  return { name, text, encoding: "utf8", concealed };
}

function toEdit({ path, username, password, url }: Sample): Edit {
  return {
    kind: "create",
    path,
    type: "login",
    fields: [field("username", username, false), field("password", password, true), field("url", url, false)],
    tags: [],
    meta: {},
    existing: "refuse",
  };
}
