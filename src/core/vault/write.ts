/** Writing registers of an entry: what each edit comes down to. */
import { PmError } from "../errors.ts";
import type { EditContext } from "./apply.ts";
import type { VaultDraft } from "./draft.ts";
import { choicesOf, isLiveRecord } from "./entry-view.ts";
import { keepHistory } from "./history.ts";
import type { Json } from "./json.ts";
import { MAX_ATTACHMENTS, MAX_FIELDS, MAX_TAGS } from "./model.ts";
import { type EntryRecord, KEY } from "./record.ts";
import { isDivided, type Register, shownValue, writeRegister } from "./register.ts";

/** New values by register key. */
export type Writes = ReadonlyMap<string, Json>;

/** The write that takes a fact away; undefined for those that every entry has. */
export function removal(key: string): [string, Json] | undefined {
  if (key.startsWith(KEY.tag) || key === KEY.favourite || key === KEY.useOnly) return [key, false];
  return key.startsWith(KEY.field) ||
    key.startsWith(KEY.attachment) ||
    key === KEY.expires ||
    key === KEY.recipe
    ? [key, null]
    : undefined;
}

/** Writes the registers, keeps what they replace, and marks the entry live unless the writes say no. */
export function write(draft: VaultDraft, record: EntryRecord, writes: Writes, context: EditContext): string {
  const registers = new Map(record.registers);
  const all = new Map<string, Json>([[KEY.live, true], ...writes]);
  // Erased on one device, edited on another: it has content again, also when it goes to the trash later.
  if (shownValue(record.registers.get(KEY.purged)) === true) all.set(KEY.purged, false);
  const replaced: { key: string; register: Register }[] = [];
  for (const [key, value] of all) {
    const before = record.registers.get(key);
    if (before !== undefined && isData(key)) {
      if (before.length === 1 && isValue(before[0]?.value, value)) continue;
      // Of concurrent values the chosen one is not an earlier one.
      if (key.startsWith(KEY.field))
        replaced.push({ key, register: before.filter((sibling) => !isValue(sibling.value, value)) });
    }
    registers.set(key, writeRegister(value, context.stamp));
  }
  requireCounts(registers);
  draft.put(keepHistory({ ...record, registers }, replaced));
  return record.id;
}

/** What is not written again where it is there already: it would look newer than it is. */
function isData(key: string): boolean {
  return key.startsWith(KEY.field) || key.startsWith(KEY.attachment);
}

function isValue(a: Json | undefined, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Settles a register that holds concurrent values on one of them.
 * @param choice.number of the value, from 0 for the one that is shown
 */
export function resolve(
  draft: VaultDraft,
  record: EntryRecord,
  choice: { readonly key: string; readonly number: number },
  context: EditContext,
): string {
  const register = record.registers.get(choice.key) ?? [];
  const chosen = choicesOf(choice.key, register)[choice.number]?.value;
  if (!isDivided(register) || chosen === undefined) {
    throw new PmError("not-found", "there is no such value to choose", { hint: "pm conflicts" });
  }
  const live: [string, Json] = [KEY.live, isLiveRecord(record)];
  return write(draft, record, new Map([live, [choice.key, chosen]]), context);
}

function requireCounts(registers: ReadonlyMap<string, Register>): void {
  let [fields, tags, attachments] = [0, 0, 0];
  for (const [key, register] of registers) {
    const value = shownValue(register);
    if (key.startsWith(KEY.field) && value !== null) fields++;
    if (key.startsWith(KEY.tag) && value === true) tags++;
    if (key.startsWith(KEY.attachment) && value !== null) attachments++;
  }
  if (fields > MAX_FIELDS) throw new PmError("limit", `an entry has at most ${MAX_FIELDS} fields`);
  if (attachments > MAX_ATTACHMENTS)
    throw new PmError("limit", `an entry has at most ${MAX_ATTACHMENTS} attachments`);
  if (tags > MAX_TAGS) throw new PmError("limit", `an entry has at most ${MAX_TAGS} tags`);
}
