import { describe, expect, test } from "vitest";
import { isPurgedRecord } from "../../../src/core/vault/entry-view.ts";
import { KEY } from "../../../src/core/vault/record.ts";
import { writeRegister } from "../../../src/core/vault/register.ts";
import {
  change,
  creation,
  editor,
  field,
  NOW,
  OTHER_REPLICA,
  REPLICA,
  FULL,
} from "../../support/draft-builder.ts";
import { verdict } from "../../support/vault-builder.ts";

describe("create", () => {
  test("makes a live entry of all that it is given", () => {
    const { apply, entry } = editor();
    const id = apply(creation("work/github", { ...FULL, meta: { ...FULL.meta, useOnly: true } }));
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(entry(id)).toEqual({
      id,
      path: "work/github",
      type: "login",
      fields: FULL.fields,
      attachments: [],
      tags: ["dev", "été"],
      expires: "2027-01-31",
      favourite: true,
      useOnly: true,
      recipe: "length=20",
      trashed: false,
      created: NOW,
      modified: NOW,
      history: [],
      conflicts: [],
    });
  });

  test("gives every entry an id of its own", () => {
    const { apply } = editor();
    expect(apply(creation("a"))).not.toBe(apply(creation("b")));
  });

  test("refuses the path of a live entry, and leaves it as it was", () => {
    const { apply, record, draft } = editor();
    const id = apply(creation("a", FULL));
    const before = record(id);
    expect(verdict(() => apply(creation("a")))).toBe("conflict");
    expect(record(id)).toBe(before);
    expect(draft.liveIdsAt("a")).toEqual([id]);
  });

  test("tells paths apart by what they normalise to", () => {
    const { apply, entry } = editor();
    const id = apply(creation("cafe\u0301"));
    expect(entry(id).path).toBe("caf\u00e9");
    expect(verdict(() => apply(creation("caf\u00e9")))).toBe("conflict");
    expect(verdict(() => apply(creation("cafe\u0301")))).toBe("conflict");
    expect(apply(creation("cafe\u0301", { existing: "replace" }))).toBe(id);
  });

  test("takes the path of an entry in the trash", () => {
    const { apply } = editor();
    apply({ kind: "trash", id: apply(creation("a")) });
    expect(verdict(() => apply(creation("a")))).toBe("ok");
  });

  test("replaces: the id stays, what is not named goes, old values stay in the history", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", { ...FULL, fields: [...FULL.fields, field("pin", "1", true)] }));
    const replacement = {
      type: "wifi",
      fields: [field("password", "two", true)],
      existing: "replace",
    } as const;
    expect(apply(creation("a", replacement))).toBe(id);
    expect(entry(id)).toMatchObject({
      path: "a",
      type: "wifi",
      fields: [field("password", "two", true)],
      tags: [],
      expires: undefined,
      favourite: false,
      recipe: undefined,
      created: NOW,
      modified: NOW + 1000,
    });
    expect(entry(id).history.map((item) => [item.field, item.value.text])).toEqual(
      expect.arrayContaining([
        ["username", "alice"],
        ["password", "one"],
        ["pin", "1"],
      ]),
    );
  });

  test("replaces none of two entries of one path", () => {
    const { apply, draft, record } = editor();
    const id = apply(creation("a"));
    const second = apply(creation("b"));
    draft.put({ ...record(second), registers: record(id).registers });
    expect(verdict(() => apply(creation("a", { existing: "replace" })))).toBe("ambiguous");
  });
});

describe("update", () => {
  test("sets, removes, tags, retypes", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", FULL));
    const update = {
      set: [field("password", "two", true), field("notes", "new")],
      unset: ["username"],
      addTags: ["prod"],
      removeTags: ["dev"],
      type: "custom",
      meta: { expires: null, favourite: false, recipe: null },
    } as const;
    expect(apply(change(id, update))).toBe(id);
    expect(entry(id)).toMatchObject({
      type: "custom",
      fields: [field("password", "two", true), field("notes", "new")],
      tags: ["prod", "été"],
      expires: undefined,
      favourite: false,
      recipe: undefined,
      modified: NOW + 1000,
    });
  });

  test("leaves alone what it does not name", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", FULL));
    const before = entry(id);
    apply(change(id, { addTags: ["x"] }));
    expect(entry(id)).toEqual({ ...before, tags: ["dev", "x", "été"], modified: NOW + 1000 });
  });

  test("to the same value makes no history and keeps the stamp", () => {
    const { apply, record } = editor();
    const id = apply(creation("a", FULL));
    apply(change(id, { set: [field("password", "one", true)] }));
    expect(record(id).history).toEqual([]);
    expect(record(id).registers.get("f:password")?.[0]).toMatchObject({ seq: 1, replica: REPLICA });
  });

  test("of the concealment alone is a change", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", FULL));
    apply(change(id, { set: [field("password", "one", false)] }));
    expect(entry(id).fields).toContainEqual(field("password", "one", false));
    expect(entry(id).history).toEqual([
      { field: "password", value: { text: "one", encoding: "utf8", concealed: true }, written: NOW },
    ]);
  });

  test("takes removal over setting where both are asked for", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a"));
    apply(change(id, { set: [field("x", "1")] }));
    apply(change(id, { set: [field("x", "2")], unset: ["x"] }));
    expect(entry(id).fields).toEqual([]);
  });

  test("refuses to remove a field that is not there, or not there any more", () => {
    const { apply } = editor();
    const id = apply(creation("a", FULL));
    expect(verdict(() => apply(change(id, { unset: ["pin"] })))).toBe("not-found");
    apply(change(id, { unset: ["username"] }));
    expect(verdict(() => apply(change(id, { unset: ["username"] })))).toBe("not-found");
  });

  test("of an entry that another device erased makes it an entry with content, in the trash too", () => {
    const { apply, draft, entry, record } = editor();
    const id = apply(creation("a", FULL));
    const erased = writeRegister(true, { replica: OTHER_REPLICA, seq: 1, hlc: NOW });
    draft.put({ ...record(id), registers: new Map(record(id).registers).set(KEY.purged, erased) });
    apply(change(id, { set: [field("x", "1")] }));
    apply({ kind: "trash", id });
    expect(isPurgedRecord(record(id))).toBe(false);
    expect(entry(id)).toMatchObject({ trashed: true, path: "a" });
  });

  test("leaves no trace of a tag that was never there", () => {
    const { apply, record } = editor();
    const id = apply(creation("a"));
    apply(change(id, { removeTags: ["no"] }));
    expect([...record(id).registers.keys()]).toEqual(["live", "path", "type"]);
  });

  test.each(["2027-02-30", "soon", ""])("refuses %j as a day", (expires) => {
    const { apply } = editor();
    const id = apply(creation("a"));
    expect(verdict(() => apply(change(id, { meta: { expires } })))).toBe("usage");
  });

  test("brings a field back that was removed", () => {
    const { apply, entry } = editor();
    const id = apply(creation("a", FULL));
    apply(change(id, { unset: ["password"] }));
    apply(change(id, { set: [field("password", "two", true)] }));
    expect(entry(id).fields).toContainEqual(field("password", "two", true));
    expect(entry(id).history.map(({ value }) => value.text)).toEqual(["one"]);
  });
});
