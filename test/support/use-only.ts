/** Vaults with use-only entries and keys of all kinds, made once for all tests of a file: passwords cost. */
import fs from "node:fs";
import { utf8 } from "../../src/core/bytes.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { Field } from "../../src/core/vault/model.ts";
import type { NewBundle } from "../../src/core/vault/bundle-info.ts";
import type { NewSlot, VaultSession } from "../../src/core/vault/session.ts";
import { createVault } from "../../src/node/create-vault.ts";
import { openVault } from "../../src/node/local-session.ts";
import type { OpenOptions } from "../../src/node/vault-store.ts";
import { field } from "./draft-builder.ts";
import { file, SECRET, store } from "./session-home.ts";

export const CANARY: string = "canary-5f2a";
export const PASSWORD: string = "correct horse";
export const SECRETS: Readonly<Record<"beside" | "keyfile" | "recovery", Uint8Array>> = {
  beside: new Uint8Array(32).fill(2),
  keyfile: new Uint8Array(32).fill(3),
  recovery: new Uint8Array(20).fill(4),
};
export const password = (): Uint8Array => utf8(PASSWORD);
export const secret = (text: string): Field => field("password", text, true);

export function slots(): readonly NewSlot[] {
  const parts = { password: password(), profile: "constrained", label: "" } as const;
  return [
    { type: "password", ...parts },
    { type: "password-keyfile", ...parts, password: utf8("both"), secret: SECRETS.beside },
    { type: "machine", secret: SECRET, label: "ci" },
    { type: "keyfile", secret: SECRETS.keyfile, label: "" },
    { type: "recovery", secret: SECRETS.recovery, label: "" },
  ];
}

export async function create(keys: readonly NewSlot[] = slots()): Promise<void> {
  using _session = await createVault({ ...store(), slots: keys });
}

export async function byPassword(options: Partial<OpenOptions> = {}): Promise<VaultSession> {
  return await openVault({ ...store(), credentials: { password: password() }, ...options });
}

/** Another device, which has its own state. */
export async function elsewhere(edits: readonly Edit[]): Promise<void> {
  using session = await byPassword(store("other.pm", "other"));
  await session.edit(edits);
}

const made = new Map<string, { readonly files: ReadonlyMap<string, Uint8Array>; readonly value: unknown }>();

/** What `build` leaves in the folder of the test, and returns: built once, since passwords cost. */
export async function once<T>(build: () => Promise<T>): Promise<T> {
  const known = made.get(build.name);
  if (known !== undefined) {
    for (const [name, bytes] of known.files) fs.writeFileSync(file(name), bytes);
    return known.value as T;
  }
  const value = await build();
  const names = fs.readdirSync(file(".")).filter((name) => name.endsWith(".pm"));
  const files = new Map(names.map((name) => [name, new Uint8Array(fs.readFileSync(file(name)))]));
  made.set(build.name, { files, value });
  return value;
}

export const BUNDLE: NewBundle = {
  label: "b",
  only: ["**"],
  fields: null,
  notAfter: null,
  path: "/b",
  secret: SECRET,
};
