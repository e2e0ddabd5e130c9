/** Names to entries and fields, the same way in every command. Scripts never get a fuzzy match. */
import { PmError } from "../core/errors.ts";
import type { Entry, EntryType, Field, Row } from "../core/vault/model.ts";
import type { Resolution, VaultSession } from "../core/vault/session.ts";
import { controlCharacter, hasControls } from "../core/vault/names.ts";
import { defaultField as primaryOrOnly } from "../core/vault/types.ts";
import type { Context } from "./context.ts";
import { shellWord } from "./shell-word.ts";

export interface LookupOptions {
  /** Only an entry of this type. */
  readonly type?: EntryType | undefined;
  /** Whether an entry in the trash, addressed by its id, is refused. */
  readonly live?: boolean;
}

/** @throws PmError "not-found" naming the nearest, "ambiguous" listing the candidates. */
export async function findEntry(ctx: Context, name: string, options: LookupOptions = {}): Promise<Row> {
  if (name === "")
    throw new PmError("usage", "the name of the entry is empty", { hint: "pm ls shows all the names" });
  // No entry can have such a name, and a script that asks for it has made a mistake.
  if (hasControls(name)) throw controlCharacter("the name of the entry");
  const session = await ctx.vault();
  const found = ofType(await session.resolve(name), options.type);
  const row = found.kind === "found" ? found.row : await chosen(ctx, session, { name, found });
  if (options.type !== undefined && row.type !== options.type) {
    throw new PmError("not-found", `"${row.path}" is a ${row.type}, not a ${options.type}`, {
      hint: `leave out --type, or write --type ${row.type}`,
    });
  }
  if (options.live === true && row.trashed) {
    throw new PmError("not-found", `"${row.path}" is in the trash`, {
      hint: `pm trash restore id:${row.id}`,
    });
  }
  return row;
}

function ofType(found: Resolution, type: EntryType | undefined): Resolution {
  if (found.kind !== "ambiguous" || type === undefined) return found;
  const [first, ...more] = found.rows.filter((row) => row.type === type);
  return first !== undefined && more.length === 0 ? { kind: "found", row: first } : found;
}

/** The refusal of a name that several entries have. */
export function ambiguous(name: string, rows: readonly Row[]): PmError {
  return new PmError("ambiguous", `${rows.length} entries match "${name}"`, {
    details: rows.map((row) => `id:${row.id}  ${row.path}`),
    hint: `use an id, as in id:${rows[0]?.id ?? ""}`,
  });
}

interface NotOne {
  readonly name: string;
  readonly found: Exclude<Resolution, { kind: "found" }>;
}

/** A person at a terminal may pick what was meant; everything else is an error. */
async function chosen(ctx: Context, session: VaultSession, { name, found }: NotOne): Promise<Row> {
  const { isForPerson, offerEntries } = await import("./pick-entry.ts");
  if (found.kind === "ambiguous") {
    const question = `${found.rows.length} entries match "${name}"; which one?`;
    const picked = await offerEntries(ctx, { question, rows: found.rows, words: "" });
    if (picked !== undefined) return picked;
    throw ambiguous(name, found.rows);
  }
  if (isForPerson(ctx) && !name.startsWith("id:")) {
    const question = `no entry matches "${name}"; did you mean`;
    const picked = await offerEntries(ctx, { question, rows: await session.list({}), words: name });
    if (picked !== undefined) return picked;
  }
  throw missing(name, (await session.nearest(name))[0]);
}

function missing(name: string, near: string | undefined): PmError {
  const hint = near === undefined ? "pm ls shows all the names" : `did you mean "${near}"?`;
  return new PmError("not-found", `no entry matches "${name}"`, { hint });
}

/**
 * The field that `get` prints where none is named: the primary one of the type, else the only one.
 * @throws PmError "usage" where there is no such one, "not-found" where it is not filled in.
 */
export async function defaultField(entry: Entry): Promise<Field> {
  return await primaryOrOnly(entry, (field) => `pm get ${shellWord(entry.path)} ${shellWord(field)}`);
}

export interface Wanted {
  readonly entry: Entry;
  readonly fields: readonly Field[];
}

/**
 * The entry, and fields of it with their values. The password is asked for again where one is a secret of a
 * use-only entry, and only then that module is loaded.
 */
export async function readWanted(
  ctx: Context,
  id: string,
  find: (entry: Entry) => Promise<readonly Field[]>,
): Promise<Wanted> {
  const entry = await (await ctx.vault()).entry(id);
  const fields = await find(entry);
  if (!fields.some(({ withheld }) => withheld === true)) return { entry, fields };
  const { revealed } = await import("./confirm.ts");
  const shown = await revealed(ctx, entry);
  return { entry: shown, fields: await find(shown) };
}

/** Says on stderr what is wrong with an entry that is about to be read. */
export async function warnAbout(ctx: Context, entry: Entry, fields: readonly Field[]): Promise<void> {
  if (entry.expires !== undefined) {
    const { dayOf } = await import("./dates.ts");
    if (entry.expires < dayOf(ctx.io.now())) {
      await ctx.out.warn(`"${entry.path}" expired on ${entry.expires}`);
    }
  }
  for (const { name } of fields) {
    if (entry.conflicts.includes(name)) {
      await ctx.out.warn(`field "${name}" of "${entry.path}" holds several values from different devices`);
    }
  }
}
