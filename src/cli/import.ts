/** `pm import`: read the export, plan what it comes to, save it all at once. */
import { toHex } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type FittingEntry, fitEntry } from "../core/import/fit.ts";
import type { Imported, ImportedEntry, Skipped } from "../core/import/imported.ts";
import { importName } from "../core/import/names.ts";
import { type ImportPlan, planEdits, planImport } from "../core/import/plan.ts";
import { MAX_IMPORT_BYTES, type ReaderHelp } from "../core/import/reader.ts";
import type { EditResult } from "../core/vault/edit.ts";
import { parsePath } from "../core/vault/names.ts";
import type { Detected } from "../node/import/detect.ts";
import type { ImportSource } from "../node/import/source.ts";
import { childEnv } from "./child-env.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import { type ImportSecrets, withImportCredentials } from "./import-credentials.ts";
import { existingEntries } from "./import-existing.ts";

export interface ImportRequest {
  /** Undefined: the content tells. */
  readonly format: string | undefined;
  /** A path, or "-" for standard input. */
  readonly file: string;
  /** Below which folder; undefined for none. */
  readonly folder: string | undefined;
  /** Of a CSV that no preset knows. */
  readonly map: string | undefined;
  readonly skipAttachments: boolean;
  readonly secrets: ImportSecrets;
}

/** An export that was read, its entries within the limits of a vault. */
export interface ReadExport {
  /** As it was named. */
  readonly name: string;
  /** Of the format. */
  readonly format: Pick<Detected["format"], "name" | "title">;
  /** Whether it is a file that no password protects. */
  readonly exposed: boolean;
  readonly entries: readonly FittingEntry[];
  readonly skipped: readonly Skipped[];
}

/** Reads the whole export; no vault is opened. @throws PmError */
export async function readExport(ctx: Context, request: ImportRequest): Promise<ReadExport> {
  const prefix = request.folder === undefined ? "" : parsePath(request.folder);
  const detected = await detect(ctx, request);
  const { format } = detected;
  if (detected.kind === "file" && format.name === "pm-vault") {
    const { requireOtherVault } = await import("./import-vault.ts");
    await requireOtherVault(ctx, detected.file);
  }
  if (request.map !== undefined && format.name !== "csv") {
    throw new PmError("usage", `the columns of ${format.title} are known`, {
      hint: "leave out --map, or name the format csv",
    });
  }
  const imported = await read(ctx, detected, request);
  const skipped = request.skipAttachments ? imported.entries.flatMap(leftOut) : [];
  return {
    name: nameOf(detected),
    format,
    exposed: detected.kind === "file" && detected.exposed,
    entries: imported.entries.map((entry) => {
      const kept = request.skipAttachments ? { ...entry, attachments: [] } : entry;
      return fitEntry(kept, importName(kept, prefix));
    }),
    skipped: [...imported.skipped, ...skipped],
  };
}

function leftOut({ folders, title, attachments }: ImportedEntry): readonly Skipped[] {
  const path = [...folders, title].join("/");
  return attachments.map(({ name }) => ({ what: `${path}: ${name}`, why: "attachments are left out" }));
}

function nameOf(detected: Detected): string {
  return detected.kind === "file" ? detected.file.name : detected.folder.name;
}

async function detect(ctx: Context, { format, file }: ImportRequest): Promise<Detected> {
  const [{ detectFormat, formatsNamed }, { openSource }, { importFile }] = await Promise.all([
    import("../node/import/detect.ts"),
    import("../node/import/source.ts"),
    import("../core/import/import-file.ts"),
  ]);
  // A wrong word is told before a large file is read.
  if (format !== undefined) await formatsNamed(format);
  const source: ImportSource =
    file === "-"
      ? { kind: "file", file: importFile("standard input", await ctx.input(MAX_IMPORT_BYTES)), stays: false }
      : await openSource(file, ctx.io.cwd);
  return await detectFormat(source, format);
}

async function read(ctx: Context, detected: Detected, { map, secrets }: ImportRequest): Promise<Imported> {
  const { withProgress } = await import("./progress.ts");
  const progress = { label: "reading the export", quiet: ctx.globals.quiet };
  const programs = { env: childEnv(ctx.io.env), signal: ctx.io.signal };
  if (detected.kind === "folder") {
    const reader = await detected.format.load();
    const none = { name: detected.folder.name, protection: "none", options: secrets } as const;
    return await withImportCredentials(ctx, none, () =>
      reader(detected.folder, {
        ...programs,
        withProgress: async (work) => await withProgress(ctx.io, progress, work),
      }),
    );
  }
  const { format, file } = detected;
  const reader = await format.load();
  const { parseColumnMap } = await import("../core/import/csv-generic.ts");
  const columns = map === undefined ? {} : { map: parseColumnMap(map) };
  const how = { name: file.name, protection: format.protection?.(file) ?? "none", options: secrets } as const;
  return await withImportCredentials(ctx, how, async (credentials) => {
    const help: ReaderHelp = {
      ...credentials,
      ...columns,
      ...programs,
      crypto: await ctx.crypto(),
      subtle: globalThis.crypto.subtle,
    };
    return await withProgress(ctx.io, progress, () => reader(file, help));
  });
}

/** What it comes to in the vault of the call. */
export async function planInto(ctx: Context, source: ReadExport, keep: boolean): Promise<ImportPlan> {
  const { sha256 } = await ctx.crypto();
  const session = await ctx.vault();
  return planImport(source, await existingEntries(session, source.entries), {
    keep,
    hash: (bytes) => toHex(sha256(bytes)),
  });
}

/** Saves it, all at once; undefined where there is nothing to save. */
export async function savePlan(ctx: Context, plan: ImportPlan): Promise<EditResult | undefined> {
  const edits = planEdits(plan);
  if (edits.length === 0) return undefined;
  const { withProgress } = await import("./progress.ts");
  const session = await ctx.vault({ write: true });
  const progress = { label: "saving", quiet: ctx.globals.quiet };
  return await withConfirmation(ctx, () => withProgress(ctx.io, progress, () => session.edit(edits)));
}
