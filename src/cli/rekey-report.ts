/** What a new root key does not protect: the passwords that stood under the old one, and the copies that keep it. */
import { hasCode } from "../core/errors.ts";
import type { Field } from "../core/vault/model.ts";
import type { BundleInfo } from "../core/vault/bundle-info.ts";
import type { SlotInfo, VaultSession } from "../core/vault/session.ts";
import { makeCommand } from "./bundles.ts";
import type { Context } from "./context.ts";
import { commandFor, labelOf, type RekeyPlan, type RekeyWishes } from "./rekey-plan.ts";
import { shellWord } from "./shell-word.ts";

/** More would push the new keys off the screen. */
const MAX_SHOWN = 100;

export interface Exposure {
  /** Paths of entries with concealed fields, in the trash or not. */
  readonly exposed: readonly string[];
  /** Paths of copies in the default folder. */
  readonly copies: readonly string[];
}

export async function findExposure(ctx: Context, session: VaultSession): Promise<Exposure> {
  const exposed = new Set<string>();
  for (const row of [...(await session.list({})), ...(await session.list({ trashed: true }))]) {
    const { fields } = await session.entry(row.id);
    if (fields.some(holdsSecret)) exposed.add(row.path);
  }
  return { exposed: [...exposed], copies: await findCopies(ctx, session) };
}

function holdsSecret({ concealed, text, withheld }: Field): boolean {
  return concealed && (withheld === true || text !== "");
}

/** A folder that can't be read keeps nobody from a new root key. */
async function findCopies(ctx: Context, session: VaultSession): Promise<readonly string[]> {
  const { backupFolder, listBackups } = await import("../node/backups.ts");
  const { vaultId } = await session.info();
  try {
    return listBackups(backupFolder(ctx.paths, ctx.io.cwd), vaultId).map(({ path }) => path);
  } catch (error) {
    if (!hasCode(error, "io")) throw error;
    await ctx.out.warn(`${error.message}; copies in it open with the old keys`);
    return [];
  }
}

/** What a person reads before the question. */
export function planText(
  path: string,
  { password, keys, dropped }: RekeyPlan,
  bundles: readonly BundleInfo[],
): string {
  const lines = [
    `pm rekey gives the vault ${path} a new root key. Keys that open it now open only older copies then.`,
    `  new  password "${password.label}"${password.takesKeyFile ? ", with its key file" : ""}`,
    ...keys.map(({ type, label }) => `  new  ${type} "${label}"`),
    ...dropped.map((slot) => `  gone ${slot.type} "${labelOf(slot)}"`),
    ...bundles.map(({ label }) => `  gone bundle "${label}"`),
    "What was undoable until now no longer is.",
  ];
  return lines.join("\n");
}

/** Warns of keys that are gone though nobody asked for that. */
export async function warnOfDropped(
  ctx: Context,
  dropped: readonly SlotInfo[],
  wishes: RekeyWishes,
): Promise<void> {
  for (const slot of dropped) {
    if (slot.type === "machine" || (slot.type === "recovery" && wishes.recovery === false)) continue;
    const command = commandFor(slot);
    const next = command === undefined ? "" : `; a new one: ${command}`;
    await ctx.out.warn(`the ${slot.type} key "${labelOf(slot)}" opens the vault no more${next}`);
  }
}

/** A bundle that is dropped is made anew with another key, which the machines that read it need. */
export async function warnOfBundles(ctx: Context, bundles: readonly BundleInfo[]): Promise<void> {
  for (const bundle of bundles) {
    await ctx.out.warn(
      `the bundle "${bundle.label}" is dropped, and its key still opens its file; a new one: ${makeCommand(bundle)}`,
    );
  }
}

export async function noteExposure(ctx: Context, { exposed, copies }: Exposure): Promise<void> {
  await ctx.out.note("this protects the future only: an older copy and its keys still show what it holds");
  if (exposed.length > 0) {
    await ctx.out.note("where such a copy may be in wrong hands, change these passwords themselves:");
    for (const path of exposed.slice(0, MAX_SHOWN)) await ctx.out.note(`  ${path}`);
    const more = exposed.length - MAX_SHOWN;
    if (more > 0) await ctx.out.note(`  and ${more} more; pm ls and pm trash ls show all names`);
  }
  if (copies.length === 0) return;
  await ctx.out.note("these copies open with the old keys; to remove them:");
  for (const path of copies) await ctx.out.note(`  rm ${shellWord(path)}`);
}
