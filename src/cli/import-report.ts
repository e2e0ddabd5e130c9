/** What `pm import` says: a table of what would be done, or what was done and where each thing went. */
import type { FittingEntry } from "../core/import/fit.ts";
import type { ImportPlan, ImportStep } from "../core/import/plan.ts";
import { standardFields } from "../core/vault/types.ts";
import { alignColumns } from "./columns.ts";

type Action = ImportStep["action"];

const ACTIONS: readonly Action[] = ["new", "same", "changed", "skipped"];

export function countOf({ steps }: ImportPlan, action: Action): number {
  return steps.filter((step) => step.action === action).length;
}

/** One line for each entry: what becomes of it, its name, and what is to know. */
export function planTable({ steps }: ImportPlan): readonly string[] {
  return alignColumns(steps.map((step) => [step.action, step.path, aboutOf(step)]));
}

/** After an import: every entry that is not simply new, then the counts. */
export function reportLines(plan: ImportPlan): readonly string[] {
  const notable = plan.steps.filter(
    (step) => step.action === "changed" || step.action === "skipped" || isMoved(step),
  );
  return [
    ...alignColumns(notable.map((step) => [step.action, step.path, aboutOf(step)])),
    ...alignColumns(places(plan).map(({ what, count, where }) => [what, String(count), where])),
  ];
}

function isMoved(step: ImportStep): boolean {
  return step.action === "new" && step.entry.kept.length > 0;
}

function aboutOf(step: ImportStep): string {
  switch (step.action) {
    case "skipped":
      return step.why;
    case "changed":
      return changedNames(step).join(", ");
    case "new":
      return [...whereOf(step.entry), ...step.entry.kept].join("; ");
    case "same":
      return "";
  }
}

/** Of an entry that changes: fields and facts, never a value. */
function changedNames({ missing }: Extract<ImportStep, { action: "changed" }>): readonly string[] {
  const { fields, tags, favourite, expires, history, attachments } = missing;
  return [
    ...fields.map(({ name }) => name),
    ...tags.map((tag) => `tag:${tag}`),
    ...(favourite ? ["favourite"] : []),
    ...(expires === undefined ? [] : ["expires"]),
    ...(history.length === 0 ? [] : ["history"]),
    ...attachments.map(({ name }) => `attachment ${name}`),
  ];
}

/** What has no standard field of its own, and where it went. */
function whereOf({ trashed, history, attachments, ...entry }: FittingEntry): readonly string[] {
  const custom = customFields(entry);
  return [
    ...(custom.length === 0 ? [] : [`fields ${custom.join(", ")}`]),
    ...(history.length === 0 ? [] : [`${history.length} in the history`]),
    ...(attachments.length === 0 ? [] : [`attachments ${attachments.map(({ name }) => name).join(", ")}`]),
    ...(trashed ? ["in the trash"] : []),
  ];
}

function customFields({ type, fields }: Pick<FittingEntry, "type" | "fields">): readonly string[] {
  const standard = new Set(standardFields(type));
  return fields
    .map(({ name }) => name)
    .filter((name) => !standard.has(name) && !/^(url\d+|notes)$/.test(name));
}

export interface Place {
  readonly what: string;
  readonly count: number;
  /** Empty where the word says it. */
  readonly where: string;
}

/** How many of each, and where things are that have no standard field of their own. */
export function places(plan: ImportPlan): readonly Place[] {
  const entries = plan.steps.flatMap((step) => (step.action === "new" ? [step.entry] : []));
  const sum = (count: (entry: FittingEntry) => number): number =>
    entries.reduce((total, entry) => total + count(entry), 0);
  const kept: readonly Place[] = [
    { what: "fields", count: sum((entry) => customFields(entry).length), where: "fields of their own names" },
    { what: "tags", count: sum(({ tags }) => tags.length), where: "tags" },
    { what: "history", count: sum(({ history }) => history.length), where: "earlier values, in the history" },
    { what: "files", count: sum(({ attachments }) => attachments.length), where: "attachments" },
    { what: "trash", count: sum(({ trashed }) => Number(trashed)), where: "entries in the trash" },
  ];
  const counts = ACTIONS.map((what): Place => ({ what, count: countOf(plan, what), where: "entries" }));
  return [...counts, ...kept].filter(({ count }) => count > 0);
}

/** The same for programs. */
export function planJson(plan: ImportPlan): readonly object[] {
  return plan.steps.map((step) => {
    const base = { action: step.action, path: step.path };
    switch (step.action) {
      case "skipped":
        return { ...base, why: step.why };
      case "changed":
        return { ...base, names: changedNames(step) };
      case "new": {
        const { history, attachments, tags, trashed, kept } = step.entry;
        return {
          ...base,
          fields: customFields(step.entry),
          tags,
          history: history.length,
          attachments: attachments.map(({ name }) => name),
          trashed,
          kept,
        };
      }
      case "same":
        return base;
    }
  });
}
