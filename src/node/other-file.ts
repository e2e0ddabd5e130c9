/** Another file than the vault, named in a command: a copy, a backup. */
import { resolve } from "node:path";
import { hasCode, PmError } from "../core/errors.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { readHeader } from "../core/vault/format.ts";
import { type Header, KIND } from "../core/vault/header.ts";
import { openVaultFile } from "./file-checks.ts";
import { findRealPath } from "./real-path.ts";

export interface OtherFile {
  /** Absolute. */
  readonly path: string;
  readonly header: Header;
}

/**
 * The file that `name` means from `cwd`, its header checked.
 * @param vault the path of the vault, which may be missing
 * @throws PmError "not-found" naming the file, "usage" where it is the vault itself, the codes of a header
 */
export function findOtherFile(
  crypto: CryptoBackend,
  name: string,
  { cwd, vault }: { readonly cwd: string; readonly vault: string },
): OtherFile {
  if (name === "") throw new PmError("usage", "the name of the file is empty", { hint: "pm backup --list" });
  const path = resolve(cwd, name);
  try {
    using file = openVaultFile(path);
    if (file.realPath === realPathOf(vault)) {
      throw new PmError("usage", `${name} is the vault itself`, { hint: "name a copy: pm backup --list" });
    }
    const header = readHeader(crypto, file);
    if (header.kind === KIND.share) {
      throw new PmError("conflict", `${name} is a bundle, not a copy of a vault`, {
        hint: "name a copy: pm backup --list",
      });
    }
    return { path, header };
  } catch (error) {
    if (hasCode(error, "not-found")) {
      throw new PmError("not-found", `there is no file ${name}`, { hint: "pm backup --list", cause: error });
    }
    throw ofFile(error, name);
  }
}

/** The error with the name of the file: of two, it has to be said which one it is about. */
export function ofFile(error: unknown, name: string): unknown {
  if (!(error instanceof PmError)) return error;
  const { code, message, details, cause } = error;
  const hint = hintOf(error);
  return new PmError(code, message.includes(name) ? message : `${name}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    details,
    cause,
  });
}

/** What helps with a vault that can't be read does not help with a copy of it. */
function hintOf({ hint }: PmError): string | undefined {
  return hint?.includes("--vault FILE") === true ? "name another copy: pm backup --list" : hint;
}

function realPathOf(path: string): string | undefined {
  try {
    return findRealPath(path);
  } catch {
    return undefined;
  }
}
