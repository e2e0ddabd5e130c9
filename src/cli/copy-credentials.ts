/** Another copy of the vault, named in a command, and what opens it where the vault's own key does not. */
import { hasCode } from "../core/errors.ts";
import {
  copyCredentials,
  type Credentials,
  OTHER_ROOT_KEY,
  wipeCredentials,
} from "../core/vault/credentials.ts";
import { type Header, takesKeyFileToo } from "../core/vault/header.ts";
import type { CopySource } from "../core/vault/session.ts";
import { askUntilRight, openWithNamed, type Question } from "./ask-password.ts";
import type { Context } from "./context.ts";
import { readCredentials } from "./credentials.ts";
import { type KeySource, otherPassword, type PasswordSource } from "./password-sources.ts";
import { vaultPath } from "./vault-path.ts";

/** The options of a command that opens another copy. */
export const COPY_OPTIONS = {
  "copy-password-stdin": {
    kind: "flag",
    summary: "Read the password of the copy from the next line of stdin",
  },
  "copy-password-fd": {
    kind: "value",
    hint: "N",
    summary: "Read the password of the copy from a file descriptor",
  },
  "copy-password-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Read the password of the copy from a file",
  },
  "copy-key-file": {
    kind: "value",
    hint: "FILE",
    completes: "file",
    summary: "Open the copy with a key file or a machine key",
  },
} as const;

/** For the help of such a command. */
export const COPY_DETAILS =
  "A copy that has the same root key needs no password of its own. One from before or after pm rekey is opened with the password, key file or recovery code that it has: from the --copy options, else asked for. With --password-stdin line 1 is the vault's password, and with --copy-password-stdin the next line the copy's.";

export interface CopyInput {
  readonly "copy-password-stdin": boolean;
  readonly "copy-password-fd": string | undefined;
  readonly "copy-password-file": string | undefined;
  readonly "copy-key-file": string | undefined;
}

export interface OtherCopy extends Disposable {
  /** As it was named. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly header: Header;
  /** Calls `use` with the copy; asks for its password where it needs one, the first time only. */
  open<T>(use: (copy: CopySource) => Promise<T>): Promise<T>;
  /** The credentials that options name, owned by the caller; undefined where they name none. */
  credentials(): Promise<Credentials | undefined>;
  /** How its password is asked for. */
  readonly question: Question;
}

/**
 * The copy called `name`. Nothing is asked for yet.
 * @throws PmError "not-found" naming it, "usage" where it is the vault itself
 */
export async function findCopy(ctx: Context, name: string, options: CopyInput): Promise<OtherCopy> {
  const { password, key } = sourcesOf(options);
  const { findOtherFile } = await import("../node/other-file.ts");
  // The vault may be what is to be restored.
  const place = { cwd: ctx.io.cwd, vault: await vaultPath(ctx, "create") };
  const { path, header } = findOtherFile(await ctx.crypto(), name, place);
  const credentials = (): Promise<Credentials | undefined> => readCredentials(ctx, password, key);
  const question = {
    label: `Password of ${name}: `,
    what: `${name} has another root key than the vault, and needs its own password`,
    hint: "give it by --copy-password-fd N, --copy-password-file FILE or --copy-key-file FILE",
  };
  const copy = { name, path, header, credentials, question };
  const opener = createOpener(ctx, copy);
  return { ...copy, ...opener };
}

function createOpener(
  ctx: Context,
  copy: Omit<OtherCopy, "open" | typeof Symbol.dispose>,
): Pick<OtherCopy, "open" | typeof Symbol.dispose> {
  const { path, header, question } = copy;
  let proven: Credentials | undefined;
  return {
    open: async (use) => {
      if (proven !== undefined) return await use({ path, credentials: copyCredentials(proven) });
      const attempt = async (credentials: Credentials): ReturnType<typeof use> => {
        const kept = copyCredentials(credentials);
        try {
          const result = await use({ path, credentials });
          proven = kept;
          return result;
        } catch (error) {
          wipeCredentials(kept);
          throw error;
        }
      };
      const given = await copy.credentials();
      if (given !== undefined) {
        const asksBesideKeyFile = takesKeyFileToo(header);
        return await openWithNamed(ctx, attempt, { ...question, named: given, asksBesideKeyFile });
      }
      try {
        return await use({ path });
      } catch (error) {
        // What else is locked no password of the copy opens.
        if (!(hasCode(error, "locked") && error.message.endsWith(OTHER_ROOT_KEY))) throw error;
      }
      return await askUntilRight(ctx, attempt, question);
    },
    [Symbol.dispose]: () => {
      if (proven !== undefined) wipeCredentials(proven);
    },
  };
}

interface Sources {
  readonly password: PasswordSource | undefined;
  readonly key: KeySource | undefined;
}

/** @throws PmError "usage" where two options name a password */
function sourcesOf(options: CopyInput): Sources {
  const path = options["copy-key-file"];
  return {
    password: otherPassword("--copy-password", {
      stdin: options["copy-password-stdin"],
      fd: options["copy-password-fd"],
      file: options["copy-password-file"],
    }),
    key: path === undefined ? undefined : { name: "--copy-key-file", from: "flag", kind: "file", path },
  };
}
