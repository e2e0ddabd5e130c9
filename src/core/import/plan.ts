/** What an import comes to: which entries are new, which the vault has, which it changes. Decides, and does nothing. */
import type { Edit } from "../vault/edit.ts";
import type { Entry } from "../vault/model.ts";
import type { FittingEntry } from "./fit.ts";
import type { Skipped } from "./imported.ts";
import { type Hash, isNothing, type Missing, missingIn } from "./known.ts";
import { numberedName, otherNames } from "./names.ts";

export type ImportStep =
  | { readonly action: "new"; readonly path: string; readonly entry: FittingEntry }
  | { readonly action: "same"; readonly path: string; readonly entry: FittingEntry }
  | {
      readonly action: "changed";
      readonly path: string;
      readonly entry: FittingEntry;
      readonly existing: Entry;
      readonly missing: Missing;
    }
  | { readonly action: "skipped"; readonly path: string; readonly why: string };

export interface ImportPlan {
  /** In the order of the export; what no entry came of stands behind. */
  readonly steps: readonly ImportStep[];
}

export interface PlanOptions {
  /** Leaves an entry as it is where the vault has other values. */
  readonly keep: boolean;
  readonly hash: Hash;
}

/**
 * @param existing the entries of the vault, live and in the trash, by the path that they stand at
 */
export function planImport(
  imported: { readonly entries: readonly FittingEntry[]; readonly skipped: readonly Skipped[] },
  existing: ReadonlyMap<string, readonly Entry[]>,
  options: PlanOptions,
): ImportPlan {
  const planner = new Planner(existing, options);
  // What the vault has is found first, so that the order of an export and twins of one name don't matter.
  const same = imported.entries.map((entry) => planner.takeSame(entry));
  const steps = imported.entries.map((entry, n) => same[n] ?? planner.place(entry));
  return {
    steps: [
      ...steps,
      ...imported.skipped.map(({ what, why }): ImportStep => ({ action: "skipped", path: what, why })),
    ],
  };
}

class Planner {
  readonly #existing: ReadonlyMap<string, readonly Entry[]>;
  readonly #options: PlanOptions;
  /** Ids of entries that an imported one was found in. */
  readonly #claimed = new Set<string>();
  /** Paths that this import fills. */
  readonly #filled = { live: new Set<string>(), trash: new Set<string>() };
  /** What they hold: see contentKey. */
  readonly #contents = new Set<string>();
  /** By path: all numbers below this one are taken. Without it many entries of one name would take for ever. */
  readonly #nextNumber = new Map<string, number>();

  constructor(existing: ReadonlyMap<string, readonly Entry[]>, options: PlanOptions) {
    this.#existing = existing;
    this.#options = options;
  }

