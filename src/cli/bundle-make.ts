/** `pm bundle make`: the vault remembers the bundle, the file is written, the key is handed over. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { BundleState } from "../core/vault/bundle-info.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { BundlePlace } from "../node/bundle-file.ts";
import { bundleToJson, endText } from "./bundles.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import { newKey, parseLabel } from "./new-key.ts";
import { reportDurability } from "./report.ts";
import { deliverSecret } from "./secret-output.ts";
import { shellWord } from "./shell-word.ts";

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
  const label = parseLabel(request.label, place.name);
  const session = await ctx.vault();
  await requireUnknown(session, place);
  const key = await newKey(ctx, "machine", label);
  const { slot, text } = key;
  let made: BundleState | undefined;
  try {
    await deliverSecret(ctx, { text, file: request.tokenFile }, async () => {
      const { only, fields, notAfter } = request;
      const wanted = { label, only, fields, notAfter, path: place.path, secret: slot.secret };
      const sealed = await withConfirmation(ctx, () => session.addBundle(wanted));
      made = sealed.bundle;
      await writeFile(place, sealed.file);
      await reportDurability(ctx, sealed);
      return { ...bundleToJson(made), entries: made.entries };
    });
  } catch (error) {
    // Nobody has got its key.
    if (made !== undefined) await takeBack(session, made, place);
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

/** Two bundles of one file would overwrite each other. */
async function requireUnknown(session: VaultSession, { path }: BundlePlace): Promise<void> {
  const known = (await session.bundles()).find((bundle) => bundle.path === path);
  if (known === undefined) return;
  throw new PmError("conflict", `the bundle "${known.label}" has this file`, {
    hint: `pm bundle refresh ${shellWord(known.label)}, or first: pm bundle rm ${shellWord(known.label)}`,
  });
}

async function writeFile(place: BundlePlace, file: Uint8Array | undefined): Promise<void> {
  if (file === undefined) throw new TypeError("a new bundle without its file");
  const { writeBundleFile } = await import("../node/bundle-file.ts");
  await writeBundleFile(place, file);
  wipe(file);
}

async function takeBack(session: VaultSession, { id }: BundleState, place: BundlePlace): Promise<void> {
  await session.removeBundle(id);
  if (place.found !== undefined) return;
  const { removeFile } = await import("../node/secret-input.ts");
  await removeFile("/", place.path);
}
