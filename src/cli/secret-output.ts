/** Where a secret that pm has just made goes: a new private file, or stdout and nothing else there. */
import { utf8, wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";

/** The option of every command that makes a secret. */
export const TOKEN_FILE_OPTION = {
  kind: "value",
  short: "o",
  hint: "FILE",
  completes: "file",
  summary: "Write the secret to a new file (0600) instead of stdout",
} as const;

type SecretCall = Pick<Context, "io" | "out" | "globals">;

export interface Delivery {
  /** The secret as it is printed. */
  readonly text: string;
  /** Undefined and "-" mean stdout. */
  readonly file: string | undefined;
  /** A page that is written beside it. */
  readonly page?: { readonly file: string; readonly text: string } | undefined;
}

/**
 * Runs `work`, which makes the secret open something, and hands the secret over: in files that are
 * written before and taken away where the work or what follows fails, or on stdout once it is done.
 * @param work gives what --json says beside the secret
 * @throws PmError "conflict" where the file exists
 */
export async function deliverSecret(
  call: SecretCall,
  { text, file, page }: Delivery,
  work: () => Promise<object>,
): Promise<void> {
  const bytes = utf8(text.endsWith("\n") ? text : `${text}\n`);
  const pageBytes = utf8(page?.text ?? "");
  const toFile = isFile(file);
  try {
    const files = [
      ...(page === undefined ? [] : [{ path: page.file, bytes: pageBytes }]),
      ...(toFile ? [{ path: file, bytes }] : []),
    ];
    await withFiles(call, files, async () => {
      const facts = await work();
      if (call.globals.json) {
        await call.out.json({ v: 1, ...facts, ...(toFile ? {} : { secret: text.trimEnd() }) });
      } else if (!toFile) {
        await call.out.value(bytes, true);
      }
    });
  } finally {
    wipe(bytes, pageBytes);
  }
}

/** Whether the option names a file: without it, and with "-", a secret goes to stdout. */
export function isFile(option: string | undefined): option is string {
  return option !== undefined && option !== "-";
}

interface SecretFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Writes the files, then does the work; where anything fails none of them stays. */
export async function withFiles(
  call: SecretCall,
  [first, ...others]: readonly SecretFile[],
  work: () => Promise<void>,
): Promise<void> {
  if (first === undefined) return await work();
  await writeSecretFile(call, first.path, first.bytes);
  await orRemove(call, first.path, () => withFiles(call, others, work));
}

async function writeSecretFile(call: SecretCall, path: string, bytes: Uint8Array): Promise<void> {
  const { writeUserFile } = await import("../node/user-file.ts");
  try {
    await writeUserFile(path, bytes, { cwd: call.io.cwd, overwrite: false });
  } catch (error) {
    if (!hasCode(error, "conflict")) throw error;
    throw new PmError("conflict", error.message, { hint: "name another file; keys are never overwritten" });
  }
}

async function orRemove<T>(call: SecretCall, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { removeFile } = await import("../node/secret-input.ts");
    await removeFile(call.io.cwd, path);
    throw error;
  }
}
