import { beforeEach, describe, expect, test } from "vitest";
import { fromUtf8 } from "../../../src/core/bytes.ts";
import { PmError } from "../../../src/core/errors.ts";
import { parseReference } from "../../../src/core/references/reference.ts";
import { resolveReferences } from "../../../src/core/references/resolve.ts";
import type { Entry, Row } from "../../../src/core/vault/model.ts";
import type { VaultSession } from "../../../src/core/vault/session.ts";
import { entryOf, plain, secret } from "../../support/entries.ts";

const calls = { resolve: 0, list: 0, entry: [] as string[] };
beforeEach(() => Object.assign(calls, { resolve: 0, list: 0, entry: [] }));

/** What resolving uses of a session, counted. */
function sessionOf(entries: readonly Entry[]): VaultSession {
  const rows = entries.map(({ id, path }) => ({ id, path }) as Row);
  const session: Partial<VaultSession> = {
    async resolve(name) {
      calls.resolve++;
      const exact = rows.filter(({ path, id }) => path === name || `id:${id}` === name);
      const found =
        exact.length > 0 ? exact : rows.filter(({ path }) => path.toLowerCase() === name.toLowerCase());
      const [row, second] = found;
      if (row === undefined) return { kind: "none" };
      return second === undefined ? { kind: "found", row } : { kind: "ambiguous", rows: found };
    },
    async list() {
      calls.list++;
      return rows;
    },
    async entry(id) {
      calls.entry.push(id);
      const entry = entries.find((known) => known.id === id);
      if (entry === undefined) throw new Error(id);
      return entry;
    },
  };
  return session as VaultSession;
}

const ENTRIES: readonly Entry[] = [
  entryOf({ id: "1", path: "web/github", fields: [plain("username", "mara"), secret("password", "one")] }),
  entryOf({ id: "2", path: "web", type: "custom", fields: [plain("github", "as a field"), plain("b", "2")] }),
  entryOf({
    id: "3",
    path: "web/bank",
    fields: [secret("password", "two"), secret("PIN", "3"), secret("pin", "4")],
  }),
  entryOf({ id: "4", path: "twin", fields: [secret("password", "a")] }),
  entryOf({ id: "5", path: "twin", fields: [secret("password", "b")] }),
  entryOf({ id: "6", path: "web/bank/PIN", fields: [plain("url", "no default")] }),
  entryOf({
    id: "7",
    path: "old",
    fields: [secret("password", "now")],
    history: [
      { field: "password", value: secret("password", "before"), written: 2 },
      { field: "gone", value: secret("gone", "left"), written: 1 },
    ],
  }),
  entryOf({
    id: "8",
    path: "kept",
    useOnly: true,
    fields: [plain("username", "u"), { ...secret("password", ""), withheld: true }],
  }),
  entryOf({ id: "9", path: "bin", fields: [{ ...secret("password", "/wA="), encoding: "base64" }] }),
];

async function resolve(
  texts: readonly string[],
  only?: (path: string) => boolean,
): Promise<readonly string[]> {
  const session = sessionOf(ENTRIES);
  const results = await resolveReferences(async () => session, texts.map(parseReference), {
    purpose: "show",
    now: 59_000,
    only,
  });
  return results.map((result) =>
    result instanceof PmError
      ? `${result.code}: ${result.message}`
      : `${result.name}=${fromUtf8(result.bytes)}`,
  );
}

