/**
 * Random histories of machines that edit copies of one vault and merge them, and beside them what happened:
 * which save knew of which, and what each of them wrote.
 */
import { hasCode } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/vault/json.ts";
import { type EntryRecord, historyJson, type HistoryRecord } from "../../src/core/vault/record.ts";
import type { Change } from "../../src/core/vault/revision.ts";
import { undoLast } from "../../src/core/vault/undo.ts";
import { tagAt } from "../../src/core/vault/version-vector.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { creation, field, NOW } from "./draft-builder.ts";
import { type Dice, diceOf, pick, RandomEdits } from "./random-edits.ts";
import { EMPTY_VAULT, editing, type LightVault, merging, type Saved, saved } from "./light-vault.ts";

/** A set of saves, one bit each. */
export type Saves = number;

/** What one save wrote into one register. */
export interface Write {
  /** The save. */
  readonly at: Saves;
  /** The saves that its writer knew. */
  readonly past: Saves;
  /** As {@link textOf} writes them; several only where an undo brought siblings back. */
  readonly siblings: readonly string[];
  readonly values: readonly string[];
}

/** An entry erased for ever, not by the undo of its creation. */
export interface Purge {
  readonly id: string;
  readonly at: Saves;
  readonly past: Saves;
}

/** The vault on some machine, and the saves that led to it. */
export interface Version {
  readonly vault: LightVault;
  readonly known: Saves;
}

export interface History {
  /** The newest version of each machine. */
  readonly heads: readonly Version[];
  /** Every version that ever was. */
  readonly versions: readonly Version[];
  /** By id and register key, with a space between them. */
  readonly writes: ReadonlyMap<string, readonly Write[]>;
  readonly purges: readonly Purge[];
  /** Saves that undid something. */
  readonly undos: Saves;
  /** Values that they took away, be it from a register or a history, as {@link itemText} writes them. */
  readonly undone: ReadonlySet<string>;
}

export interface Plan {
  readonly seed: number;
  readonly machines: number;
  readonly steps: number;
  /** Whether machines are cloned, and both go on under one replica id. */
  readonly clones: boolean;
}

interface Machine {
  replica: string;
  /** Its newest save and the tag that it left: a machine that finds another one there takes a new id. */
  seq: number;
  tag: string | undefined;
  /** How far its clock is off. */
  readonly skew: number;
  version: Version;
}

/** As many as there are bits. */
const MAX_SAVES = 31;
const MAX_CLONES = 3;
const YEAR_MS = 31_536_000_000;

export function makeHistory(plan: Plan): History {
  const world = new World(plan);
  for (let n = 0; n < plan.steps; n++) world.step();
  return world.history();
}

