/** Groups of KeePass as folders: where each entry is, and what is in the recycle bin. */
import type { KdbxDatabase, KdbxEntry, KdbxGroup } from "../kdbx/database.ts";
import type { Skipped } from "./imported.ts";

export interface PlacedEntry {
  readonly entry: KdbxEntry;
  /** The name of the database's own group and that of the recycle bin are no folders. */
  readonly folders: readonly string[];
  /** Of its groups, which KeePass shows with it. */
  readonly groupTags: readonly string[];
  readonly trashed: boolean;
}

export interface PlacedEntries {
  readonly entries: readonly PlacedEntry[];
  /** What pm has no place for in a folder. */
  readonly skipped: readonly Skipped[];
}

interface Place {
  readonly folders: readonly string[];
  readonly tags: readonly string[];
  readonly trashed: boolean;
}

export function placeEntries({ root, recycleBin }: KdbxDatabase): PlacedEntries {
  const entries: PlacedEntry[] = [];
  const skipped: Skipped[] = [];
  const homes = homesOf(root, recycleBin);
  const visit = (group: KdbxGroup, place: Place): void => {
    const { folders, tags, trashed } = place;
    const isBin = group.uuid === recycleBin;
    /** What was thrown away goes to where it was, as far as the file says it. */
    const homeOf = (previous: string | undefined): readonly string[] =>
      (isBin && previous !== undefined ? homes.get(previous) : undefined) ?? folders;
    for (const entry of group.entries) {
      entries.push({ entry, folders: homeOf(entry.previousParent), groupTags: tags, trashed });
    }
    for (const child of group.groups) {
      if (child.uuid === recycleBin) {
        visit(child, { folders: [], tags: [], trashed: true });
        continue;
      }
      const inner = [...homeOf(child.previousParent), child.name];
      const path = inner.join("/");
      if (isEmpty(child)) skipped.push({ what: `group ${path}`, why: "it is empty" });
      skipped.push(...lostOf(child, path));
      visit(child, { folders: inner, tags: [...tags, ...child.tags], trashed });
    }
  };
  visit(root, { folders: [], tags: root.tags, trashed: root.uuid === recycleBin });
  skipped.push(...lostOf(root, root.name));
  return { entries, skipped };
}

/** The folders of every group outside of the recycle bin, by its UUID. */
function homesOf(root: KdbxGroup, recycleBin: string | undefined): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<string, readonly string[]>();
  const visit = (group: KdbxGroup, folders: readonly string[]): void => {
    homes.set(group.uuid, folders);
    for (const child of group.groups) {
      if (child.uuid !== recycleBin) visit(child, [...folders, child.name]);
    }
  };
  visit(root, []);
  return homes;
}

function isEmpty({ entries, groups }: KdbxGroup): boolean {
  return entries.length + groups.length === 0;
}

function lostOf({ notes, defaultSequence, customData }: KdbxGroup, path: string): Skipped[] {
  const settings = customData.map(({ key }) => key).filter((key) => key !== "_LAST_MODIFIED");
  const lost = [
    ...(notes === "" ? [] : ["notes"]),
    ...(defaultSequence === "" ? [] : ["auto-type"]),
    ...(settings.length === 0 ? [] : [`settings (${settings.join(", ")})`]),
  ];
  return lost.map((what) => ({ what: `${what} of group ${path}`, why: "a folder of pm has none" }));
}
