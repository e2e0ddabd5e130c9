/** From what a credential helper is asked for to the entry that has it: never a guess between several. */
import type { Entry, Field } from "../core/vault/model.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { fit, type PathRule, type Place, placeOfAddress } from "./credential-place.ts";

/** An entry that could be meant. */
export interface Candidate {
  readonly id: string;
  readonly path: string;
  /** Undefined where the entry has none. */
  readonly username: string | undefined;
  readonly password: string;
  /** How well its address fits. */
  readonly fit: number;
  /** Whether it stands in the helper's own folder: the helper changes and removes no others. */
  readonly isOwn: boolean;
}

export interface Search {
  readonly place: Place;
  /** Only credentials of this user. */
  readonly username?: string | undefined;
  readonly paths: PathRule;
  /** The helper's own folder. */
  readonly folder: string;
}

/** The live entries with a password whose address fits. */
export async function findCandidates(session: VaultSession, search: Search): Promise<readonly Candidate[]> {
  const rows = (await session.list({})).filter(
    // A user name that is a secret does not stand in the row.
    ({ hosts, username }) =>
      hosts.includes(search.place.host) &&
      (search.username === undefined || username === "" || username === search.username),
  );
  const candidates: Candidate[] = [];
  for (const { id } of rows) {
    const candidate = candidateOf(await session.entry(id, "use"), search);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return candidates;
}

function candidateOf(entry: Entry, { place, username, paths, folder }: Search): Candidate | undefined {
  const fits = entry.fields.flatMap((field) => {
    const known = /^url\d*$/.test(field.name) && !field.concealed ? placeOfAddress(field.text) : undefined;
    return (known === undefined ? undefined : fit(known, place, paths)) ?? [];
  });
  const password = textOf(entry, "password");
  const user = textOf(entry, "username");
  if (fits.length === 0 || password === undefined) return undefined;
  if (username !== undefined && username !== user) return undefined;
  const isOwn = isBelow(entry.path, folder);
  return { id: entry.id, path: entry.path, username: user, password, fit: Math.max(...fits), isOwn };
}

/** Whether a path is in a folder. */
function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** The field of this name, where it is text. */
export function textOf({ fields }: Entry, name: string): string | undefined {
  const field = fields.find((known: Field) => known.name === name);
  return field?.encoding === "utf8" ? field.text : undefined;
}

/**
 * The best ones: those whose address fits best, and of these those in the helper's own folder. Several
 * that say the same are one.
 */
export function best(candidates: readonly Candidate[]): readonly Candidate[] {
  const top = Math.max(...candidates.map((candidate) => candidate.fit));
  const fitting = candidates.filter((candidate) => candidate.fit === top);
  const own = fitting.filter(({ isOwn }) => isOwn);
  const chosen = own.length > 0 ? own : fitting;
  const [first] = chosen;
  const isSame = chosen.every(
    ({ username, password }) => username === first?.username && password === first?.password,
  );
  return isSame ? chosen.slice(0, 1) : chosen;
}
