/** Where an export goes: a private file that appears whole or not at all, or standard output. */
import { concat, utf8, wipe } from "../core/bytes.ts";
import type { Context } from "./context.ts";
import { vaultPath } from "./vault-path.ts";

interface Target {
  readonly file: string | undefined;
  readonly overwrite: boolean;
}

/** Looks at what was written before it is anywhere; what it throws keeps it from that. No file: standard output. */
export type Check = (temporary: string | undefined) => Promise<void>;

/** Before anything is asked for. @throws PmError "conflict" or "io" where the file could not be written in the end */
export async function requireTarget(
  ctx: Context,
  { file, overwrite, format }: Target & { readonly format: string },
): Promise<void> {
  if (file === undefined) return;
  const [{ requireExportPlace }, { readVaultFacts }] = await Promise.all([
    import("../node/export-place.ts"),
    import("../node/vault-facts.ts"),
  ]);
  const { head } = readVaultFacts(ctx.io, await vaultPath(ctx));
  requireExportPlace(file, {
    cwd: ctx.io.cwd,
    overwrite,
    isVault: format === "sealed",
    vaultId: head.subarray(16, 32),
    stateDir: ctx.paths.state,
    crypto: await ctx.crypto(),
  });
}

/** The whole of an export, whole or not at all; bytes are wiped after. */
export async function writeExport(
  ctx: Context,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  { file, overwrite, check }: Target & { readonly check: Check },
): Promise<void> {
  if (file === undefined) return await print(ctx, content, check);
  const { flushName, writeUserFile } = await import("../node/user-file.ts");
  const { cwd } = ctx.io;
  try {
    await writeUserFile(file, content, { cwd, overwrite, check });
  } finally {
    if (content instanceof Uint8Array) wipe(content);
  }
  flushName(file, cwd);
}

/** Nothing is printed before there is all of it. */
async function print(
  ctx: Context,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  check: Check,
): Promise<void> {
  const parts: Uint8Array[] = [];
  if (content instanceof Uint8Array) parts.push(content);
  else for await (const part of content) parts.push(part.slice());
  const bytes = concat(...parts);
  wipe(...parts);
  try {
    await check(undefined);
    await (ctx.io.stdout.isTTY ? ctx.out.value(bytes, false) : ctx.out.raw(bytes));
  } finally {
    wipe(bytes);
  }
}

const CHUNK_CHARS = 65_536;

/** Texts as bytes, in larger pieces; each is wiped when the next one is asked for. */
export async function* asBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let pending = "";
  for await (const text of texts) {
    pending += text;
    if (pending.length < CHUNK_CHARS) continue;
    const bytes = utf8(pending);
    yield bytes;
    wipe(bytes);
    pending = "";
  }
  const rest = utf8(pending);
  yield rest;
  wipe(rest);
}
