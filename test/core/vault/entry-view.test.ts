import { describe, expect, test } from "vitest";
import {
  hostOf,
  indexRow,
  isLiveRecord,
  isPurgedRecord,
  viewEntry,
} from "../../../src/core/vault/entry-view.ts";
import type { Json } from "../../../src/core/vault/json.ts";
import { ENTRY_TYPES, type Row } from "../../../src/core/vault/model.ts";
import type { EntryRecord } from "../../../src/core/vault/record.ts";
import type { Register } from "../../../src/core/vault/register.ts";
import { isLive, isPurged, isTrashed, viewRow } from "../../../src/core/vault/vault-index.ts";
import { idOf, NOW, once, OTHER_REPLICA, recordOf, REPLICA } from "../../support/draft-builder.ts";

const ID = idOf(1);
const EXTENT = { offset: 5, length: 7 };
const row = (registers: Readonly<Record<string, Register>>): Row =>
  viewRow(indexRow(recordOf(ID, "a", registers), EXTENT));

/** Two values written at the same time on two replicas. */
const both = (mine: Json, theirs: Json): Register => [
  { value: mine, replica: REPLICA, seq: 2, hlc: NOW + 2 },
  { value: theirs, replica: OTHER_REPLICA, seq: 1, hlc: NOW + 1 },
];

describe("an index row", () => {
  test("says where the record stands and what lists need", () => {
    const record = recordOf(ID, "work/a", {
      "f:username": once(["p", "alice"]),
      "f:password": once(["c", "s3cr3t"]),
      "f:otp": once(["c", "otpauth://s3cr3t"]),
      "f:url": once(["p", "https://example.org/x"]),
      "t:b": once(true),
      "t:a": once(true),
      "t:gone": once(false),
      "m:favourite": once(true, 9),
    });
    expect(indexRow(record, EXTENT)).toEqual([
      ID,
      5,
      7,
      "work/a",
      "alice",
      ["example.org"],
      ["a", "b"],
      256 + 8 + 4,
      NOW + 9,
    ]);
  });

  test("holds nothing that is concealed, nor bytes", () => {
    const values: readonly Json[] = [
      ["c", "https://hidden"],
      ["C", "aHR0cHM6Ly9oaWRkZW4="],
      ["P", "aHR0cHM6Ly9oaWRkZW4="],
      null,
    ];
    for (const value of values) {
      const shown = row({ "f:username": once(value), "f:url": once(value) });
      expect([shown.username, shown.hosts]).toEqual(["", []]);
    }
  });

  test.each(ENTRY_TYPES)("tells the type %s", (type) => {
    expect(row({ type: once(type) }).type).toBe(type);
  });

  test("shows a type that it does not know, or none, as custom", () => {
    expect(row({ type: once("passport") }).type).toBe("custom");
    const { registers, ...record } = recordOf(ID, "a");
    const without = new Map([...registers].filter(([key]) => key !== "type"));
    expect(viewRow(indexRow({ ...record, registers: without }, EXTENT)).type).toBe("custom");
  });

  test.each<[flag: keyof Row, registers: Readonly<Record<string, Register>>]>([
    ["trashed", { live: once(false) }],
    ["favourite", { "m:favourite": once(true) }],
    ["hasOtp", { "f:otp": once(["c", ""]) }],
    ["conflict", { "f:x": both(["p", "1"], ["p", "2"]) }],
  ])("has the flag %s where it holds", (flag, registers) => {
    expect([row(registers)[flag], row({})[flag]]).toEqual([true, false]);
  });

  test.each<[what: string, registers: Readonly<Record<string, Register>>]>([
    ["equal values", { "f:x": both(["p", "1"], ["p", "1"]) }],
    ["life and death", { live: both(true, false) }],
    ["an erasure and an edit", { live: both(true, false), "m:purged": both(true, false) }],
  ])("has no conflict where %s were written on two devices", (_what, registers) => {
    expect(row(registers).conflict).toBe(false);
    expect(viewEntry(recordOf(ID, "a", registers)).conflicts).toEqual([]);
  });

  test("has a conflict where any of three values is another one", () => {
    const third = { value: ["p", "2"], replica: REPLICA, seq: 3, hlc: NOW };
    expect(row({ "f:x": [...both(["p", "1"], ["p", "1"]), third] }).conflict).toBe(true);
    expect(row({ "f:x": both(["p", "1"], ["c", "1"]) }).conflict).toBe(true);
  });

  test("has no one-time code where the field was removed", () => {
    expect(row({ "f:otp": once(null) }).hasOtp).toBe(false);
  });
});

