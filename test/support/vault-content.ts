/** What a vault says to people, without what every save moves on: dots and times. */
import fs from "node:fs";
import type { CopySource, VaultSession } from "../../src/core/vault/session.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { tokenWrapSecret } from "../../src/core/vault/credentials.ts";
import { file, SECRET } from "./session-home.ts";
import { readBody } from "./vault-builder.ts";

/** Every entry, live or in the trash, with its history and its siblings. */
export async function contentOf(session: VaultSession): Promise<readonly unknown[]> {
  const rows = [...(await session.list({})), ...(await session.list({ trashed: true }))];
  const ids = rows.map(({ id }) => id).toSorted();
  const conflicts = await session.conflicts();
  return await Promise.all(
    ids.map(async (id) => {
      const { modified: _, written: _when, fields, history, ...entry } = await session.entry(id);
      return {
        ...entry,
        fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        history: history.map(({ field, value }) => ({ field, value })),
        siblings: conflicts
          .filter((conflict) => conflict.id === id)
          .map(({ key, values }) => ({ key, values: values.map(({ value }) => value) })),
      };
    }),
  );
}

/** The id of the only entry that a session shows at a path. */
export async function idAt(session: VaultSession, path: string): Promise<string> {
  const found = await session.resolve(path);
  if (found.kind !== "found") throw new Error(`${path} is ${found.kind}`);
  return found.row.id;
}

/** The copy of this name in the folder of the test. */
export function copyAt(name: string): CopySource {
  return { path: file(name) };
}

/** The whole plaintext of a vault of the folder, as text. */
export async function plaintextOf(name: string): Promise<string> {
  const bytes = new Uint8Array(fs.readFileSync(file(name)));
  const secrets = { token: tokenWrapSecret(nativeBackend, SECRET) };
  // Not all of it is text.
  return new TextDecoder().decode(await readBody(nativeBackend, bytes, secrets));
}

/** The bytes of the vault and of its backup, to see that nothing was written. */
export function filesOf(name = "vault.pm"): readonly string[] {
  return [name, `${name}.bak`].map((each) =>
    fs.existsSync(file(each)) ? fs.readFileSync(file(each), "base64") : "",
  );
}
