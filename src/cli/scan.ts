/** `pm scan`: where the secrets of the vault stand in files, or in what git is about to commit. */
import { PmError } from "../core/errors.ts";
import { type Automaton, createAutomaton } from "../core/references/automaton.ts";
import { isMaskable } from "../core/references/forms.ts";
import { childEnv } from "./child-env.ts";
import type { Context } from "./context.ts";
import { createLineScanner } from "./scan-lines.ts";
import { isTelling, readSecrets, wipeSecrets } from "./vault-secrets.ts";

export interface ScanRequest {
  /** Files and folders. */
  readonly paths: readonly string[];
  /** What is staged in git instead. */
  readonly staged: boolean;
  readonly only: readonly string[];
  /** Also values that may well stand somewhere by chance. */
  readonly all: boolean;
}

export interface ScanFinding {
  readonly path: string;
  readonly line: number;
  /** Entry and field. */
  readonly secret: string;
}

export interface ScanReport {
  readonly files: number;
  /** Files that could not be read; each was told. */
  readonly unread: readonly PmError[];
}

/** What is looked for. */
interface Wanted {
  readonly automaton: Automaton;
  readonly names: readonly string[];
}

export type OnFinding = (finding: ScanFinding) => void | Promise<void>;

/** @param onFinding told as they are found */
export async function scan(ctx: Context, request: ScanRequest, onFinding: OnFinding): Promise<ScanReport> {
  const wanted = await readWanted(ctx, request);
  return request.staged
    ? await scanStaged(ctx, wanted, onFinding)
    : await scanFiles(ctx, wanted, { paths: request.paths, onFinding });
}

async function readWanted(ctx: Context, { only, all }: ScanRequest): Promise<Wanted> {
  const secrets = await readSecrets(ctx, only);
  try {
    const wanted = secrets.filter((secret) => (all ? isMaskable(secret.bytes) : isTelling(secret)));
    const left = secrets.length - wanted.length;
    const more = all
      ? "too short to be looked for"
      : "too short or too common to be looked for; --all takes more of them";
    if (left > 0) await ctx.out.note(`${left} of ${secrets.length} secrets are ${more}`);
    return {
      automaton: createAutomaton(wanted.map(({ bytes }) => bytes)),
      names: wanted.map(({ name }) => name),
    };
  } finally {
    wipeSecrets(secrets);
    await ctx.closeVault();
  }
}

/** Takes one file in pieces. @returns what was found so far and was not told */
function createFileScan({ automaton, names }: Wanted, path: string) {
  const scanner = createLineScanner(automaton);
  return (chunk: Uint8Array): readonly ScanFinding[] => {
    const found: ScanFinding[] = [];
    scanner.feed(chunk, (line, secret) => found.push({ path, line, secret: names[secret] ?? "" }));
    return found;
  };
}

async function scanFiles(
  ctx: Context,
  wanted: Wanted,
  { paths, onFinding }: { readonly paths: readonly string[]; readonly onFinding: OnFinding },
): Promise<ScanReport> {
  const { filesBelow, chunksOf } = await import("../node/file-tree.ts");
  const unread: PmError[] = [];
  const skip = async (error: PmError): Promise<void> => {
    unread.push(error);
    await ctx.out.warn(error.message);
  };
  const { cwd } = ctx.io;
  let files = 0;
  for (const path of paths) {
    for await (const file of filesBelow(path, cwd, skip)) {
      files++;
      const take = createFileScan(wanted, file);
      try {
        for await (const chunk of chunksOf(file, cwd))
          for (const found of take(chunk)) await onFinding(found);
      } catch (error) {
        if (!(error instanceof PmError)) throw error;
        await skip(error);
      }
    }
  }
  return { files, unread };
}

async function scanStaged(ctx: Context, wanted: Wanted, onFinding: OnFinding): Promise<ScanReport> {
  const { stagedContent, stagedFiles } = await import("../node/git-index.ts");
  const call = { cwd: ctx.io.cwd, env: childEnv(ctx.io.env) };
  const files = await stagedFiles(call);
  const [first] = files;
  if (first === undefined) return { files: 0, unread: [] };
  let index = 0;
  let take = createFileScan(wanted, first.path);
  for await (const chunk of stagedContent(files, call)) {
    if (chunk === undefined) take = createFileScan(wanted, files[++index]?.path ?? "");
    else for (const found of take(chunk)) await onFinding(found);
  }
  return { files: files.length, unread: [] };
}
