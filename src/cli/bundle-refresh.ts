/** `pm bundle refresh`: what is there is looked at first, and only what changed is written. */
import { PmError } from "../core/errors.ts";
import {
  type BundleRefresh,
  type BundleState,
  type SealedBundle,
  SHOWN_ID_DIGITS,
} from "../core/vault/bundle-info.ts";
import type { BundlePlace } from "../node/bundle-file.ts";
import { bundleToJson, endText, findBundle, isEnded } from "./bundles.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import { reportDurability } from "./report.ts";
import { shellWord } from "./shell-word.ts";

export interface RefreshRequest {
  readonly all: boolean;
  /** As typed; undefined: the only one. */
  readonly bundle: string | undefined;
  readonly notAfter: number | null | undefined;
  readonly output: string | undefined;
}

/** One that can't be sealed does not keep the others from it; the first failure is thrown in the end. */
export async function refreshBundles(ctx: Context, request: RefreshRequest): Promise<void> {
  const bundles = await chosen(ctx, request);
  const done: SealedBundle[] = [];
  const failed: PmError[] = [];
  for (const bundle of bundles) {
    try {
      done.push(await refreshOne(ctx, bundle, request));
    } catch (error) {
      if (!(error instanceof PmError) || !request.all) throw error;
      failed.push(error);
    }
  }
  const [first, ...others] = failed;
  if (first !== undefined) throw withOthers(first, others, done);
  if (!ctx.globals.json) return;
  const list = done.map(({ bundle, file }) => ({
    ...bundleToJson(bundle),
    entries: bundle.entries,
    written: file !== undefined,
  }));
  await ctx.out.json({ v: 1, bundles: list });
}

function withOthers(first: PmError, others: readonly PmError[], done: readonly SealedBundle[]): PmError {
  const { code, message, hint, details } = first;
  const sealed = done.map(({ bundle }) => `"${bundle.label}" is up to date`);
  const more = [...details, ...others.map((error) => error.message), ...sealed];
  return new PmError(code, message, hint === undefined ? { details: more } : { details: more, hint });
}

async function chosen(ctx: Context, { all, bundle }: RefreshRequest): Promise<readonly BundleState[]> {
  const bundles = await (await ctx.vault()).bundles();
  if (bundle !== undefined) return [await findBundle(ctx, bundles, bundle)];
  if (bundles.length === 0) {
    throw new PmError("not-found", "the vault has no bundle", { hint: "pm bundle --only 'ci/*' -o ci.pm" });
  }
  if (all || bundles.length === 1) return bundles;
  throw new PmError("ambiguous", `the vault has ${bundles.length} bundles`, {
    details: bundles.map(({ id, label, path }) => `${id}  ${label}  ${path}`),
    hint: "name one, or: pm bundle refresh --all",
  });
}

async function refreshOne(
  ctx: Context,
  bundle: BundleState,
  { notAfter, output }: RefreshRequest,
): Promise<SealedBundle> {
  const { lookAtPlace, writeBundleFile } = await import("../node/bundle-file.ts");
  const place = lookAtPlace(output ?? bundle.path, ctx.io.cwd);
  requireOwn(place, bundle);
  const wanted: BundleRefresh = {
    ...(notAfter === undefined ? {} : { notAfter }),
    path: place.path,
    hash: place.found?.hash ?? "",
  };
  const session = await ctx.vault();
  const sealed = await withConfirmation(ctx, () => session.refreshBundle(bundle.id, wanted));
  if (sealed.file !== undefined) await writeBundleFile(place, sealed.file);
  await reportDurability(ctx, sealed);
  await report(ctx, sealed, place);
  return sealed;
}

/** @throws PmError "conflict" where another file stands there */
function requireOwn({ path, found }: BundlePlace, { id, label }: BundleState): void {
  if (found === undefined || found.bundle === id) return;
  throw new PmError("conflict", `"${path}" is another file than the bundle "${label}"`, {
    hint: `remove it, or name another one: pm bundle refresh ${id.slice(0, SHOWN_ID_DIGITS)} -o FILE`,
  });
}

async function report(ctx: Context, { bundle, file }: SealedBundle, { path }: BundlePlace): Promise<void> {
  await ctx.out.note(file === undefined ? `${path} is up to date` : `sealed ${path} anew`);
  if (!isEnded(bundle, ctx.io.now())) return;
  await ctx.out.warn(
    `the bundle "${bundle.label}" ended on ${endText(bundle)}; run: pm bundle refresh ${shellWord(bundle.label)} --expires 90d`,
  );
}
