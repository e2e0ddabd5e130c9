/** What is staged in a git repository: the content that the next commit will have. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { concat, fromUtf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { errnoOf } from "./io-error.ts";

export interface GitCall {
  readonly cwd: string;
  /** Without anything of pm's that opens a vault. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface StagedFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly object: string;
}

/** Whole records of git are short; a name is at most this long where it matters. */
const LF = 0x0a;
const SYMLINK = "120000";
const SUBMODULE = "160000";

/**
 * The files that differ from the last commit and are not deleted.
 * @throws PmError "unavailable" where there is no git, "usage" outside of a repository
 */
export async function stagedFiles(call: GitCall): Promise<readonly StagedFile[]> {
  const words = [
    "diff",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    // Neither deleted nor unmerged: git commits nothing before that is resolved.
    "--diff-filter=du",
    "--no-ext-diff",
  ];
  const child = git(words, call);
  const [output] = await Promise.all([collect(child.stdout), ended(child)]);
  const parts = (fromUtf8(output) ?? new TextDecoder().decode(output)).split("\0");
  const files: StagedFile[] = [];
  // ":MODE MODE OBJECT OBJECT STATUS", then the path: git-diff(1), raw output format.
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode, , object] = (parts[at] ?? "").split(" ");
    const path = parts[at + 1];
    if (path === undefined || object === undefined || mode === SUBMODULE || mode === SYMLINK) continue;
    files.push({ path, object });
  }
  return files;
}

/** The content of each file, in order, in pieces; `undefined` ends one. */
export async function* stagedContent(
  files: readonly StagedFile[],
  call: GitCall,
): AsyncGenerator<Uint8Array | undefined> {
  const child = git(["cat-file", "--batch"], call);
  const end = ended(child);
  end.catch(() => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(files.map(({ object }) => `${object}\n`).join(""));
  const source = createSource(child.stdout);
  try {
    for (const { path } of files) {
      const header = fromUtf8(await source.line()) ?? "";
      const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1];
      if (size === undefined) throw new PmError("io", `git has no content for ${path}`, { hint: "git fsck" });
      yield* source.bytes(Number(size));
      await source.line();
      yield undefined;
    }
    await end;
  } finally {
    child.kill();
  }
}

type Git = ChildProcessByStdio<Writable, Readable, null>;

function git(args: readonly string[], { cwd, env }: GitCall): Git {
  return spawn("git", [...args], { cwd, env: { ...env }, stdio: ["pipe", "pipe", "ignore"] });
}

async function ended(child: Git): Promise<void> {
  try {
    const [status] = (await once(child, "close")) as [number | null];
    if (status === 0) return;
  } catch (error) {
    const isMissing = errnoOf(error) === "ENOENT";
    throw new PmError("unavailable", isMissing ? "git is not installed" : "git can't be run", {
      hint: "pm scan PATH needs no git",
      cause: error,
    });
  }
  throw new PmError("usage", "git can't tell what is staged here", {
    hint: "run it in a git repository: git status",
  });
}

async function collect(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return concat(...chunks);
}

/** A stream of lines and of counted bytes. */
function createSource(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    const { value, done } = (await chunks.next()) as IteratorResult<Uint8Array>;
    if (done === true) return false;
    rest = rest.length === 0 ? value : concat(rest, value);
    return true;
  };
  return {
    async line(): Promise<Uint8Array> {
      while (!rest.includes(LF) && (await more())) continue;
      const end = rest.indexOf(LF);
      const line = rest.slice(0, end === -1 ? rest.length : end);
      rest = rest.subarray(line.length + 1);
      return line;
    },
    async *bytes(count: number): AsyncGenerator<Uint8Array> {
      for (let missing = count; missing > 0;) {
        if (rest.length === 0 && !(await more())) return;
        const chunk = rest.subarray(0, missing);
        rest = rest.subarray(chunk.length);
        missing -= chunk.length;
        yield chunk;
      }
    },
  };
}
