/** What `pm status` says of a bundle: without its key only that it is one. */
import { PmError } from "../core/errors.ts";
import type { BundleInfo } from "../core/vault/bundle-info.ts";
import { endText } from "./bundles.ts";
import type { Context } from "./context.ts";
import { timeToJson } from "./entry-json.ts";
import { chooseKey } from "./password-sources.ts";
import type { LockedVault } from "./vault-access.ts";

export interface BundleStatus {
  readonly text: string;
  readonly json: object;
}

/** Undefined for a vault. Where the call names a key, it is tried; one that fails is no failure of this. */
export async function bundleStatus(
  ctx: Context,
  { isBundle }: LockedVault,
): Promise<BundleStatus | undefined> {
  if (!isBundle) return undefined;
  if (chooseKey(ctx.globals, ctx.io.env) === undefined)
    return statusOf(undefined, "its key says when it ends");
  try {
    const { bundle } = await (await ctx.vault()).info();
    return statusOf(
      bundle,
      bundle === undefined ? "it does not say when it ends" : `ends ${endText(bundle)}`,
    );
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    return statusOf(undefined, error.message);
  }
}

function statusOf(bundle: Pick<BundleInfo, "label" | "notAfter"> | undefined, more: string): BundleStatus {
  const end = bundle?.notAfter ?? null;
  const json = { label: bundle?.label ?? null, expires: end === null ? null : timeToJson(end) };
  const name = bundle === undefined ? "a bundle" : `the bundle ${bundle.label}`;
  return { text: `${name}, only read; ${more}`, json };
}
