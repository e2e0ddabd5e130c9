/** The ssh-key entries of a vault as an ssh-agent shows them. Each question goes to the vault anew. */
import { equalBytes, fromUtf8, toBase64, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import {
  failure,
  identitiesAnswer,
  type Identity,
  parseAgentRequest,
  signResponse,
} from "../core/ssh/agent-messages.ts";
import { parsePublicLine, requireServed } from "../core/ssh/openssh-key.ts";
import type { Entry } from "../core/vault/model.ts";
import type { NameFilter } from "../core/vault/name-glob.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { KeyText } from "../node/ssh/private-key.ts";
import { escapeControls } from "./escape.ts";
import { bytesOf } from "./values.ts";

export interface KeySource {
  /** Undefined where the vault is locked. */
  withVault<T>(work: (session: VaultSession) => Promise<T>): Promise<T | undefined>;
  readonly isMeant: NameFilter;
  /** Called once for each text. */
  warn(text: string): Promise<void>;
}

/** Answers the messages of all clients, one after the other; it never throws. */
export function createAnswers(source: KeySource): (message: Uint8Array) => Promise<Uint8Array> {
  /** By public key in base64: the entry that had it when the keys were last listed. */
  const known = new Map<string, string>();
  const warned = new Set<string>();
  const warn = async (text: string): Promise<void> => {
    if (!warned.has(text)) await source.warn(text);
    warned.add(text);
  };
  const answers: Answers = { ...source, warn, known };
  let last: Promise<unknown> = Promise.resolve();
  return (message) => {
    const answer = last.then(() => answerTo(answers, message));
    last = answer;
    return answer;
  };
}

interface Answers extends KeySource {
  readonly known: Map<string, string>;
}

async function answerTo(answers: Answers, message: Uint8Array): Promise<Uint8Array> {
  try {
    const request = parseAgentRequest(message);
    switch (request.kind) {
      case "identities":
        return identitiesAnswer(await list(answers));
      case "sign":
        return signResponse(await signature(answers, request));
      case "other":
        return failure();
    }
  } catch (error) {
    const isExpected = error instanceof PmError && error.code === "locked";
    if (!isExpected) await answers.warn(error instanceof PmError ? error.message : "a request failed");
    return failure();
  }
}

async function list(answers: Answers): Promise<readonly Identity[]> {
  const identities = await answers.withVault((session) => identitiesOf(answers, session));
  return identities ?? [];
}

async function identitiesOf(answers: Answers, session: VaultSession): Promise<readonly Identity[]> {
  const identities: Identity[] = [];
  answers.known.clear();
  for (const { id, path } of await session.list({ type: "ssh-key" })) {
    if (!answers.isMeant(path)) continue;
    const blob = await named(answers, { path, not: "not served" }, async () =>
      publicKeyOf(await session.entry(id, "use")),
    );
    // Two entries with the same key are one.
    if (blob === undefined || answers.known.has(toBase64(blob))) continue;
    answers.known.set(toBase64(blob), id);
    identities.push({ blob, comment: escapeControls(path) });
  }
  return identities;
}

/** What `work` gives; undefined, and a warning that names the entry, where the key can't be used. */
async function named<T>(
  { warn }: Answers,
  what: { readonly path: string; readonly not: "not served" | "not used" },
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // Of the vault, not of the key: it is locked, say.
    if (!(error instanceof PmError) || !OF_A_KEY.includes(error.code)) throw error;
    await warn(`"${what.path}" is ${what.not}: ${error.message}`);
    return undefined;
  }
}

const OF_A_KEY: readonly string[] = ["auth", "corrupt", "unavailable"];

async function publicKeyOf(entry: Entry): Promise<Uint8Array> {
  requirePrivate(entry);
  const line = bytesOfField(entry, "public");
  const blob = line === undefined ? await ofPrivate(entry) : parsePublicLine(fromUtf8(line) ?? "");
  const { requireWhole } = await import("../node/ssh/public-key.ts");
  requireWhole(blob);
  return blob;
}

async function ofPrivate(entry: Entry): Promise<Uint8Array> {
  const { publicBlobOf } = await import("../node/ssh/private-key.ts");
  const blob = await withKeyText(entry, publicBlobOf);
  requireServed(blob);
  return blob;
}

function requirePrivate(entry: Entry): void {
  if (entry.fields.some(({ name }) => name === "private")) return;
  throw new PmError("unavailable", "it has no field private");
}

async function withKeyText<T>(entry: Entry, work: (key: KeyText) => Promise<T>): Promise<T> {
  const bytes = bytesOfField(entry, "private") ?? new Uint8Array(0);
  const passphrase = bytesOfField(entry, "passphrase");
  try {
    return await work({ bytes, passphrase });
  } finally {
    wipe(bytes, passphrase);
  }
}

function bytesOfField({ fields }: Entry, name: string): Uint8Array | undefined {
  const field = fields.find((known) => known.name === name);
  return field === undefined ? undefined : bytesOf(field);
}

interface SignRequest {
  readonly key: Uint8Array;
  readonly data: Uint8Array;
  readonly flags: number;
}

async function signature(answers: Answers, request: SignRequest): Promise<Uint8Array> {
  const signed = await answers.withVault(async (session) => {
    const wanted = toBase64(request.key);
    // Who signs without listing first has a public key in a file.
    if (!answers.known.has(wanted)) await identitiesOf(answers, session);
    const id = answers.known.get(wanted);
    if (id === undefined) throw new PmError("locked", "no entry has this key");
    const entry = await session.entry(id, "use");
    if (entry.trashed || entry.type !== "ssh-key" || !answers.isMeant(entry.path)) {
      throw new PmError("locked", "no entry has this key");
    }
    return await named(answers, { path: entry.path, not: "not used" }, () => signWithEntry(entry, request));
  });
  if (signed === undefined) throw new PmError("locked", "the key can't be had");
  return signed;
}

async function signWithEntry(entry: Entry, { key: blob, data, flags }: SignRequest): Promise<Uint8Array> {
  const [{ readPrivateKey, signWith }, { blobOf }] = await Promise.all([
    import("../node/ssh/private-key.ts"),
    import("../node/ssh/public-key.ts"),
  ]);
  const key = await withKeyText(entry, readPrivateKey);
  if (!equalBytes(blobOf(key), blob)) {
    throw new PmError("corrupt", "its public key is that of another private key");
  }
  return signWith(key, data, flags);
}
