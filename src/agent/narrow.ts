/** A session that sees only the live entries whose names were allowed when the vault was unlocked. */
import { PmError } from "../core/errors.ts";
import type { Row } from "../core/vault/model.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import type { ListFilter, Resolution, VaultSession } from "../core/vault/session.ts";

/** @returns the refusal of what a narrow session does not serve */
function outside(): PmError {
  return new PmError("locked", "the vault is unlocked only for some entries, and this is not among them", {
    hint: "pm unlock",
  });
}

const refuse = async (): Promise<never> => {
  throw new PmError(
    "locked",
    "the vault is unlocked only for reading some entries, and this needs all of it",
    {
      hint: "pm unlock",
    },
  );
};

/** What is said of the whole vault, or changes it. */
const REFUSED = {
  info: refuse,
  edit: refuse,
  verify: refuse,
  addSlot: refuse,
  removeSlot: refuse,
  changePassword: refuse,
  rewrapPassword: refuse,
  rekey: refuse,
  bundles: refuse,
  addBundle: refuse,
  refreshBundle: refuse,
  removeBundle: refuse,
  log: refuse,
  accessLog: refuse,
  undo: refuse,
  conflicts: refuse,
  compare: refuse,
  restore: refuse,
  merge: refuse,
  [Symbol.dispose]: () => undefined,
};

/** @param only patterns of names; undefined means all live entries */
export function narrowSession(session: VaultSession, only: readonly string[] | undefined): VaultSession {
  const isNamed = only === undefined ? () => true : nameFilter(only);
  const isSeen = ({ path, trashed }: Row): boolean => !trashed && isNamed(path);
  const list = async (filter: ListFilter): Promise<readonly Row[]> => {
    if (filter.trashed === true) throw outside();
    return (await session.list(filter)).filter(isSeen);
  };
  return {
    ...REFUSED,
    list,
    resolve: async (name) => {
      const found = await session.resolve(name);
      const [first, ...more] = rowsOf(found).filter(isSeen);
      // What may not be seen and what is not there look the same, unless the name itself is allowed.
      if (first === undefined && (name.startsWith("id:") || !isNamed(name.normalize("NFC")))) throw outside();
      if (first === undefined) return { kind: "none" };
      return more.length === 0
        ? { kind: "found", row: first }
        : { kind: "ambiguous", rows: [first, ...more] };
    },
    nearest: async (name) => {
      const { nearest } = await import("../core/vault/nearest.ts");
      return nearest(
        name,
        (await list({})).map(({ path }) => path),
      );
    },
    entry: async (id, purpose) => {
      await requireSeen(session, isSeen, id);
      return await session.entry(id, purpose);
    },
    attachment: async (id, name, purpose) => {
      await requireSeen(session, isSeen, id);
      return await session.attachment(id, name, purpose);
    },
    confirm: (password) => session.confirm(password),
  };
}

async function requireSeen(session: VaultSession, isSeen: (row: Row) => boolean, id: string): Promise<void> {
  const found = /^[0-9a-f]{32}$/.test(id) ? await session.resolve(`id:${id}`) : undefined;
  if (found === undefined || !rowsOf(found).some(isSeen)) throw outside();
}

function rowsOf(found: Resolution): readonly Row[] {
  switch (found.kind) {
    case "found":
      return [found.row];
    case "ambiguous":
      return found.rows;
    case "none":
      return [];
  }
}
