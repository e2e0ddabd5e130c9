import { describe, expect, test } from "vitest";
import { fromUtf8 } from "../../../src/core/bytes.ts";
import type { Edit } from "../../../src/core/vault/edit.ts";
import { isPurgedRecord, viewEntry } from "../../../src/core/vault/entry-view.ts";
import type { EntryRecord } from "../../../src/core/vault/record.ts";
import { undoLast } from "../../../src/core/vault/undo.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { change, creation, field, NOW, OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { editing, EMPTY_VAULT, joined, type LightVault, merging, saved } from "../../support/light-vault.ts";
import { checkHistories } from "../../support/merge-laws.ts";
import { seededRandom } from "../../support/random.ts";

const random = seededRandom("merge laws");
let clock = NOW;

function edited(vault: LightVault, edit: Edit, replica = REPLICA): LightVault {
  const tools = { crypto: nativeBackend, random, now: () => clock++, replica };
  return saved(vault, tools, editing([edit])).vault;
}

function merged(vault: LightVault, other: LightVault, replica = REPLICA): LightVault {
  return saved(vault, { crypto: nativeBackend, random, now: () => clock++, replica }, merging(other)).vault;
}

function undone(vault: LightVault, count = 1): LightVault {
  const tools = { crypto: nativeBackend, random, now: () => clock++, replica: REPLICA };
  return saved(vault, tools, (draft, context) => {
    undoLast(draft, count, context);
    return {};
  }).vault;
}

function onlyRecord({ entries }: LightVault): EntryRecord {
  const [stored] = entries.values();
  if (stored === undefined) throw new Error("no entry");
  return stored.record;
}

const password = (text: string): { set: [ReturnType<typeof field>] } => ({
  set: [field("password", text, true)],
});
/** Every password that a vault shows or remembers, earlier ones last. */
function passwords(vault: LightVault): readonly unknown[] {
  const { registers, history } = onlyRecord(vault);
  const siblings = registers.get("f:password") ?? [];
  return [...siblings, ...history].map(({ value }) => (Array.isArray(value) ? value[1] : value));
}

const first = edited(EMPTY_VAULT, creation("secret name", { fields: [field("password", "one", true)] }));
const { id } = onlyRecord(first);
const tagging = change(id, { addTags: ["later"] });
const second = edited(first, change(id, password("two")));
/** What another device made of the second version. */
const elsewhere = edited(second, change(id, password("three")), OTHER_REPLICA);
const trashed = edited(second, { kind: "trash", id });
const purged = edited(trashed, { kind: "purge", id });

describe("merging copies of a vault that machines edited in any way", () => {
  test.each([0, 2500, 5000, 7500])(
    "keeps its laws, and every write (2,500 histories from %i)",
    (from) => checkHistories({ from, count: 2500, clones: false }),
    120_000,
  );

  test(
    "loses nothing of machines that write under one replica id",
    () => checkHistories({ from: 0, count: 2000, clones: true }),
    120_000,
  );

  test("loses nothing of a copy that is more than 4,096 saves behind", () => {
    const behind = edited(first, change(id, { addTags: ["elsewhere"], ...password("two") }), OTHER_REPLICA);
    let vault = first;
    for (let n = 0; n < 4200; n++) vault = edited(vault, change(id, { meta: { favourite: n % 2 === 0 } }));
    vault = edited(vault, change(id, { set: [field("username", "alice")] }));
    for (const { vault: both } of [joined(vault, behind), joined(behind, vault)]) {
      const entry = viewEntry(onlyRecord(both));
      expect(entry).toMatchObject({ tags: ["elsewhere"], favourite: false });
      expect(entry.fields.find(({ name }) => name === "username")?.text).toBe("alice");
      expect(passwords(both)).toEqual(expect.arrayContaining(["one", "two"]));
    }
    // The machine itself, restored from an old image: what it wrote since is not taken for known.
    const image = edited(first, change(id, password("from the image")));
    const { vault: both, report } = joined(vault, image);
    expect(passwords(both)).toEqual(expect.arrayContaining(["one", "from the image"]));
    expect(report.forked).toEqual([REPLICA]);
  }, 60_000);
});

describe("what was erased", () => {
  test("stays erased where a copy still has it", () => {
    expect(isPurgedRecord(onlyRecord(merged(second, purged)))).toBe(true);
    expect(passwords(merged(purged, second))).toEqual([null]);
  });

  test("leaves only the value of an edit that did not know of it", () => {
    const both = merged(purged, elsewhere);
    expect(new Set(passwords(both))).toEqual(new Set(["three", null]));
    expect(viewEntry(onlyRecord(both))).toMatchObject({
      trashed: false,
      path: `recovered/${id.slice(0, 8)}`,
    });
  });

  test("does not come back from an old copy after the entry that an edit saved is edited again", () => {
    const again = edited(merged(purged, elsewhere), change(id, password("four")));
    expect(passwords(joined(again, second).vault)).toEqual(["four", "three"]);
    expect(passwords(joined(second, again).vault)).toEqual(["four", "three"]);
  });

  test("does not come back by undoing the merge that brought the erasure, nor stays in the log", () => {
    const both = merged(elsewhere, purged, OTHER_REPLICA);
    const again = merged(purged, elsewhere);
    for (const vault of [
      both,
      undone(both),
      again,
      undone(again),
      merged(edited(both, tagging), elsewhere),
    ]) {
      const text = vault.log.map((record) => fromUtf8(record)).join("") + JSON.stringify(passwords(vault));
      expect(text).not.toMatch(/"one"|"two"|secret name/);
    }
  });

  test("takes nothing with it that was written later", () => {
    const revived = merged(purged, elsewhere);
    const again = edited(revived, change(id, password("four")));
    // Merging what came before changes nothing.
    expect(passwords(joined(again, revived).vault)).toEqual(passwords(again));
    expect(passwords(joined(revived, again).vault)).toEqual(passwords(again));
    expect(joined(again, revived).report.isNew).toBe(false);
  });

  test("is not what an undone creation was, once that is redone", () => {
    const gone = undone(second, 2);
    const back = undone(gone);
    expect([isPurgedRecord(onlyRecord(gone)), passwords(back)]).toEqual([true, ["two", "one"]]);
    for (const { vault } of [joined(back, gone), joined(gone, back), joined(back, second)]) {
      expect(passwords(vault)).toEqual(["two", "one"]);
    }
  });
});

test("a merge that finds the own replica id written by a clone goes on under a new one, and keeps both histories", () => {
  const [here, clone] = [
    edited(first, change(id, password("here"))),
    edited(
      edited(first, change(id, { set: [field("username", "clone")] })),
      change(id, { addTags: ["clone"] }),
    ),
  ];
  const both = merged(here, clone);
  expect(both.vector[REPLICA]).toHaveLength(2);
  expect(Object.keys(both.vector)).toHaveLength(2);
  for (const vault of [joined(clone, both).vault, joined(both, clone).vault]) {
    expect(passwords(vault)).toContain("here");
    expect(viewEntry(onlyRecord(vault))).toMatchObject({ tags: ["clone"] });
  }
});
