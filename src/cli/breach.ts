/** Which passwords have leaked: asked of a server by parts of their hashes, or looked up in a file. */
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";

export type BreachSource =
  | { readonly kind: "server"; readonly base: URL }
  | { readonly kind: "file"; readonly path: string };

export interface BreachOptions {
  readonly breach: boolean;
  readonly "breach-file": string | undefined;
  readonly "breach-url": string | undefined;
}

const DEFAULT_URL = "https://api.pwnedpasswords.com/range/";
const DEFAULT_TIMEOUT_MS = 10_000;

/** Undefined where no breach check is asked for by name. @throws PmError "usage" */
export function breachSource(ctx: Pick<Context, "io">, options: BreachOptions): BreachSource | undefined {
  const { breach, "breach-file": path, "breach-url": url } = options;
  if (path !== undefined && (breach || url !== undefined)) {
    throw new PmError("usage", "--breach-file and --breach exclude each other", {
      hint: "--breach-file sends nothing anywhere",
    });
  }
  if (path === "") throw new PmError("usage", "--breach-file is empty", { hint: "leave --breach-file out" });
  if (path !== undefined) return { kind: "file", path };
  if (breach) return { kind: "server", base: parseBase(url ?? (ctx.io.env["PM_BREACH_URL"] || DEFAULT_URL)) };
  if (url === undefined) return undefined;
  throw new PmError("usage", "--breach-url is for --breach, which is not there", { hint: "add --breach" });
}

/** Without TLS anybody on the way could answer that nothing has leaked. */
function parseBase(text: string): URL {
  const url = URL.parse(text);
  const isPlain = url?.protocol === "http:" && /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (url === null || !(url.protocol === "https:" || isPlain)) throw wrongUrl("is no https:// address");
  if (url.username !== "" || url.password !== "") throw wrongUrl("has a user name or a password in it");
  if (url.search !== "" || url.hash !== "") throw wrongUrl("has a question mark or a number sign in it");
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function wrongUrl(what: string): PmError {
  return new PmError("usage", `the address of the breach check ${what}`, {
    hint: `--breach-url ${DEFAULT_URL}, or http:// on this machine`,
  });
}

/** How often each password was seen, of those that were. @throws PmError "network", "io", "corrupt" */
export async function leaked(
  ctx: Context,
  source: BreachSource,
  { passwords, onProgress }: { passwords: readonly string[]; onProgress: (text: string) => void },
): Promise<ReadonlyMap<string, number>> {
  const { sha1Hex } = await import("../node/breach/sha1.ts");
  const hashes = new Map(passwords.map((text) => [sha1Hex(text), text]));
  const seen = await lookUp(ctx, source, { hashes: [...hashes.keys()], onProgress });
  return new Map(Array.from(seen, ([hash, count]) => [hashes.get(hash) ?? "", count]));
}

async function lookUp(
  { io, globals }: Context,
  source: BreachSource,
  { hashes, onProgress }: { hashes: readonly string[]; onProgress: (text: string) => void },
): Promise<ReadonlyMap<string, number>> {
  if (source.kind === "file") {
    const { findInFile } = await import("../node/breach/hash-file.ts");
    let looked = 0;
    return await findInFile(hashes, { path: source.path, cwd: io.cwd }, () =>
      onProgress(`looking up ${++looked} of ${hashes.length} passwords`),
    );
  }
  const { askRanges } = await import("../node/breach/range-client.ts");
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = globals;
  return await askRanges(hashes, { base: source.base, timeoutMs, signal: io.signal }, (done, all) =>
    onProgress(`asking for leaked passwords, ${done} of ${all}`),
  );
}
