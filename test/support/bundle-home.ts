/** A folder with a vault that bundles are made of, used by sessions in this process. */
import fs from "node:fs";
import { beforeEach } from "vitest";
import type { BundleRefresh, NewBundle, SealedBundle } from "../../src/core/vault/bundle-info.ts";
import { tokenWrapSecret } from "../../src/core/vault/credentials.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { Field } from "../../src/core/vault/model.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { create, file, login, open, useSessionHome } from "./session-home.ts";
import { readBody } from "./vault-builder.ts";
import { idAt } from "./vault-content.ts";

export const TOKEN: Uint8Array = new Uint8Array(32).fill(9);
export const NEVER: NewBundle = {
  label: "ci",
  only: ["ci/*"],
  fields: null,
  notAfter: null,
  path: "/somewhere/ci.pm",
  secret: TOKEN,
};

/** Text that must not be found in any bundle of `ci/*`. */
export const CANARIES: readonly string[] = [
  "private/bank",
  "canary-bank",
  "canary-old",
  "canary-tag",
  "canary-trash",
  "canary-url",
];

export function text(name: string, value: string, concealed = true): Field {
  return { name, text: value, encoding: "utf8", concealed };
}

export async function edit(...edits: readonly Edit[]): Promise<void> {
  using session = await open();
  await session.edit(edits);
}

export function update(id: string, change: Partial<Extract<Edit, { kind: "update" }>>): Edit {
  return { kind: "update", id, set: [], unset: [], addTags: [], removeTags: [], meta: {}, ...change };
}

/** Gives every test of a file a vault with entries for a bundle, and with others. */
export function useBundleHome(): void {
  useSessionHome();
  beforeEach(fill);
}

async function fill(): Promise<void> {
  await create();
  await edit(login("ci/deploy", "canary-old"), login("ci/npm", "npm secret"));
  await edit(login("private/bank", "canary-bank"), login("ci/gone", "canary-trash"));
  using session = await open();
  const [deploy, gone] = [await idAt(session, "ci/deploy"), await idAt(session, "ci/gone")];
  const set = [text("password", "deploy secret"), text("url", "https://canary-url.example", false)];
  const recipe = "canary-recipe";
  await session.edit([
    update(deploy, {
      set,
      addTags: ["canary-tag"],
      meta: { recipe, expires: "2031-01-02", favourite: true },
    }),
    { kind: "trash", id: gone },
  ]);
}

export async function makeBundle(
  wanted: Partial<NewBundle> = {},
  session?: VaultSession,
): Promise<SealedBundle> {
  using opened = session ?? (await open());
  const made = await opened.addBundle({ ...NEVER, ...wanted });
  fs.writeFileSync(file("ci.pm"), made.file ?? "");
  return made;
}

export async function refresh(id: string, wanted: BundleRefresh = {}): Promise<SealedBundle> {
  using session = await open();
  return await session.refreshBundle(id, wanted);
}

export async function openBundle(): Promise<VaultSession> {
  return await open({ path: file("ci.pm"), credentials: { token: TOKEN.slice() } });
}

export async function plaintext(): Promise<string> {
  const secrets = { token: tokenWrapSecret(nativeBackend, TOKEN) };
  const bytes = new Uint8Array(fs.readFileSync(file("ci.pm")));
  return new TextDecoder().decode(await readBody(nativeBackend, bytes, secrets));
}
