/** The checks of an audit on entries as data. */
import { describe, expect, test } from "vitest";
import { auditFacts, placesOf, sortFindings } from "../../../src/core/audit/audit.ts";
import { factsOf } from "../../../src/core/audit/facts.ts";
import { FINDING_KINDS, type FindingKind } from "../../../src/core/audit/finding.ts";
import { isPlainRemote } from "../../../src/core/audit/plain-url.ts";
import { similarGroups } from "../../../src/core/audit/similar.ts";
import type { Entry, Field } from "../../../src/core/vault/model.ts";
import { seededRandom } from "../../support/random.ts";

const NOW = Date.UTC(2026, 0, 1);

function entry(path: string, fields: Readonly<Record<string, string>>, more: Partial<Entry> = {}): Entry {
  const plain = new Set(["username", "email", "url", "url2", "ssid"]);
  return {
    id: path.padEnd(32, "0"),
    path,
    type: "login",
    fields: Object.entries(fields).map(([name, text]): Field => ({
      name,
      text,
      encoding: "utf8",
      concealed: !plain.has(name),
    })),
    tags: [],
    expires: undefined,
    favourite: false,
    useOnly: false,
    recipe: undefined,
    trashed: false,
    created: NOW,
    modified: NOW,
    attachments: [],
    history: [],
    conflicts: [],
    ...more,
  };
}

async function groups(values: readonly string[]): Promise<readonly (readonly number[])[]> {
  return await similarGroups(values, async () => undefined);
}

/** The value, and what it is without each of its characters. */
function marksOf(value: string): string[] {
  return [value, ...Array.from(value, (_, at) => value.slice(0, at) + value.slice(at + 1))];
}

async function found(
  entries: readonly Entry[],
  kinds: readonly FindingKind[] = FINDING_KINDS,
): Promise<string[]> {
  const facts = entries.map(factsOf);
  const findings = await auditFacts(facts, placesOf(facts), {
    kinds: new Set(kinds),
    minScore: 3,
    today: "2026-01-01",
    oldBefore: NOW - 1000,
    dayOf: () => "DAY",
    pause: async () => undefined,
  });
  return sortFindings(findings).map(
    ({ kind, path, field = "", group = "" }) => `${kind} ${path} ${field} ${group}`,
  );
}

test("what is no password is not judged", async () => {
  const fields = {
    pin: "1234",
    cvv: "123",
    otp: "monkey",
    private: "monkey",
    notes: "monkey",
    Number: "4111",
  };
  const bytes: Field = { name: "password", text: "AAAA", encoding: "base64", concealed: true };
  expect(await found([entry("a", fields), entry("b", fields), entry("c", {}, { fields: [bytes] })])).toEqual(
    [],
  );
  expect(await found([entry("d", { key: "two\nlines" }), entry("e", { key: "x".repeat(1025) })])).toEqual([]);
  expect(await found([entry("f", { password: "" })])).toEqual([]);
});

test("one value twice in an entry is not reused, in several entries it is", async () => {
  const value = "quiet-Harbour-77-violin";
  expect(await found([entry("a", { password: value, passphrase: value })])).toEqual([]);
  expect(await found([entry("b", { key: value }), entry("a", { password: value, token: value })])).toEqual([
    "reused a password 1",
    "reused a token 1",
    "reused b key 1",
  ]);
});

test("similar ones are told with all places of each value, and equal ones alone are not similar", async () => {
  const [one, two] = ["quiet-Harbour-77-violin", "quiet-Harbour-78-violin"];
  const entries = [entry("a", { key: one }), entry("b", { key: one }), entry("c", { key: two })];
  expect(await found(entries, ["similar"])).toEqual([
    "similar a key 1",
    "similar b key 1",
    "similar c key 1",
  ]);
  expect(await found(entries.slice(0, 2), ["similar"])).toEqual([]);
  expect(await found([entry("a", { key: one, token: two })], ["similar"])).toEqual([]);
});

test.each<[string, Entry]>([
  ["title", entry("web/GitHub", { password: "github" })],
  ["path", entry("web/GitHub", { password: "web/github" })],
  ["user name", entry("a", { username: "Mara.Holt", password: "mara.holt" })],
  ["what stands before the @", entry("a", { email: "mara.holt@example.org", password: "Mara.Holt" })],
  ["host", entry("a", { url: "https://www.forum.example.org/x", password: "www.forum.example.org" })],
  ["label of the host", entry("a", { url2: "https://www.forum.example.org", password: "Forum" })],
])("a password that is the %s is a name, and not weak beside", async (_what, made) => {
  expect(await found([made], ["name", "weak"])).toEqual([`name ${made.path} password `]);
});

