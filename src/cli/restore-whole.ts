/** A copy as a whole in the place of a vault that is gone, damaged, or another one. */
import { equalBytes } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { copyCredentials, type Credentials, wipeCredentials } from "../core/vault/credentials.ts";
import { type Header, takesKeyFileToo } from "../core/vault/header.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { WholeFile } from "../node/replace-vault.ts";
import { confirm } from "./ask.ts";
import { type Open, openWithNamed } from "./ask-password.ts";
import type { Context } from "./context.ts";
import type { OtherCopy } from "./copy-credentials.ts";
import { withCredentials } from "./credentials.ts";
import { exitStatus } from "./exit.ts";
import { reportDurability } from "./report.ts";
import { storeOptions } from "./vault-access.ts";

export type Opened =
  | { readonly kind: "whole"; readonly session: VaultSession }
  /** With what opened it so far; the caller's. */
  | { readonly kind: "damaged"; readonly error: PmError; readonly credentials: Credentials };

/** Opens the vault at `path` and checks all of it. */
export async function openWhole(ctx: Context, path: string, header: Header): Promise<Opened> {
  const { openVault } = await import("../node/local-session.ts");
  const store = storeOptions(ctx, path, await ctx.crypto());
  const open: Open<Opened> = async (given) => {
    const credentials = copyCredentials(given);
    let session: VaultSession | undefined;
    try {
      session = await openVault({ ...store, credentials: given });
      await session.verify();
      wipeCredentials(credentials);
      return { kind: "whole", session };
    } catch (error) {
      session?.[Symbol.dispose]();
      if (isDamage(error)) return { kind: "damaged", error, credentials };
      wipeCredentials(credentials);
      throw error;
    }
  };
  return await withCredentials(ctx, open, { asksBesideKeyFile: takesKeyFileToo(header), isOwn: true });
}

/** Not a vault that is whole and only older, or another one, than this machine knows. */
function isDamage(error: unknown): error is PmError {
  if (!(error instanceof PmError) || ["rollback", "corrupt"].includes(error.code)) return false;
  return exitStatus(error.code).name === "corrupt";
}

/**
 * The copy, every byte of it checked: with the credentials that its options name, else with `own`, else
 * with those of the call. Takes `own` over.
 */
async function readCopy(ctx: Context, copy: OtherCopy, own?: Credentials): Promise<WholeFile> {
  const asksBesideKeyFile = takesKeyFileToo(copy.header);
  const open: Open<WholeFile> = (credentials) => readWithName(ctx, copy, credentials);
  const named = await copy.credentials();
  if (named === undefined && own !== undefined) return await open(own);
  if (own !== undefined) wipeCredentials(own);
  if (named !== undefined)
    return await openWithNamed(ctx, open, { ...copy.question, named, asksBesideKeyFile });
  const question = { ...copy.question, what: `${copy.name} has to be opened before it is put in place` };
  return await withCredentials(ctx, open, { asksBesideKeyFile, question });
}

async function readWithName(ctx: Context, copy: OtherCopy, credentials: Credentials): Promise<WholeFile> {
  const [{ readWhole }, { ofFile }] = await Promise.all([
    import("../node/replace-vault.ts"),
    import("../node/other-file.ts"),
  ]);
  try {
    const whole = await readWhole(await ctx.crypto(), copy.path, credentials);
    if (equalBytes(whole.header.bytes, copy.header.bytes)) return whole;
    whole[Symbol.dispose]();
    throw new PmError("conflict", `${copy.name} was changed meanwhile`, { hint: "repeat it" });
  } catch (error) {
    const hint = "name what opens it: --copy-password-file FILE";
    throw ofFile(hasCode(error, "auth") ? new PmError("auth", error.message, { hint }) : error, copy.name);
  }
}

export interface Replacing {
  /** Of the vault. */
  readonly path: string;
  readonly copy: OtherCopy;
  readonly dryRun: boolean;
  /** Undefined where there is nothing. */
  readonly replaced:
    | { readonly hash: Uint8Array; readonly keep: "bak" | "damaged"; readonly what: string }
    | undefined;
}

/** Puts the copy at the path; what stands there is kept beside it. Takes `own` over. */
export async function replaceByCopy(
  ctx: Context,
  { path, copy, dryRun, replaced }: Replacing,
  own?: Credentials,
): Promise<void> {
  const { placeVault, replaceVault } = await import("../node/replace-vault.ts");
  using whole = await readCopy(ctx, copy, own);
  if (replaced !== undefined && !dryRun) {
    await confirm(ctx, `put ${copy.name} in the place of ${replaced.what}?`);
  }
  const options = storeOptions(ctx, path, await ctx.crypto());
  const place = () =>
    replaced === undefined ? placeVault(options, whole) : replaceVault(options, whole, replaced);
  const { kept, durable } = dryRun ? { kept: undefined, durable: true } : await place();
  await reportDurability(ctx, { durable });
  if (ctx.globals.json) {
    const facts = { replaced: true, dryRun, differences: [], kept: kept ?? null, durable };
    return await ctx.out.json({ v: 1, ...facts });
  }
  const also = kept === undefined ? "" : `, and kept what stood there as ${kept}`;
  await ctx.out.note(`${dryRun ? "would put" : "put"} ${copy.name} at ${path}${also}`);
}
