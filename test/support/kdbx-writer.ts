/** Entries of a vault as the writer of KDBX takes them, and files that it makes. */
import { utf8 } from "../../src/core/bytes.ts";
import { writeKdbx } from "../../src/core/export/kdbx.ts";
import type { KdbxSource } from "../../src/core/export/kdbx-source.ts";
import { kdbxCrypto } from "../../src/core/kdbx/crypto.ts";
import type { Field, FieldValue } from "../../src/core/vault/model.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { seededRandom } from "./random.ts";

export const WRITER_PASSWORD = "pässword";
/** Whole seconds, which is what KDBX keeps. */
export const CREATED = 1_700_000_000_000;

export function text(name: string, content: string, concealed = false): Field {
  return { name, text: content, encoding: "utf8", concealed };
}

export function value(old: string, concealed = false): FieldValue {
  return { text: old, encoding: "utf8", concealed };
}

export function source(path: string, given: Partial<KdbxSource> = {}): KdbxSource {
  return {
    id: Buffer.from(path.padEnd(16).slice(0, 16)).toString("hex"),
    path,
    type: "login",
    fields: [],
    tags: [],
    expires: undefined,
    favourite: false,
    trashed: false,
    created: CREATED,
    modified: CREATED,
    history: [],
    attachments: [],
    ...given,
  };
}

export interface Written {
  readonly bytes: Uint8Array;
  /** "path: what" of everything that the file does not say. */
  readonly losses: readonly string[];
}

export async function write(entries: readonly KdbxSource[]): Promise<Written> {
  const losses: string[] = [];
  const bytes = await writeKdbx(
    entries,
    { password: utf8(WRITER_PASSWORD) },
    {
      crypto: await kdbxCrypto(nativeBackend, crypto.subtle),
      random: seededRandom("kdbx"),
      now: CREATED,
      params: { memoryKiB: 64, passes: 1, lanes: 2 },
    },
    ({ what, path }) => losses.push(`${path}: ${what}`),
  );
  return { bytes, losses };
}
