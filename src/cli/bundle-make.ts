/** `pm bundle make`: the vault remembers the bundle, the file is written, the key is handed over. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type BundleState, fileIsTaken, SHOWN_ID_DIGITS } from "../core/vault/bundle-info.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { BundlePlace } from "../node/bundle-file.ts";
import { bundleToJson, endText } from "./bundles.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import { newKey, parseLabel } from "./new-key.ts";
import { reportDurability } from "./report.ts";
import { deliverSecret, isFile } from "./secret-output.ts";

export interface MakeRequest {
  readonly only: readonly string[];
  readonly fields: readonly string[] | null;
  readonly notAfter: number | null;
  readonly output: string;
  readonly label: string | undefined;
  readonly isForced: boolean;
  readonly tokenFile: string | undefined;
}

export async function makeBundle(ctx: Context, request: MakeRequest): Promise<void> {
  const { lookAtPlace } = await import("../node/bundle-file.ts");
  const place = lookAtPlace(request.output, ctx.io.cwd);
  requireFree(place, request);
  const label = parseLabel(request.label ?? place.name, place.name);
  const session = await ctx.vault();
  await requireUnknown(session, place);
  const key = await newKey(ctx, "machine", label);
  const { slot, text } = key;
  let made: BundleState | undefined;
  let isWritten = false;
  try {
    await deliverSecret(ctx, { text, file: request.tokenFile }, async () => {
      const { only, fields, notAfter } = request;
      const wanted = { label, only, fields, notAfter, path: place.path, secret: slot.secret };
      const sealed = await withConfirmation(ctx, () => session.addBundle(wanted));
      made = sealed.bundle;
      await writeFile(place, sealed.file);
      isWritten = true;
      await reportDurability(ctx, sealed);
      return { ...bundleToJson(made), entries: made.entries };
    });
    if (!isFile(request.tokenFile)) await requireReader(ctx);
  } catch (error) {
    // Nobody has got its key.
    if (made !== undefined) await takeBack(ctx, made, isWritten ? place : undefined);
    throw error;
  }
  if (made === undefined) return;
  const entries = made.entries === 1 ? "1 entry" : `${made.entries} entries`;
  await ctx.out.note(`sealed ${entries} into ${request.output}; it ends ${endText(made)}`);
}

function requireFree({ found }: BundlePlace, { output, isForced }: MakeRequest): void {
  if (found === undefined || isForced) return;
  throw new PmError("conflict", `the file "${output}" exists already`, { hint: "-f replaces it" });
}

/** By its path, or by what is there: a file has several paths. */
async function requireUnknown(session: VaultSession, { path, found }: BundlePlace): Promise<void> {
  const known = (await session.bundles()).find(
    (bundle) => bundle.path === path || bundle.id === found?.bundle,
  );
  if (known !== undefined) throw fileIsTaken(known);
}

/** @throws PmError "io" where nobody takes the key */
async function requireReader({ io }: Context): Promise<void> {
  if (await io.stdout.flush()) return;
  throw new PmError("io", "nobody reads standard output, where the key goes; no bundle was made", {
    hint: "--token-file FILE writes it to a file",
  });
}

async function writeFile(place: BundlePlace, file: Uint8Array | undefined): Promise<void> {
  if (file === undefined) throw new TypeError("a new bundle without its file");
  const { writeBundleFile } = await import("../node/bundle-file.ts");
  await writeBundleFile(place, file);
  wipe(file);
}

/** What can't be taken back is no reason to hide why it had to be. */
async function takeBack(ctx: Context, { id }: BundleState, written: BundlePlace | undefined): Promise<void> {
  const session = await ctx.vault();
  const done = await Promise.allSettled([
    written === undefined ? undefined : restoreFile(written),
    session.removeBundle(id),
  ]);
  if (done.every(({ status }) => status === "fulfilled")) return;
  await ctx.out.warn(
    `a part of the bundle is still there, and nobody has its key; run: pm bundle rm ${id.slice(0, SHOWN_ID_DIGITS)}`,
  );
}

/** What stood there before, or nothing. */
async function restoreFile(place: BundlePlace): Promise<void> {
  const { path, found } = place;
  if (found !== undefined) return await writeFile(place, found.bytes);
  const { removeFile } = await import("../node/secret-input.ts");
  await removeFile("/", path);
}
