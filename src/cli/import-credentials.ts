/** What opens a protected export: named by options, else asked for. */
import { wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { ImportCredentials, Protection } from "../core/import/reader.ts";
import type { Context } from "./context.ts";
import { readPassword } from "./credentials.ts";
import { otherPassword, type PasswordSource } from "./password-sources.ts";

/** The options of a command that opens an export. */
export const IMPORT_OPTIONS = {
  "import-password-stdin": {
    kind: "flag",
    summary: "Read the password of the export from the next line of stdin",
  },
  "import-password-fd": {
    kind: "value",
    hint: "N",
    summary: "Read the password of the export from a file descriptor",
  },
  "import-password-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Read the password of the export from a file",
  },
  "import-key-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Open a KeePass database with this key file",
  },
} as const;

export interface ImportSecrets {
  readonly "import-password-stdin": boolean;
  readonly "import-password-fd": string | undefined;
  readonly "import-password-file": string | undefined;
  readonly "import-key-file": string | undefined;
}

/** @throws PmError "usage" where two options name the password */
export function importPassword(options: ImportSecrets): PasswordSource | undefined {
  return otherPassword("--import-password", {
    stdin: options["import-password-stdin"],
    fd: options["import-password-fd"],
    file: options["import-password-file"],
  });
}

/** Larger ones are no key files: KeePass takes any file. */
const MAX_KEY_FILE_BYTES = 1_048_576;

/**
 * Calls `read` with what opens the export: nothing, what the options name, or what is typed, up to three times.
 * @throws PmError "auth" (5) where it is wrong, "locked" (4) where nobody can be asked
 */
export async function withImportCredentials<T>(
  ctx: Context,
  { name, protection, options }: { name: string; protection: Protection; options: ImportSecrets },
  read: (credentials: ImportCredentials) => Promise<T>,
): Promise<T> {
  const source = importPassword(options);
  const keyPath = options["import-key-file"];
  if (keyPath !== undefined && protection !== "password or key file") {
    throw new PmError("usage", `${name} is opened with no key file`, { hint: "leave out --import-key-file" });
  }
  if (protection === "none") {
    if (source === undefined) return await read({});
    throw new PmError("usage", `${name} is not protected by a password`, {
      hint: `leave out ${source.name}`,
    });
  }
  const key = keyPath === undefined ? {} : { keyFile: await readKey(ctx, keyPath) };
  try {
    if (source !== undefined) return await withPassword(await readPassword(ctx, source), key, read);
    if (key.keyFile !== undefined) {
      try {
        return await read(key);
      } catch (error) {
        if (!hasCode(error, "auth") || !canAsk(ctx)) throw error;
      }
    }
    return await ask(ctx, name, (typed) => withPassword(typed, key, read));
  } finally {
    wipe(key.keyFile);
  }
}

async function withPassword<T>(
  password: Uint8Array,
  key: ImportCredentials,
  read: (credentials: ImportCredentials) => Promise<T>,
): Promise<T> {
  try {
    return await read({ ...key, password });
  } finally {
    wipe(password);
  }
}

function canAsk({ globals, io }: Context): boolean {
  if (globals.noInput) return false;
  using terminal = io.openTerminal();
  return terminal !== undefined;
}

async function ask<T>(ctx: Context, name: string, judge: (typed: Uint8Array) => Promise<T>): Promise<T> {
  const { askRepeatedly, emptyPassword } = await import("./ask-password.ts");
  const { escapeControls } = await import("./escape.ts");
  const question = {
    label: `Password of ${escapeControls(name)}: `,
    what: `${name} is protected by a password`,
    hint: "give it by --import-password-fd N, --import-password-file FILE or --import-password-stdin",
  };
  return await askRepeatedly(ctx, question, async (typed) => {
    if (typed.length === 0) throw emptyPassword("the password");
    return await judge(typed.slice());
  });
}

async function readKey(ctx: Context, path: string): Promise<Uint8Array> {
  const { readSecretFile } = await import("../node/secret-input.ts");
  const { bytes, exposed } = await readSecretFile(path, { cwd: ctx.io.cwd, limit: MAX_KEY_FILE_BYTES });
  if (exposed) await ctx.out.warn(`others can read ${path}; run: chmod 600 ${path}`);
  return bytes;
}