describe("hosts", () => {
  test.each<[url: string, host: string | undefined]>([
    ["https://Example.ORG:8443/path?x#y", "example.org"],
    ["example.org", "example.org"],
    ["example.org/path", "example.org"],
    ["example.org:8080", "example.org"],
    ["user:pw@example.org", "example.org"],
    ["ssh://host.example/x", "host.example"],
    ["https://bücher.example/", "xn--bcher-kva.example"],
    ["http://[::1]:80/", "[::1]"],
    ["https://", undefined],
    ["", undefined],
    ["not a host", undefined],
    ["file:///etc/passwd", undefined],
  ])("of %s is %s", (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  test("come from url and its numbered fellows, in the record's order, each once", () => {
    const registers = {
      "f:url2": once(["p", "two.example"]),
      "f:url": once(["p", "https://one.example/a"]),
      "f:url10": once(["p", "https://one.example/b"]),
      "f:urls": once(["p", "no.example"]),
      "f:my url": once(["p", "no.example"]),
    };
    expect(row(registers).hosts).toEqual(["two.example", "one.example"]);
  });
});

describe("living, in the trash, erased", () => {
  const states = (registers: Readonly<Record<string, Register>>): readonly string[] => {
    const record = recordOf(ID, "a", registers);
    const indexed = indexRow(record, EXTENT);
    const names: readonly (readonly [string, boolean])[] = [
      ["live record", isLiveRecord(record)],
      ["purged record", isPurgedRecord(record)],
      ["live row", isLive(indexed)],
      ["trashed row", isTrashed(indexed)],
      ["purged row", isPurged(indexed)],
      ["trashed entry", viewEntry(record).trashed],
    ];
    return names.filter(([, is]) => is).map(([name]) => name);
  };
  const LIVES = ["live record", "live row"];
  const BINNED = ["trashed row", "trashed entry"];

  test.each<[what: string, registers: Readonly<Record<string, Register>>, expected: readonly string[]]>([
    ["an entry", {}, LIVES],
    ["one in the trash", { live: once(false) }, BINNED],
    ["one edited here and trashed there", { live: both(true, false) }, LIVES],
    ["one trashed here later than edited there", { live: both(false, true) }, LIVES],
    ["one that was erased", { live: once(false), "m:purged": once(true) }, ["purged record", "purged row"]],
    ["one edited here and erased there", { live: both(true, false), "m:purged": once(true) }, LIVES],
    ["one whose erasure was taken back", { live: once(false), "m:purged": both(false, true) }, BINNED],
    [
      "one erased here and there, and put into the trash there",
      { live: both(false, false), "m:purged": once(true), "f:x": both(null, null) },
      ["purged record", "purged row"],
    ],
    [
      "one erased here, edited and put into the trash there",
      { live: both(false, false), "m:purged": once(true), "f:x": both(null, ["p", "1"]) },
      BINNED,
    ],
  ])("%s", (_what, registers, expected) => {
    expect(states(registers)).toEqual(expected);
  });
});

describe("an entry as people see it", () => {
  test("has its fields in the order of writing, without removed ones", () => {
    const { fields } = viewEntry(
      recordOf(ID, "a", { "f:b": once(["p", "1"]), "f:a": once(["C", "/w=="]), "f:gone": once(null) }),
    );
    expect(fields).toEqual([
      { name: "b", text: "1", encoding: "utf8", concealed: false },
      { name: "a", text: "/w==", encoding: "base64", concealed: true },
    ]);
  });

  test("names what holds concurrent values, and shows the winner", () => {
    const entry = viewEntry(
      recordOf(ID, "a", {
        path: both("mine", "theirs"),
        "f:pin": both(["c", "1"], ["c", "2"]),
        "t:x": both(true, false),
      }),
    );
    expect(entry.conflicts).toEqual(["path", "pin", "t:x"]);
    expect([entry.path, entry.fields[0]?.text, entry.tags]).toEqual(["mine", "1", ["x"]]);
  });

  test("has a name from its id where it lost its own: erased on one device, edited on another", () => {
    const id = `deadbeef${idOf(1).slice(8)}`;
    const pathOf = (registers: Readonly<Record<string, Register>>): readonly unknown[] => {
      const record = recordOf(id, "", registers);
      return [viewEntry(record).path, indexRow(record, EXTENT)[3]];
    };
    const erased = { live: once(false), "m:purged": once(true) };
    expect(pathOf(erased)).toEqual(["", ""]);
    for (const registers of [
      { ...erased, live: both(false, true) },
      { ...erased, "f:x": both(null, ["p", "1"]) },
      { live: once(false) },
    ]) {
      expect(pathOf(registers)).toEqual(["recovered/deadbeef", "recovered/deadbeef"]);
    }
  });

  test("shows the history newest first, and of it only fields with values", () => {
    const stamp = { replica: REPLICA, seq: 1 };
    const record: EntryRecord = {
      ...recordOf(ID, "a"),
      history: [
        { key: "f:x", value: ["p", "1"], hlc: 1, ...stamp },
        { key: "x:later", value: ["p", "2"], hlc: 2, ...stamp },
        { key: "f:x", value: null, hlc: 3, ...stamp },
        { key: "f:y", value: ["C", "/w=="], hlc: 4, ...stamp },
      ],
    };
    expect(viewEntry(record).history.map(({ field, written }) => [field, written])).toEqual([
      ["y", 4],
      ["x", 1],
    ]);
  });

  test("was modified when it was made, or when the newest value was written", () => {
    expect(viewEntry({ ...recordOf(ID, "a"), created: NOW + 99 }).modified).toBe(NOW + 99);
    expect(viewEntry(recordOf(ID, "a", { "x:any": both(1, 2) })).modified).toBe(NOW + 2);
    // Life wins, and was written earlier.
    expect(viewEntry(recordOf(ID, "a", { live: both(false, true) })).modified).toBe(NOW + 2);
  });
});
