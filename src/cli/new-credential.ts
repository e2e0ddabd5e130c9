/** What a credential helper writes: a new entry in its own folder, or another password in one of those. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Edit } from "../core/vault/edit.ts";
import type { Field } from "../core/vault/model.ts";
import { parsePath } from "../core/vault/names.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Place } from "./credential-place.ts";
import type { Candidate } from "./credential-search.ts";
import { fieldOf } from "./values.ts";

export interface NewCredential {
  /** The helper's own. */
  readonly folder: string;
  readonly place: Place;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Entries for the same address and user, with another password. */
  readonly replaces: readonly Pick<Candidate, "id">[];
}

/** @throws PmError "usage" or "limit" where an entry can't hold it */
export async function newCredential(session: VaultSession, credential: NewCredential): Promise<Edit[]> {
  const { url, username, password, replaces } = credential;
  const secret = textField("password", password, true);
  if (replaces.length > 0) {
    return replaces.map(({ id }) => ({
      kind: "update",
      id,
      set: [secret],
      unset: [],
      addTags: [],
      removeTags: [],
      meta: {},
    }));
  }
  const fields = [textField("username", username, false), secret, textField("url", url, false)];
  const path = await freePath(session, credential);
  return [{ kind: "create", path, type: "login", fields, tags: [], meta: {}, existing: "refuse" }];
}

function textField(name: string, text: string, concealed: boolean): Field {
  const bytes = utf8(text);
  try {
    return fieldOf(name, bytes, concealed);
  } finally {
    wipe(bytes);
  }
}

/** "git/host/path", with the user in front of the host where that name is another user's. */
async function freePath(
  session: VaultSession,
  { folder, place, username }: Pick<NewCredential, "folder" | "place" | "username">,
): Promise<string> {
  const rows = await session.list({ prefix: folder });
  const taken = new Set(rows.map(({ path }) => path));
  const { host: name, port, path: segments } = place;
  // As a person would write it, and another one for http.
  const [host = "", ...path] = [
    port === undefined || port === 443 ? name : `${name}:${port}`,
    ...segments,
  ].map(nameSegment);
  const withUser = `${nameSegment(username)}@${host}`;
  const paths = [host, withUser].map((first) => parsePath([folder, first, ...path].join("/")));
  const free = paths.find((candidate) => !taken.has(candidate));
  if (free !== undefined) return free;
  throw new PmError("conflict", `"${paths[0]}" and "${paths[1]}" are other credentials`, {
    hint: "give one of them another name with pm mv",
  });
}

/** What can't stand in a part of a name is written as in an address. */
function nameSegment(text: string): string {
  return text.replace(/[/%\p{Cc}\u2028\u2029]/gu, (character) => encodeURIComponent(character));
}
