/** `pm credential git`: get, store and erase on a vault. */
import { utf8 } from "../core/bytes.ts";
import { hasCode } from "../core/errors.ts";
import type { Edit } from "../core/vault/edit.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { formatGitAnswer, type GitRequest, MAX_REQUEST_BYTES, parseGitRequest } from "./credential-git.ts";
import { formatPlace, type Place } from "./credential-place.ts";
import { best, type Candidate, findCandidates } from "./credential-search.ts";
import type { Context } from "./context.ts";
import { newCredential } from "./new-credential.ts";
import { quietVault } from "./quiet-vault.ts";
import { reportDurability } from "./report.ts";

const FOLDER = "git";

/** A request that means some server. */
interface Asked extends GitRequest {
  readonly place: Place;
}

/** A credential as git stores and erases it. */
interface Credential extends Asked {
  readonly username: string;
  readonly password: string;
}

/** What git may ask for in later versions is none of its errors: an unknown action does nothing. */
export async function runGitHelper(ctx: Context, action: string): Promise<void> {
  if (!["get", "store", "erase"].includes(action)) return;
  const { place, ...request } = parseGitRequest(await ctx.input(MAX_REQUEST_BYTES));
  if (place === undefined) return;
  if (action === "get") {
    await get(ctx, { ...request, place });
    return;
  }
  const { username, password } = request;
  if (username === undefined || password === undefined || password === "") return;
  const credential = { place, username, password };
  await change(ctx, (session) => (action === "store" ? store : erase)(ctx, session, credential));
}

async function get(ctx: Context, asked: Asked): Promise<void> {
  // Git's own variable for "nobody is there to answer", with all of git's words for "no".
  const isQuiet = /^(?:0|no|off|false)?$/i.test(ctx.io.env["GIT_TERMINAL_PROMPT"] ?? "yes");
  using quiet = isQuiet ? await quietVault(ctx) : undefined;
  const session = isQuiet ? quiet : await ctx.vault();
  if (session === undefined) {
    await ctx.out.note("the vault is locked");
    return;
  }
  const found = await theOne(ctx, await search(session, asked), asked.place);
  if (found === undefined) return;
  const answer = formatGitAnswer(found.username, found.password);
  if (answer === undefined)
    await ctx.out.warn(`"${found.path}" has a line break, which git can't be told of`);
  // A pipe gets exactly these bytes; on a terminal they are made harmless.
  else await ctx.out.value(utf8(answer), true);
}

function search(session: VaultSession, { place, username }: Asked): Promise<readonly Candidate[]> {
  return findCandidates(session, { place, username, paths: "beginning", folder: FOLDER });
}

/** The best of them; where several are, none, and a warning that names them. */
async function theOne(
  ctx: Context,
  candidates: readonly Candidate[],
  place: Place,
): Promise<Candidate | undefined> {
  const [first, ...more] = best(candidates);
  if (more.length === 0) return first;
  const names = [first, ...more].map((candidate) => `"${candidate?.path}"`).join(", ");
  await ctx.out.warn(
    `several entries are for ${formatPlace(place)}: ${names}; a user name in the address of the remote chooses`,
  );
  return undefined;
}

/** Where the vault is locked, or may not be written, git is not bothered with it. */
async function change(
  ctx: Context,
  plan: (session: VaultSession) => Promise<readonly Edit[]>,
): Promise<void> {
  if (ctx.globals.readOnly) return;
  using session = await quietVault(ctx);
  if (session === undefined) {
    await ctx.out.note("the vault is locked, and stays as it is");
    return;
  }
  try {
    const edits = await plan(session);
    if (edits.length > 0) await reportDurability(ctx, await session.edit(edits));
  } catch (error) {
    if (!hasCode(error, "read-only")) throw error;
  }
}

async function store(_ctx: Context, session: VaultSession, credential: Credential): Promise<readonly Edit[]> {
  const candidates = await search(session, credential);
  if (candidates.some(({ password }) => password === credential.password)) return [];
  return await newCredential(session, {
    ...credential,
    folder: FOLDER,
    url: formatPlace(credential.place),
    // The path of what is stored: an entry for the host as a whole is another credential.
    replaces: candidates.filter(
      ({ isOwn, fit }) => isOwn && fit === Math.max(1, credential.place.path.length),
    ),
  });
}

async function erase(ctx: Context, session: VaultSession, credential: Credential): Promise<readonly Edit[]> {
  const refused = (await search(session, credential)).filter(
    ({ password }) => password === credential.password,
  );
  const [kept] = refused.filter(({ isOwn }) => !isOwn);
  if (kept !== undefined) {
    await ctx.out.warn(
      `${formatPlace(credential.place)} refused the password of "${kept.path}", which is kept`,
    );
  }
  return refused.filter(({ isOwn }) => isOwn).map(({ id }) => ({ kind: "trash", id }));
}
