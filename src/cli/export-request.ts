/** What `pm export` is asked for, and what can't be asked for. */
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { chooseProfile } from "./kdf-option.ts";
import { chooseNewPassword, type NewPasswordOptions, type PasswordSource } from "./password-sources.ts";
import { isFile } from "./secret-output.ts";

export const EXPORT_FORMATS = ["json", "bitwarden-json", "csv", "kdbx"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type TextFormat = Exclude<ExportFormat, "kdbx">;

/** What every export is written with. */
interface ExportTarget {
  readonly only: readonly string[];
  /** Undefined means standard output. */
  readonly file: string | undefined;
  readonly overwrite: boolean;
}

/** Under a password of its own. */
interface Sealed {
  readonly password: PasswordSource | undefined;
  readonly profile: KdfProfile;
}

export type SealedRequest = ExportTarget & Sealed & { readonly format: "sealed"; readonly verify: boolean };
export type KdbxRequest = ExportTarget & Sealed & { readonly format: "kdbx" };
export type TextRequest = ExportTarget & { readonly format: TextFormat };
export type ExportRequest = SealedRequest | KdbxRequest | TextRequest;

export interface ExportOptions extends NewPasswordOptions {
  readonly plaintext: boolean;
  readonly format: string | undefined;
  readonly output: string | undefined;
  readonly overwrite: boolean;
  readonly only: readonly string[];
  readonly verify: boolean;
  readonly reveal: boolean;
  readonly kdf: string | undefined;
}

/** @throws PmError "usage" */
export function parseRequest(ctx: Context, options: ExportOptions): ExportRequest {
  const { only, overwrite, plaintext, verify } = options;
  const format = formatOf(options);
  const file = isFile(options.output) ? options.output : undefined;
  requireSense(ctx, { ...options, format, file });
  const target = { only, overwrite, file };
  const password = chooseNewPassword(options);
  if (format !== "sealed" && format !== "kdbx") {
    const given = password?.name ?? (options.kdf === undefined ? undefined : "--kdf");
    if (given === undefined) return { ...target, format };
    throw new PmError("usage", `${given} is for a sealed export, and ${format} is plain text`, {
      hint: plaintext ? "leave out --plaintext, or use --format kdbx" : "leave it out",
    });
  }
  const sealed = { ...target, password, profile: chooseProfile(ctx, options.kdf) };
  return format === "sealed" ? { ...sealed, format, verify } : { ...sealed, format };
}

type Wanted = "sealed" | ExportFormat;

function formatOf({ format, plaintext }: ExportOptions): Wanted {
  if (format === undefined) return plaintext ? "json" : "sealed";
  const known = EXPORT_FORMATS.find((word) => word === format);
  if (known === undefined) {
    throw new PmError("usage", `"${format}" is no format of exports`, { hint: EXPORT_FORMATS.join(", ") });
  }
  if (known === "kdbx" || plaintext) return known;
  throw new PmError("usage", `an export as ${known} can be read by anybody`, {
    hint: `--plaintext --format ${known}, or --format kdbx, which is sealed`,
  });
}

function requireSense(
  { io, globals }: Context,
  {
    format,
    file,
    overwrite,
    verify,
    reveal,
  }: Omit<ExportOptions, "format"> & { readonly format: Wanted; readonly file: string | undefined },
): void {
  if (verify && (format !== "sealed" || file === undefined)) {
    throw new PmError("usage", "--verify reads a sealed export back from its file", {
      hint: "pm export -o FILE --verify",
    });
  }
  if (file !== undefined) return;
  if (overwrite) throw new PmError("usage", "--overwrite goes with --output only", { hint: "-o FILE" });
  if (globals.json) {
    throw new PmError("usage", "--json tells of an export that goes to a file", { hint: "-o FILE" });
  }
  if (!io.stdout.isTTY) return;
  if (format === "sealed" || format === "kdbx") {
    throw new PmError("usage", "standard output is a terminal, and the export is no text", {
      hint: "-o FILE",
    });
  }
  if (reveal) return;
  throw new PmError("usage", "standard output is a terminal, and this prints secrets", {
    hint: "-o FILE keeps them off it, --reveal prints them",
  });
}
