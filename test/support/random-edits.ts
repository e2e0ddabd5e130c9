/** Random edits of every kind, and the dice that they are drawn with. */
import type { Edit } from "../../src/core/vault/edit.ts";
import { isLiveRecord, isPurgedRecord, viewEntry } from "../../src/core/vault/entry-view.ts";
import { KEY } from "../../src/core/vault/record.ts";
import { change, creation, field } from "./draft-builder.ts";
import type { LightVault } from "./light-vault.ts";

export type Dice = (sides: number) => number;

/** Mulberry32: fast, and the same numbers for the same seed. */
export function diceOf(seed: number): Dice {
  let state = seed | 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

export function pick<T>(dice: Dice, items: readonly T[]): T {
  const item = items[dice(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** Edits of whatever a vault holds; some of them are refused. */
export class RandomEdits {
  readonly #dice: Dice;
  #values = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  next(vault: LightVault): Edit {
    const { record } = pick(this.#dice, [...vault.entries.values()]);
    const { id } = record;
    if (isPurgedRecord(record) || this.#dice(10) === 0) return this.#creation();
    if (!isLiveRecord(record) && this.#dice(4) > 0) {
      return this.#dice(2) === 0 ? { kind: "purge", id } : { kind: "restore", id };
    }
    const [divided] = viewEntry(record).conflicts;
    if (divided !== undefined && this.#dice(3) === 0) {
      const key = record.registers.has(divided) ? divided : KEY.field + divided;
      return { kind: "resolve", id, key, number: this.#dice(2) };
    }
    return this.#dice(3) === 0 ? this.#otherEdit(id) : this.#update(id);
  }

  #creation(): Edit {
    const existing = pick(this.#dice, ["refuse", "replace"] as const);
    return creation(this.#path(), { fields: [this.#field()], tags: ["t"], existing });
  }

  #otherEdit(id: string): Edit {
    const path = this.#path();
    return pick<Edit>(this.#dice, [
      { kind: "move", id, path, existing: "refuse" },
      { kind: "move", id, path, existing: "trash" },
      { kind: "copy", id, path, existing: "refuse" },
      { kind: "copy", id, path, existing: "replace" },
      { kind: "trash", id },
      { kind: "trash", id },
      { kind: "trash", id },
    ]);
  }

  #update(id: string): Edit {
    const meta = {
      favourite: this.#dice(2) === 0,
      useOnly: this.#dice(2) === 0,
      expires: pick(this.#dice, [null, "2027-01-31"]),
    };
    return pick<Edit>(this.#dice, [
      change(id, { set: [this.#field()] }),
      change(id, { set: [this.#field()] }),
      change(id, { set: [this.#field()] }),
      change(id, { unset: [pick(this.#dice, ["password", "username"])] }),
      change(id, { addTags: [pick(this.#dice, ["t", "u"])] }),
      change(id, { removeTags: ["t"] }),
      change(id, { type: pick(this.#dice, ["note", "login", "card"] as const) }),
      change(id, { meta }),
      this.#attach(id),
      this.#attach(id),
      { kind: "detach", id, name: "a" },
    ]);
  }

  /** Sometimes what was attached before, by whomever. */
  #attach(id: string): Edit {
    const bytes = Uint8Array.of(this.#dice(6), this.#dice(6));
    return { kind: "attach", id, name: pick(this.#dice, ["a", "b"]), bytes, existing: "replace" };
  }

  #path(): string {
    return pick(this.#dice, ["a", "b", "c", "d/e"]);
  }

  /** Mostly a value that nobody wrote before. */
  #field(): ReturnType<typeof field> {
    const text = this.#dice(6) === 0 ? "same" : `v${this.#values++}`;
    return this.#dice(3) === 0 ? field("username", text) : field("password", text, true);
  }
}
