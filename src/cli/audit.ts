/** `pm audit`: reads the passwords, has them judged, and looks for the leaked ones where that is asked for. */
import {
  about,
  auditFacts,
  type AuditRequest,
  type AuditStep,
  placesOf,
  sortFindings,
} from "../core/audit/audit.ts";
import { type EntryFacts, factsOf } from "../core/audit/facts.ts";
import type { AuditFinding, FindingKind } from "../core/audit/finding.ts";
import { eachEntry } from "./audit-entries.ts";
import { type BreachSource, leaked } from "./breach.ts";
import type { Context } from "./context.ts";
import { dayOf } from "./dates.ts";
import { letOthersRun, withProgress } from "./progress.ts";

export interface AuditOptions {
  /** A folder or an entry. */
  readonly prefix: string | undefined;
  readonly kinds: ReadonlySet<FindingKind>;
  readonly minScore: number;
  readonly oldDays: number;
  readonly breach: BreachSource | undefined;
}

export interface AuditReport {
  readonly entries: number;
  readonly passwords: number;
  readonly findings: readonly AuditFinding[];
}

const DAY_MS = 86_400_000;

/** @throws PmError "not-found", "network"; then nothing was found out at all */
export async function audit(ctx: Context, options: AuditOptions): Promise<AuditReport> {
  // Where a password has to be typed, nothing else may write to the terminal.
  await ctx.vault();
  let stage = "reading the passwords";
  const progress = { label: () => stage, quiet: ctx.globals.quiet };
  return await withProgress(ctx.io, progress, async () => {
    const entries = await readFacts(ctx, options.prefix, (text) => (stage = text));
    await ctx.closeVault();
    const places = placesOf(entries);
    const seen = await seenPasswords(ctx, options.breach, {
      passwords: [...places.keys()],
      onProgress: (text) => (stage = text),
    });
    const pause = async ({ work: doing, done, all }: AuditStep): Promise<void> => {
      stage = `${doing} the passwords, ${done} of ${all}`;
      await letOthersRun();
    };
    const findings = await auditFacts(entries, places, { ...requestOf(ctx, options), pause });
    const breached = Array.from(seen, ([text, count]) =>
      (places.get(text) ?? []).map((place) => about("breached", place, seenText(count), { count })),
    );
    const passwords = [...places.values()].reduce((sum, { length }) => sum + length, 0);
    return { entries: entries.length, passwords, findings: sortFindings([...findings, ...breached.flat()]) };
  });
}

async function seenPasswords(
  ctx: Context,
  breach: BreachSource | undefined,
  work: Parameters<typeof leaked>[2],
): Promise<ReadonlyMap<string, number>> {
  return breach === undefined ? new Map() : await leaked(ctx, breach, work);
}

function seenText(count: number): string {
  return `seen ${count === 1 ? "once" : `${count.toLocaleString("en")} times`} in leaks`;
}

function requestOf({ io }: Context, { kinds, minScore, oldDays }: AuditOptions): Omit<AuditRequest, "pause"> {
  const now = io.now();
  return {
    kinds,
    minScore,
    today: dayOf(now),
    oldBefore: now - oldDays * DAY_MS,
    dayOf,
  };
}

async function readFacts(
  ctx: Context,
  prefix: string | undefined,
  onProgress: (text: string) => void,
): Promise<readonly EntryFacts[]> {
  const facts: EntryFacts[] = [];
  await eachEntry(ctx, prefix, (entry, all) => {
    facts.push(factsOf(entry));
    onProgress(`reading the passwords, entry ${facts.length} of ${all}`);
  });
  return facts;
}
