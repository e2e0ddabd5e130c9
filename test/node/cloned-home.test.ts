// A machine's whole home, copied: with the vault also what the machine remembers of it.
import fs from "node:fs";
import { beforeEach, expect, test } from "vitest";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import type { StoreOptions } from "../../src/node/vault-store.ts";
import { change, creation, field } from "../support/draft-builder.ts";
import { create, file, open, store, useSessionHome } from "../support/session-home.ts";
import { contentOf, copyAt } from "../support/vault-content.ts";

useSessionHome();

let id: string;

const home = (name: string): StoreOptions => store(`${name}/vault.pm`, `${name}/state`);
const password = (text: string): ReturnType<typeof field> => field("password", text, true);

beforeEach(async () => {
  fs.mkdirSync(file("home"));
  fs.cpSync(file("home"), file("clone"), { recursive: true });
  await createAt("home");
  using session = await open(home("home"));
  [id = ""] = (await session.edit([creation("a", { fields: [password("one")] })])).ids;
  fs.rmSync(file("clone"), { recursive: true });
  fs.cpSync(file("home"), file("clone"), { recursive: true, preserveTimestamps: true });
});

async function createAt(name: string): Promise<void> {
  await create(`${name}/vault.pm`);
  fs.renameSync(file("state"), file(`${name}/state`));
}

/** Opens a home at its own path, or moved to the path of the first one. */
type Opened = <T>(name: "home" | "clone", use: (session: VaultSession) => Promise<T>) => Promise<T>;

const atItsPath: Opened = async (name, use) => {
  using session = await open(home(name));
  return await use(session);
};

/** What is at the path of the first home is always the one in use, as on a machine of its own. */
const atOnePath: Opened = async (name, use) => {
  if (name === "home") return await atItsPath("home", use);
  fs.renameSync(file("home"), file("aside"));
  fs.renameSync(file("clone"), file("home"));
  try {
    return await atItsPath("home", use);
  } finally {
    fs.renameSync(file("home"), file("clone"));
    fs.renameSync(file("aside"), file("home"));
  }
};

const DIFFERENT: readonly [here: Edit[], there: Edit[]] = [
  [{ ...change(""), set: [password("here")] }],
  [{ ...change(""), set: [field("username", "there")] }],
];
const SAME: typeof DIFFERENT = [
  [{ ...change(""), set: [password("here")] }],
  [{ ...change(""), set: [password("there")] }],
];
/** The second edit of each stands at a number that the other's second edit has, too. */
const SEVERAL: typeof DIFFERENT = [
  [...DIFFERENT[0], creation("new here"), { ...change(""), addTags: ["here"] }],
  [...SAME[1], { ...change(""), addTags: ["there"] }, creation("new there"), ...DIFFERENT[1]],
];

async function editAll(session: VaultSession, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) await session.edit([edit.kind === "update" ? { ...edit, id } : edit]);
}

const everything = async (session: VaultSession): Promise<string> => JSON.stringify(await contentOf(session));

interface Case {
  readonly how: string;
  readonly at: Opened;
  readonly what: string;
  readonly edits: typeof DIFFERENT;
  readonly kept: readonly string[];
}

const CASES: readonly Case[] = [
  { how: "copied to another path", at: atItsPath },
  { how: "copied to the same path of another machine", at: atOnePath },
].flatMap((place) => [
  { ...place, what: "another field", edits: DIFFERENT, kept: ["here", "there"] },
  { ...place, what: "the same field", edits: SAME, kept: ["here", "there"] },
  { ...place, what: "several things", edits: SEVERAL, kept: ["here", "there", "new here", "new there"] },
]);

test.each(CASES)("a home $how, and $what edited on each side: merging loses nothing", async (item) => {
  const { at, edits, kept } = item;
  const [here, there] = edits;
  await at("home", (session) => editAll(session, here));
  await at("clone", (session) => editAll(session, there));
  fs.copyFileSync(file("clone/vault.pm"), file("of-clone.pm"));
  const merged = await at("home", async (session) => {
    await session.merge(copyAt("of-clone.pm"), { dryRun: false, strict: false });
    await session.verify();
    return await everything(session);
  });
  for (const text of kept) expect(merged).toContain(`"${text}"`);
  fs.copyFileSync(file("home/vault.pm"), file("of-home.pm"));
  const other = await at("clone", async (session) => {
    await session.merge(copyAt("of-home.pm"), { dryRun: false, strict: false });
    return await everything(session);
  });
  expect(other).toBe(merged);
  // From now on each writes under an id of its own, and no conflict comes of what the other has seen.
  const replicas = [];
  for (const name of ["home", "clone"] as const) {
    replicas.push(
      await at(name, async (session) => {
        await session.edit([creation(`later in ${name}`), change(id, { set: [password(`in ${name}`)] })]);
        return (await session.log())[0]?.replica;
      }),
    );
  }
  expect(new Set(replicas).size).toBe(2);
  fs.copyFileSync(file("clone/vault.pm"), file("of-clone.pm"));
  await at("home", async (session) => {
    const { report } = await session.merge(copyAt("of-clone.pm"), { dryRun: false, strict: false });
    expect(report.conflicts).toEqual([{ id, path: "a", names: ["password"] }]);
    const [conflict] = await session.conflicts();
    expect(conflict?.values.map(({ value }) => value?.text).toSorted()).toEqual(["in clone", "in home"]);
  });
});
