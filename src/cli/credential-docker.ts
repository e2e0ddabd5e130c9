/** `pm credential docker`: the protocol of github.com/docker/docker-credential-helpers on a vault. */
import { fromUtf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { formatPlace, type Place, placeOfAddress } from "./credential-place.ts";
import { best, type Candidate, findCandidates, textOf } from "./credential-search.ts";
import { type Context, requireWritable } from "./context.ts";
import { newCredential } from "./new-credential.ts";
import { reportDurability } from "./report.ts";

const FOLDER = "docker";
const MAX_REQUEST_BYTES = 1_048_576;

/** Docker recognises these words (credentials/error.go). */
const NOT_FOUND = "credentials not found in native keychain";
const NO_SERVER = "no credentials server URL";
const NO_USER = "no credentials username";

/** @returns the exit status */
export async function runDockerHelper(ctx: Context, action: string): Promise<number> {
  try {
    return await act(ctx, action);
  } catch (error) {
    // Docker shows what stands on standard output, and only that.
    if (error instanceof PmError) await ctx.out.line(error.message);
    throw error;
  }
}

async function act(ctx: Context, action: string): Promise<number> {
  switch (action) {
    case "get":
      return await get(ctx, await readServer(ctx));
    case "store":
      await store(ctx, parseCredential(await ctx.input(MAX_REQUEST_BYTES)));
      return 0;
    case "erase":
      await erase(ctx, await readServer(ctx));
      return 0;
    default:
      await list(ctx);
      return 0;
  }
}

interface Server {
  /** As docker wrote it: it compares the texts. */
  readonly url: string;
  readonly place: Place;
}

async function readServer(ctx: Context): Promise<Server> {
  return parseServer((fromUtf8(await ctx.input(MAX_REQUEST_BYTES)) ?? "").trim());
}

function parseServer(url: string): Server {
  if (url === "") throw new PmError("error", NO_SERVER);
  const place = placeOfAddress(url);
  if (place === undefined)
    throw new PmError("usage", "docker names a server by no address", { hint: "docker login HOST" });
  return { url, place };
}

interface Credential extends Server {
  readonly username: string;
  readonly password: string;
}

/** @throws PmError "usage" without a word of the input, which holds a password */
function parseCredential(bytes: Uint8Array): Credential {
  const { ServerURL: url, Username: username, Secret: password } = parseObject(fromUtf8(bytes) ?? "");
  if (typeof url !== "string") throw new PmError("error", NO_SERVER);
  if (typeof username !== "string" || username === "") throw new PmError("error", NO_USER);
  if (typeof password !== "string" || ![url, username, password].every((text) => text.isWellFormed())) {
    throw notDocker();
  }
  return { ...parseServer(url.trim()), username, password };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // The message of JSON.parse would repeat the input.
  }
  throw notDocker();
}

function notDocker(): PmError {
  return new PmError("usage", "standard input is not what docker sends to a credential helper", {
    hint: "docker login",
  });
}

function search(session: VaultSession, { place }: Server): Promise<readonly Candidate[]> {
  // The addresses of docker's hub differ in nothing but their paths, and hold different things.
  return findCandidates(session, { place, paths: "same", folder: FOLDER });
}

async function get(ctx: Context, server: Server): Promise<number> {
  const [found, ...more] = best(await search(await ctx.vault(), server));
  if (found === undefined) {
    // Nothing on stderr: docker asks for every registry it meets, and shows that to people.
    await ctx.out.line(NOT_FOUND);
    return 1;
  }
  if (more.length > 0) {
    throw new PmError("ambiguous", `several entries are for ${formatPlace(server.place)}`, {
      details: [found, ...more].map(({ id, path }) => `id:${id}  ${path}`),
      hint: "keep one of them below docker/",
    });
  }
  await ctx.out.json({ ServerURL: server.url, Username: found.username ?? "", Secret: found.password });
  return 0;
}

async function store(ctx: Context, credential: Credential): Promise<void> {
  requireWritable(ctx.globals);
  const session = await ctx.vault({ write: true });
  const own = (await search(session, credential)).filter(({ isOwn }) => isOwn);
  const same = own.filter(({ username }) => username === credential.username);
  if (same.some(({ password }) => password === credential.password)) return;
  const edits = await newCredential(session, { ...credential, folder: FOLDER, replaces: same });
  // A registry has one login: the one before it goes, as docker means it.
  const others = own.filter(({ id }) => !same.some((kept) => kept.id === id));
  const trash = others.map(({ id }) => ({ kind: "trash", id }) as const);
  await reportDurability(ctx, await session.edit([...trash, ...edits]));
}

async function erase(ctx: Context, server: Server): Promise<void> {
  requireWritable(ctx.globals);
  const session = await ctx.vault({ write: true });
  const own = (await search(session, server)).filter(({ isOwn }) => isOwn);
  if (own.length === 0) return;
  await reportDurability(ctx, await session.edit(own.map(({ id }) => ({ kind: "trash", id }))));
}

async function list(ctx: Context): Promise<void> {
  const session = await ctx.vault();
  const found: [string, string][] = [];
  for (const { id } of await session.list({ prefix: FOLDER })) {
    const entry = await session.entry(id, "use");
    const url = textOf(entry, "url");
    if (url !== undefined && textOf(entry, "password") !== undefined) {
      found.push([url, textOf(entry, "username") ?? ""]);
    }
  }
  await ctx.out.json(Object.fromEntries(found));
}
