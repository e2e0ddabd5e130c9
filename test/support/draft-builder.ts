/** Drafts without files: entries come in by edits, or as records as they are. */
import { type EditContext, applyEdit } from "../../src/core/vault/apply.ts";
import { BodyReader, bodyLengthOf, sealBody } from "../../src/core/vault/cobblestone.ts";
import { VaultDraft } from "../../src/core/vault/draft.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import { viewEntry } from "../../src/core/vault/entry-view.ts";
import type { Json } from "../../src/core/vault/json.ts";
import { buildPlaintext, readWholeContent, type WholeContent } from "../../src/core/vault/layout.ts";
import type { Entry, Field } from "../../src/core/vault/model.ts";
import type { EntryRecord } from "../../src/core/vault/record.ts";
import { type Register, writeRegister } from "../../src/core/vault/register.ts";
import { encodeRoot, type RootRecord } from "../../src/core/vault/root.ts";
import { encodeIndex, type VaultIndex } from "../../src/core/vault/vault-index.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { seededRandom } from "./random.ts";

export const REPLICA = "6f1d2c3b4a596877";
export const OTHER_REPLICA = "a0b1c2d3e4f50617";
/** The clock of the first edit; each later one is a second later. */
export const NOW = 1_767_225_600_000;

export const EMPTY_ROOT: RootRecord = {
  rev: 1,
  parents: [],
  keyEpoch: 1,
  registers: new Map(),
  log: [],
  attachments: [],
  contents: [],
  keyHistory: [],
  unknown: {},
};

export const EMPTY_INDEX: Omit<VaultIndex, "root"> = {
  generation: 1,
  hlc: NOW,
  vector: { [REPLICA]: [[1, "AAEC"]] },
  rows: [],
  unknown: {},
};

/** The content that a reader finds behind a plaintext. */
export function contentFrom(plaintext: Uint8Array): WholeContent {
  const binding = { rootKey: new Uint8Array(32), headerHash: new Uint8Array(32) };
  const body = new Uint8Array(bodyLengthOf(plaintext.length));
  sealBody(nativeBackend, binding, { salt: new Uint8Array(24), plaintext, body });
  const read = (offset: number, length: number): Uint8Array => body.subarray(offset, offset + length);
  using reader = new BodyReader(nativeBackend, binding, { read, length: body.length });
  return readWholeContent(reader);
}

/** A draft of a vault without entries. */
export function emptyDraft(index: Partial<VaultIndex> = {}, root: Partial<RootRecord> = {}): VaultDraft {
  const record = encodeRoot({ ...EMPTY_ROOT, ...root });
  const extent = { offset: 0, length: record.length };
  return new VaultDraft(
    contentFrom(buildPlaintext(encodeIndex({ ...EMPTY_INDEX, root: extent, ...index }), [record])),
  );
}

/** The plaintext of the next version of a draft. */
export function buildNext(draft: VaultDraft, hlc: number = NOW): Uint8Array {
  const generation = draft.index.generation + 1;
  const { vector } = draft.index;
  const root = { ...draft.root, rev: generation };
  return draft.build({ root, log: draft.root.log, index: { generation, hlc, vector } });
}

/** A draft of the version that `draft` makes. */
export function reopened(draft: VaultDraft): VaultDraft {
  return new VaultDraft(contentFrom(buildNext(draft)));
}

export interface Editor {
  readonly draft: VaultDraft;
  /** Applies an edit as a save of its own, a second after the last. */
  apply(edit: Edit): string;
  entry(id: string): Entry;
  record(id: string): EntryRecord;
}

export function editor(draft: VaultDraft = emptyDraft()): Editor {
  const random = seededRandom("editor");
  let seq = 0;
  const record = (id: string): EntryRecord => {
    const found = draft.record(id);
    if (found === undefined) throw new Error(`no entry ${id}`);
    return found;
  };
  return {
    draft,
    record,
    entry: (id) => viewEntry(record(id)),
    apply: (edit) => applyEdit(draft, edit, contextOf(seq++, random)),
  };
}

function contextOf(seq: number, random: EditContext["random"]): EditContext {
  const now = NOW + seq * 1000;
  return { stamp: { replica: REPLICA, seq: seq + 1, hlc: now }, random, sha256: nativeBackend.sha256, now };
}

export function field(name: string, text: string, concealed = false): Field {
  return { name, text, encoding: "utf8", concealed };
}

type Create = Extract<Edit, { kind: "create" }>;
type Update = Extract<Edit, { kind: "update" }>;

/** An edit that creates a login; `rest` says what is otherwise. */
export function creation(path: string, rest: Partial<Create> = {}): Create {
  return { kind: "create", path, type: "login", fields: [], tags: [], meta: {}, existing: "refuse", ...rest };
}

/** An edit that changes nothing but what `rest` says. */
export function change(id: string, rest: Partial<Update> = {}): Update {
  return { kind: "update", id, set: [], unset: [], addTags: [], removeTags: [], meta: {}, ...rest };
}

/** A register with one value, written by save `seq`. */
export function once(value: Json, seq = 1): Register {
  return writeRegister(value, { replica: REPLICA, seq, hlc: NOW + seq });
}

/** A live record with these registers beside the ones that every record has. */
export function recordOf(
  id: string,
  path: string,
  registers: Readonly<Record<string, Register>> = {},
): EntryRecord {
  const known = { live: once(true), path: once(path), type: once("login"), ...registers };
  return { id, created: NOW, registers: new Map(Object.entries(known)), history: [], unknown: {} };
}

/** The id of 32 digits that ends in `n`. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, "0");
}

/** The facts of an entry that has some of each kind. */
export const FULL: Pick<Extract<Edit, { kind: "create" }>, "type" | "fields" | "tags" | "meta"> = {
  type: "login",
  fields: [field("username", "alice"), field("password", "one", true)],
  tags: ["dev", "été"],
  meta: { expires: "2027-01-31", favourite: true, recipe: "length=20" },
};