  /** The step where the vault has all of it, under its name or one that tells it from others. */
  takeSame(entry: FittingEntry): ImportStep | undefined {
    for (const path of this.#names(entry)) {
      const candidates = this.#existing.get(path) ?? [];
      if (candidates.length === 0 && !this.#filledBy(entry).has(path)) return undefined;
      for (const candidate of candidates) {
        if (this.#claimed.has(candidate.id) || candidate.type !== entry.type) continue;
        if (candidate.trashed && !entry.trashed) continue;
        if (!isNothing(missingIn(candidate, entry, this.#options.hash))) continue;
        this.#claim(path, entry, candidate);
        return { action: "same", path, entry };
      }
    }
  }

  place(entry: FittingEntry): ImportStep {
    if (this.#contents.has(contentKey(entry, this.#options.hash))) {
      return { action: "skipped", path: entry.path, why: "it stands twice in the export" };
    }
    for (const path of this.#names(entry)) {
      if (this.#filledBy(entry).has(path)) continue;
      const here = (this.#existing.get(path) ?? []).filter(({ trashed }) => !trashed);
      if (here.length === 0 || entry.trashed) {
        this.#fill(path, entry);
        return { action: "new", path, entry };
      }
      const one = here.find(
        (candidate) => isSameAccount(candidate, entry) && !this.#claimed.has(candidate.id),
      );
      if (one !== undefined) return this.#change(path, entry, one);
    }
    throw new Error("there is always another name");
  }

  #change(path: string, entry: FittingEntry, existing: Entry): ImportStep {
    this.#claim(path, entry, existing);
    if (this.#options.keep) return { action: "skipped", path, why: "the vault has other values" };
    const missing = missingIn(existing, entry, this.#options.hash);
    return { action: "changed", path, entry, existing, missing };
  }

  #claim(path: string, entry: FittingEntry, existing: Entry): void {
    this.#claimed.add(existing.id);
    this.#fill(path, entry);
  }

  /** One in the trash takes no name from a live one. */
  #filledBy({ trashed }: FittingEntry): Set<string> {
    return trashed ? this.#filled.trash : this.#filled.live;
  }

  #fill(path: string, entry: FittingEntry): void {
    const filled = this.#filledBy(entry);
    filled.add(path);
    this.#contents.add(contentKey(entry, this.#options.hash));
    let next = this.#nextNumber.get(numbersOf(entry)) ?? FIRST_NUMBER;
    while (filled.has(numberedName(entry.path, next))) next++;
    this.#nextNumber.set(numbersOf(entry), next);
  }

  #names(entry: FittingEntry): Iterable<string> {
    return otherNames(entry.path, usernameOf(entry), this.#nextNumber.get(numbersOf(entry)) ?? FIRST_NUMBER);
  }
}

function usernameOf({ fields }: Pick<Entry, "fields">): string {
  return fields.find(({ name }) => name === "username")?.text ?? "";
}

/** The same kind of thing of the same user: else two accounts would be mixed up. */
function isSameAccount(existing: Entry, entry: FittingEntry): boolean {
  return existing.type === entry.type && usernameOf(existing) === usernameOf(entry);
}

/** The same for two entries of an export that nobody could tell apart. */
function contentKey(entry: FittingEntry, hash: Hash): string {
  const { path, type, fields, tags, favourite, expires, history, attachments, trashed } = entry;
  const files = attachments.map(({ name, bytes }) => [name, hash(bytes)]);
  return JSON.stringify([path, type, fields, tags, favourite, expires, history, files, trashed]);
}

/** The first entry of a name has none. */
const FIRST_NUMBER = 2;

/** Whose numbers: those of the trash are counted apart. */
function numbersOf({ path, trashed }: FittingEntry): string {
  return `${trashed ? "trash" : "live"}:${path}`;
}

/** The edits of a plan, in its order: one save. */
export function planEdits({ steps }: ImportPlan): readonly Edit[] {
  return steps.flatMap((step): readonly Edit[] => {
    if (step.action === "new") return [createEdit(step.path, step.entry)];
    return step.action === "changed" ? changeEdits(step.existing, step.missing) : [];
  });
}

function createEdit(path: string, entry: FittingEntry): Edit {
  const { type, fields, tags, favourite, expires, useOnly, recipe } = entry;
  const { created, history, attachments, trashed } = entry;
  return {
    kind: "create",
    path,
    type,
    fields,
    tags,
    meta: {
      ...(favourite ? { favourite } : {}),
      ...(expires === undefined ? {} : { expires }),
      ...(useOnly === undefined ? {} : { useOnly }),
      ...(recipe === undefined ? {} : { recipe }),
    },
    ...(history.length === 0 ? {} : { history }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(created === undefined ? {} : { created }),
    ...(trashed ? { trashed } : {}),
    existing: "refuse",
  };
}

/** Earlier values first, each on top of the one before, so that they end up in the history. */
function changeEdits(existing: Entry, missing: Missing): readonly Edit[] {
  const { id } = existing;
  const update = { kind: "update", id, unset: [], addTags: [], removeTags: [], meta: {} } as const;
  const earlier = missing.history.map(({ field, value }) => ({ name: field, ...value }));
  const names = new Set(earlier.map(({ name }) => name));
  // A field whose value is known keeps it.
  const current = existing.fields.filter(({ name }) => names.has(name));
  const { favourite, expires } = missing;
  const gone = [...names].filter(
    (name) => ![...existing.fields, ...missing.fields].some((f) => f.name === name),
  );
  return [
    ...earlier.map((field): Edit => ({ ...update, set: [field] })),
    {
      ...update,
      set: [...current.filter(({ name }) => !missing.fields.some((f) => f.name === name)), ...missing.fields],
      unset: gone,
      addTags: missing.tags,
      meta: { ...(favourite ? { favourite } : {}), ...(expires === undefined ? {} : { expires }) },
    },
    ...missing.attachments.map((one): Edit => ({ kind: "attach", id, existing: "refuse", ...one })),
  ];
}