describe("a reference means", () => {
  test.each<[string, string]>([
    ["pm://web/github/username", "web/github/username=mara"],
    ["pm://web/github/user", "web/github/username=mara"],
    ["pm://WEB/GITHUB/USERNAME", "web/github/username=mara"],
    ["pm://web/github#password", "web/github/password=one"],
    ["pm://web/bank", "web/bank/password=two"],
    ["pm://web/b", "web/b=2"],
    ["pm://id:1", "web/github/password=one"],
    ["pm://id:1/username", "web/github/username=mara"],
    ["pm://id:1#username", "web/github/username=mara"],
    ["pm://old?rev=-1", "old/password=before"],
    ["pm://old/password?rev=0", "old/password=now"],
    ["pm://old/gone?rev=-1", "old/gone=left"],
    ["pm://web/github#password?encoding=base64", "web/github/password=b25l"],
    ["pm://bin?encoding=base64", "bin/password=/wA="],
    ["pm://bin?encoding=url", "bin/password=%FF%00"],
    ["pm://kept/username", "kept/username=u"],
    // The entry is there and has no default field: only the other reading leads somewhere.
    ["pm://web/bank/PIN", "web/bank/PIN=3"],
  ])("%s: %s", async (text, expected) => {
    expect(await resolve([text])).toEqual([expected]);
  });

  test.each<[string, string]>([
    ["pm://web/github", 'ambiguous: "pm://web/github" is a field of "web" and the entry "web/github"'],
    ["pm://none", 'not-found: no entry matches "none"'],
    ["pm://none/x", 'not-found: no entry matches "none" or "none/x"'],
    ["pm://web/github/x", 'not-found: "web/github" has no field "x"'],
    ["pm://web/bank#Pin", 'ambiguous: several fields of "web/bank" match "Pin"'],
    ["pm://twin", 'ambiguous: 2 entries match "twin"'],
    ["pm://web#x", 'not-found: "web" has no field "x"'],
    ["pm://old?rev=-9", 'not-found: field "password" of "old" has 1 earlier value'],
    ["pm://kept", 'use-only: "kept" is use-only'],
    [
      "pm://bin?encoding=json",
      'usage: the value of "pm://bin?encoding=json" is not UTF-8, and JSON takes nothing else',
    ],
  ])("%s: nothing, %s", async (text, expected) => {
    expect(await resolve([text])).toEqual([expected]);
  });
});

test("all failures are collected, and the order is kept", async () => {
  expect(await resolve(["pm://x", "pm://web/bank", "pm://y"])).toEqual([
    'not-found: no entry matches "x"',
    "web/bank/password=two",
    'not-found: no entry matches "y"',
  ]);
});

test("hundreds of references cost one list, and each entry once", async () => {
  const texts = Array.from({ length: 200 }, (_, index) =>
    index % 2 === 0 ? "pm://web/bank/password" : `pm://n${index}`,
  );
  const results = await resolve(texts);
  expect(results.filter((result) => result === "web/bank/password=two")).toHaveLength(100);
  expect(calls).toEqual({ resolve: 0, list: 1, entry: ["3"] });
});

test("many references mean the same as one", async () => {
  const texts = [
    "pm://WEB/GITHUB/user",
    "pm://twin",
    "pm://web/github",
    "pm://id:1",
    "pm://web/b",
    "pm://old?rev=-1",
  ];
  const few = await resolve(texts);
  const many = await resolve([...texts, ...Array.from({ length: 20 }, (_, index) => `pm://n${index}`)]);
  expect(many.slice(0, texts.length)).toEqual(few);
});

test("an entry outside of --only is not read", async () => {
  expect(await resolve(["pm://web/bank", "pm://old"], (path) => path === "old")).toEqual([
    'not-found: "web/bank" is outside of --only',
    "old/password=now",
  ]);
  expect(calls.entry).toEqual(["7"]);
});

test("a vault that is not there fails its references only; a locked one fails all", async () => {
  const open = (code: "not-found" | "locked") => async (vault: string | undefined) => {
    if (vault === undefined) return sessionOf(ENTRIES);
    throw new PmError(code, "no vault");
  };
  const refs = ["pm://web/bank", "pm://@x/a"].map(parseReference);
  const results = await resolveReferences(open("not-found"), refs, { purpose: "use", now: 0 });
  expect(results).toMatchObject([{ name: "web/bank/password", secrecy: "secret" }, { code: "not-found" }]);
  await expect(resolveReferences(open("locked"), refs, { purpose: "use", now: 0 })).rejects.toMatchObject({
    code: "locked",
  });
});
