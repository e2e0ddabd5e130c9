/** What merging promises, each promise as a check that throws. */
import type { LightVault } from "./light-vault.ts";
import { joined } from "./light-vault.ts";
import { diceOf, pick } from "./random-edits.ts";
import { type History, itemText, makeHistory, type Saves, textOf, type Version } from "./random-histories.ts";
import { KEY } from "../../src/core/vault/record.ts";
import type { Register } from "../../src/core/vault/register.ts";
import type { VersionVector } from "../../src/core/vault/version-vector.ts";

const ID_DIGITS = 32;
const NOTHING: ReadonlySet<string> = new Set();

/** The content as one text: sibling sets as sets, the history (but for `omitted`) as a list, and what is known. */
function contentText({ entries, root, vector }: LightVault, omitted = NOTHING): string {
  const texts = [...entries.values()].map(({ record }) => {
    const items = record.history.map((item) => itemText(record.id, item));
    const history = items.filter((item) => !omitted.has(item));
    return JSON.stringify([record.id, record.created, registersText(record.registers), history]);
  });
  return JSON.stringify([texts.toSorted(), vectorText(vector), registersText(root.registers)]);
}

function registersText(registers: ReadonlyMap<string, Register>): string {
  return [...registers]
    .map(([key, register]) => `${key} ${register.map(textOf).toSorted().join(" ")}`)
    .toSorted()
    .join("\n");
}

function vectorText(vector: VersionVector): string {
  return Object.entries(vector)
    .map((entry) => JSON.stringify(entry))
    .toSorted()
    .join(" ");
}

function requireSame(law: string, a: LightVault, b: LightVault, omitted = NOTHING): void {
  const [x, y] = [contentText(a, omitted), contentText(b, omitted)];
  if (x !== y) throw new Error(`${law}:\n${x}\n${y}`);
}

export interface Series {
  /** The seed of the first history; each later one has the next. */
  readonly from: number;
  readonly count: number;
  readonly clones: boolean;
}

/** Makes histories and checks each of them. @throws an error that names the seed */
export function checkHistories({ from, count, clones }: Series): void {
  for (let seed = from; seed < from + count; seed++) {
    const dice = diceOf(-seed);
    const history = makeHistory({ seed, machines: 3, steps: 3 + dice(9), clones });
    // Mostly the newest versions, sometimes an old copy.
    const some = (): Version => pick(dice, dice(4) === 0 ? history.versions : history.heads);
    const versions = [some(), some(), some()] as const;
    try {
      checkLaws(history, versions, clones ? "with clones" : "without clones");
    } catch (error) {
      throw new Error(`history ${seed}: ${error instanceof Error ? error.message : "unknown error"}`, {
        cause: error,
      });
    }
  }
}

/**
 * Checks three versions, and all that can be merged of them.
 *
 * With clones, two machines write under one replica id, and whether one of their writes replaced another
 * can't always be told. Then both stay, and which order of merges leaves such a spare sibling is not
 * promised; nor is it that the history is in one order the same as in another. It is promised that every
 * order leaves all the siblings that must be there, and knows the same saves.
 */
function checkLaws(
  history: History,
  [a, b, c]: readonly [Version, Version, Version],
  how: "with clones" | "without clones",
): void {
  const ab = merge(a, b);
  requireSame("not commutative", ab.vault, merge(b, a).vault);
  requireIdempotent(ab, a, b);
  const [left, right] = [merge(ab, c), merge(a, merge(b, c))];
  if (how === "without clones") {
    // Where one machine deletes an entry for ever and another undoes an edit of it, the order may decide
    // whether what the undo took away comes back into the history.
    requireSame("not associative", left.vault, right.vault, history.undone);
  }
  if (vectorText(left.vault.vector) !== vectorText(right.vault.vector)) {
    throw new Error("not associative in what is known");
  }
  for (const version of [a, b, ab, left, right]) {
    requireWrites(history, version, how);
    requireHistory(history, version);
  }
}

function merge(a: Version, b: Version): Version {
  return { vault: joined(a.vault, b.vault).vault, known: a.known | b.known };
}

function requireIdempotent(ab: Version, a: Version, b: Version): void {
  requireSame("not idempotent", merge(ab, ab).vault, ab.vault);
  requireSame("not idempotent", merge(b, ab).vault, ab.vault);
  const { vault, report } = joined(ab.vault, a.vault);
  requireSame("not idempotent", vault, ab.vault);
  if (report.isNew) throw new Error("what is known already is reported as new");
}

/**
 * Every register has the writes that no later write which had seen them replaced; so nothing written at the
 * same time is lost, a deletion does not win over an edit, and an entry that one side lacks is kept.
 * Without clones it has no other, so that no conflict is shown where one writer had seen the other.
 */
function requireWrites(
  { writes }: History,
  { vault, known }: Version,
  how: "with clones" | "without clones",
): void {
  for (const [name, all] of writes) {
    const seen = all.filter(({ at }) => isIn(known, at));
    const [id, key] = splitName(name);
    const register = vault.entries.get(id)?.record.registers.get(key) ?? [];
    const found = new Set(register.map(textOf));
    const wanted = seen.filter((write) => !seen.some((later) => isIn(later.past, write.at)));
    const siblings = wanted.flatMap((write) => write.siblings);
    const isWhole = siblings.every((sibling) => found.has(sibling));
    if (isWhole && (how === "with clones" || found.size === siblings.length)) continue;
    throw new Error(`siblings: of ${name} ${[...found].join(" ")}, not ${siblings.join(" ")}`);
  }
}

/**
 * Every value of a field that was ever written is shown or in the history; none that was erased is anywhere.
 * What an undo took away may be there or not.
 */
function requireHistory(history: History, { vault, known }: Version): void {
  for (const [name, all] of history.writes) {
    const [id, key] = splitName(name);
    if (!key.startsWith(KEY.field) && !key.startsWith(KEY.next)) continue;
    const { history: items = [], registers } = vault.entries.get(id)?.record ?? {};
    const kept = [...items.filter((item) => item.key === key), ...(registers?.get(key) ?? [])];
    const texts = new Set(kept.map(textOf));
    const values = new Set(kept.map(({ value }) => JSON.stringify(value)));
    const seen = all.filter(({ at }) => isIn(known, at));
    const purges = history.purges.filter((purge) => purge.id === id && isIn(known, purge.at));
    for (const write of seen) {
      const erased = purges.some(({ past }) => isIn(past, write.at));
      const isThere = write.siblings.some((sibling) => texts.has(sibling));
      if (erased && isThere) throw new Error(`erased, and there again: ${write.siblings.join(" ")}`);
      const lost = write.values.filter((value) => value !== "null" && !values.has(value));
      if (lost.length > 0 && !erased && (known & history.undos) === 0) {
        throw new Error(`lost from the history: ${lost.join(" ")}`);
      }
    }
  }
}

function splitName(name: string): readonly [id: string, key: string] {
  return [name.slice(0, ID_DIGITS), name.slice(ID_DIGITS + 1)];
}

function isIn(saves: Saves, save: Saves): boolean {
  return (saves & save) !== 0;
}