class World {
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #edits: RandomEdits;
  readonly #machines: Machine[] = [];
  readonly #versions: Version[] = [];
  readonly #writes = new Map<string, Write[]>();
  readonly #purges: Purge[] = [];
  readonly #undone = new Set<string>();
  #undos: Saves = 0;
  #clock = NOW;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#dice = diceOf(plan.seed);
    this.#edits = new RandomEdits(this.#dice);
    const skews = [0, this.#dice(2) * YEAR_MS, -this.#dice(2) * 60_000];
    const version = { vault: EMPTY_VAULT, known: 0 };
    for (let n = 0; n < plan.machines; n++) {
      const replica = (n + 1).toString(16).repeat(16);
      this.#machines.push({ replica, seq: 0, tag: undefined, skew: skews[n % 3] ?? 0, version });
    }
    const first = this.#someMachine();
    const fields = [field("username", "alice"), field("password", "p0", true)];
    this.#save(first, editing([creation("a", { fields, tags: ["t"] }), creation("b", { fields })]));
    for (const machine of this.#machines) machine.version = first.version;
  }

  history(): History {
    const heads = this.#machines.map(({ version }) => version);
    const [versions, writes, purges] = [this.#versions, this.#writes, this.#purges];
    return { heads, versions, writes, purges, undos: this.#undos, undone: this.#undone };
  }

  step(): void {
    if (this.#versions.length >= MAX_SAVES) return;
    const machine = this.#someMachine();
    const kind = this.#dice(20);
    if (kind < 5) this.#merge(machine);
    else if (kind < 7) this.#undo(machine);
    else if (kind < 9 && this.#plan.clones) this.#clone(machine);
    else this.#edit(machine);
  }

  #someMachine(): Machine {
    return pick(this.#dice, this.#machines);
  }

  /** Another machine's newest version, or any old copy. */
  #merge(machine: Machine): void {
    const other = this.#dice(4) === 0 ? pick(this.#dice, this.#versions) : this.#someMachine().version;
    this.#save(machine, merging(other.vault), other.known);
  }

  #undo(machine: Machine): void {
    const count = 1 + this.#dice(2);
    const before = machine.version.vault;
    this.#undos |= this.#save(machine, (draft, context) => {
      undoLast(draft, count, context);
      return {};
    });
    for (const [id, { record }] of before.entries) {
      const after = machine.version.vault.entries.get(id)?.record;
      const left = after === undefined ? [] : valueTexts(after);
      for (const text of valueTexts(record)) if (!left.includes(text)) this.#undone.add(text);
    }
  }

  /** The image of a disk, started elsewhere. */
  #clone(machine: Machine): void {
    if (this.#machines.length < this.#plan.machines + MAX_CLONES) this.#machines.push({ ...machine });
  }

  #edit(machine: Machine): void {
    const count = 1 + Math.max(0, this.#dice(4) - 2);
    const edits = Array.from({ length: count }, () => this.#edits.next(machine.version.vault));
    const at = this.#save(machine, editing(edits));
    for (const edit of edits) {
      const { known } = machine.version;
      if (at !== 0 && edit.kind === "purge") this.#purges.push({ id: edit.id, at, past: known & ~at });
    }
  }

  /** @returns the save, none where the change was refused */
  #save(machine: Machine, made: Change, alsoKnown: Saves = 0): Saves {
    const past = machine.version.known | alsoKnown;
    const next = this.#tried(machine, made);
    if (next === undefined) return 0;
    const at = 1 << this.#versions.length;
    const { vault, stamp } = next;
    Object.assign(machine, { replica: stamp.replica, seq: stamp.seq, version: { vault, known: past | at } });
    machine.tag = tagAt(vault.vector, stamp.replica, stamp.seq);
    this.#versions.push(machine.version);
    this.#note(next, { at, past });
    return at;
  }

  #note({ replaced, stamp }: Saved, save: Pick<Write, "at" | "past">): void {
    for (const { id, registers } of replaced) {
      for (const [key, register] of registers) {
        const own = register.filter(({ replica, seq }) => replica === stamp.replica && seq === stamp.seq);
        if (own.length === 0) continue;
        const values = own.map(({ value }) => JSON.stringify(value));
        const writes = this.#writes.get(`${id} ${key}`) ?? [];
        writes.push({ ...save, siblings: own.map(textOf), values });
        this.#writes.set(`${id} ${key}`, writes);
      }
    }
  }

  /** The next version as a session makes it; undefined where the change is refused. */
  #tried({ version, skew, ...machine }: Machine, made: Change): Saved | undefined {
    const { vault } = version;
    const isOwn = machine.seq === 0 || tagAt(vault.vector, machine.replica, machine.seq) === machine.tag;
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => this.#dice(256));
    const replica = isOwn ? machine.replica : Array.from({ length: 16 }, () => this.#dice(10)).join("");
    this.#clock += this.#dice(1000);
    const now = (): number => this.#clock + skew;
    try {
      return saved(vault, { crypto: nativeBackend, random, now, replica }, made);
    } catch (error) {
      if (hasCode(error, "conflict") || hasCode(error, "not-found") || hasCode(error, "ambiguous")) {
        return undefined;
      }
      throw error;
    }
  }
}

/** A sibling with its stamp. */
export function textOf(sibling: { value: Json; replica: string; seq: number; hlc: number }): string {
  return JSON.stringify([sibling.value, sibling.replica, sibling.seq, sibling.hlc]);
}

/** An item of the history of an entry. */
export function itemText(id: string, item: HistoryRecord): string {
  return id + JSON.stringify(historyJson(item));
}

/** All values of fields that a record has, earlier ones too. */
function valueTexts({ id, registers, history }: EntryRecord): readonly string[] {
  const shown = [...registers].flatMap(([key, register]) => register.map((sibling) => ({ key, ...sibling })));
  return [...shown, ...history].map((item) => itemText(id, item));
}