test("the words of an entry make a password weak, and in another entry it is not", async () => {
  const password = "zaphodbeeblebrox42";
  const own = entry("a", { username: "zaphod.beeblebrox@example.org", password });
  expect(await found([own], ["weak"])).toEqual([]);
  const whole = entry("b", { username: "zaphodbeeblebrox", password });
  expect(await found([whole], ["weak"])).toEqual(["weak b password "]);
});

test("old is what was written earlier, where that is known; expired is what was good until yesterday", async () => {
  const strong = "quiet-Harbour-77-violin";
  const written = (at: number) => ({ written: { password: at } });
  const entries = [
    entry("a", { password: strong }, written(NOW - 1001)),
    entry("b", { password: `${strong}-and-more` }, written(NOW - 1000)),
    entry("c", { password: `${strong}-or-less-of-it` }),
    entry("d", {}, { expires: "2025-12-31" }),
    entry("e", {}, { expires: "2026-01-01" }),
  ];
  expect(await found(entries, ["old", "expired"])).toEqual(["expired d  ", "old a password "]);
});

test.each<[string, boolean]>([
  ["http://example.com/login", true],
  ["HTTP://EXAMPLE.COM", true],
  ["http://8.8.8.8:8080", true],
  ["http://172.32.0.1", true],
  ["http://localhost.example.com", true],
  ["http://[2001:db8::1]/", true],
  ["https://example.com", false],
  ["example.com", false],
  ["ftp://example.com", false],
  ["http://localhost:3000", false],
  ["http://127.0.0.1", false],
  ["http://2130706433/", false],
  ["http://[::1]/", false],
  ["http://[fe80::1]/", false],
  ["http://10.1.2.3", false],
  ["http://172.16.0.1", false],
  ["http://192.168.1.1/admin", false],
  ["http://printer", false],
  ["http://nas.local./", false],
  ["http://router.home.arpa", false],
  ["http://", false],
  ["not a url", false],
])("%s goes over the network in clear: %s", (url, expected) => {
  expect(isPlainRemote(url)).toBe(expected);
});

describe("similar", () => {
  test.each<[string, string, boolean]>([
    ["hunter2hunter", "hunter3hunter", true],
    ["hunter2hunter", "hunter2hunters", true],
    ["hunter2hunter", "hunterhunter", true],
    ["hunter2hunter", "huntre2hunter", true],
    ["Sommer2023!", "s0mmer24", true],
    ["!!Berlin1", "berlin", true],
    ["abc12", "abc13", false],
    ["hunter2hunter", "hunter45hunters", false],
    ["12345678", "87654321", false],
    ["🔑🔑🔑🔑🔑🔑a", "🔑🔑🔑🔑🔑🔑b", true],
    ["a".repeat(65), "a".repeat(66), false],
  ])("%j and %j: %s", async (one, two, expected) => {
    expect(await groups([one, "something else", two])).toEqual(expected ? [[0, 2]] : []);
  });

  test("are those that are the same without one character each, and what these join", async () => {
    const bytes = seededRandom("similar")(4000);
    const made = Array.from({ length: 400 }, (_, at) =>
      Array.from(bytes.subarray(10 * at, 10 * at + 6 + (at % 4)), (byte) => byte % 4).join(""),
    );
    const values = [...new Set(made)];
    const marks = values.map((value) => new Set(marksOf(value)));
    const labels = values.map((_, at) => at);
    for (const [at, mark] of marks.entries()) {
      for (const other of marks.keys()) {
        if (labels[at] === labels[other] || mark.isDisjointFrom(marks[other] ?? mark)) continue;
        const [kept, gone] = [labels[at] ?? at, labels[other]];
        for (const [place, label] of labels.entries()) if (label === gone) labels[place] = kept;
      }
    }
    const joined = [...Map.groupBy(values.keys(), (at) => labels[at]).values()].filter(
      ({ length }) => length > 1,
    );
    expect(joined.length).toBeGreaterThan(5);
    expect(await groups(values)).toEqual(joined);
  });

  test("joins what is joined by others, and takes no more time than there are values", async () => {
    const chain = ["violin-aaaa-x", "violin-aaab-x", "violin-aabb-x", "violin-abbb-x", "violin-bbbb-x"];
    expect(await groups(chain)).toEqual([[0, 1, 2, 3, 4]]);
    const many = Array.from({ length: 20_000 }, (_, at) => `common beginning ${String(at).padStart(6, "0")}`);
    expect((await groups(many)).map(({ length }) => length)).toEqual([20_000]);
  });
});
