/** `pm restore FILE`: takes the content of a copy over, or puts the copy in the place of the vault. */
import { equalBytes } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Difference } from "../core/vault/compare.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { confirm } from "./ask.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import type { OtherCopy } from "./copy-credentials.ts";
import { differenceLines, differencesToJson, RESTORE_WORDS } from "./copy-text.ts";
import { countText } from "./log-text.ts";
import { reportDurability } from "./report.ts";
import { openWhole, replaceByCopy } from "./restore-whole.ts";
import { requireTerminal } from "./terminal.ts";
import { vaultPath } from "./vault-path.ts";

export interface RestoreWish {
  readonly force: boolean;
  readonly dryRun: boolean;
}

interface Restoring extends RestoreWish {
  readonly path: string;
  readonly copy: OtherCopy;
}

/** What is there decides what is done: see docs/commands/restore.md. */
export async function restoreFrom(ctx: Context, copy: OtherCopy, wish: RestoreWish): Promise<void> {
  const { lookAt } = await import("../node/replace-vault.ts");
  const path = await vaultPath(ctx, "create");
  const restoring = { ...wish, path, copy };
  const standing = lookAt(await ctx.crypto(), path);
  if (standing.kind === "nothing") return await replaceByCopy(ctx, { ...restoring, replaced: undefined });
  const { hash } = standing;
  if (standing.kind === "damaged") return await replaceDamaged(ctx, restoring, { ...standing });
  if (!equalBytes(standing.header.vaultId, copy.header.vaultId)) {
    return await replaceOther(ctx, restoring, hash);
  }
  const opened = await openWhole(ctx, path, standing.header);
  if (opened.kind === "damaged") return await replaceDamaged(ctx, restoring, { ...opened, hash });
  using session = opened.session;
  await takeContent(ctx, session, restoring);
}

async function replaceOther(ctx: Context, restoring: Restoring, hash: Uint8Array): Promise<void> {
  const { copy, path, force } = restoring;
  if (!force) {
    throw new PmError("conflict", `${copy.name} is a copy of another vault than the one at ${path}`, {
      hint: `--force puts it in the place of that one, which stays as ${path}.bak`,
    });
  }
  await replaceByCopy(ctx, { ...restoring, replaced: { hash, keep: "bak", what: `another vault, ${path}` } });
}

interface Damage {
  readonly error: PmError;
  readonly hash: Uint8Array;
  /** What opened it so far. */
  readonly credentials?: Credentials;
}

async function replaceDamaged(
  ctx: Context,
  restoring: Restoring,
  { error, hash, credentials }: Damage,
): Promise<void> {
  const { copy, path, force } = restoring;
  if (!force) {
    const { damagedName } = await import("../node/replace-vault.ts");
    throw new PmError(error.code, `the vault at ${path} can't be read: ${error.message}`, {
      hint: `--force puts ${copy.name} in its place, and keeps it as ${damagedName(path, hash)}`,
      details: error.details,
      cause: error,
    });
  }
  const replaced = { hash, keep: "damaged", what: `${path}, which can't be read` } as const;
  await replaceByCopy(ctx, { ...restoring, replaced }, credentials);
}

async function takeContent(ctx: Context, session: VaultSession, { copy, dryRun }: Restoring): Promise<void> {
  const differences = await copy.open((source) => session.compare(source));
  const lines = differenceLines(differences, RESTORE_WORDS);
  let durable = true;
  if (differences.length > 0 && !dryRun) {
    await ask(ctx, lines);
    const restore = (): ReturnType<typeof session.restore> => copy.open((source) => session.restore(source));
    ({ durable } = await withConfirmation(ctx, restore, { session }));
    await reportDurability(ctx, { durable });
  }
  if (ctx.globals.json) {
    const items = differencesToJson(differences);
    const facts = { replaced: false, dryRun, differences: items, kept: null, durable };
    return await ctx.out.json({ v: 1, ...facts });
  }
  // Who was asked has seen them.
  if (ctx.globals.yes || dryRun) await ctx.out.lines(lines);
  await ctx.out.note(summary(differences, dryRun));
}

async function ask(ctx: Context, lines: readonly string[]): Promise<void> {
  if (!ctx.globals.yes) {
    using terminal = requireTerminal(
      ctx,
      "this needs a yes",
      "-y answers yes, --dry-run shows what would change",
    );
    await terminal.print(`${lines.join("\n")}\n`);
  }
  await confirm(ctx, "give the vault the content of the copy?");
}

function summary(differences: readonly Difference[], dryRun: boolean): string {
  if (differences.length === 0) return "the vault has the content of the copy already";
  return `${dryRun ? "would change" : "changed"} ${countText(differences.length)}`;
}
