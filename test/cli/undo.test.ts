/** After each command that writes, `pm undo` gives the content back; dots and times apart. */
import { copyFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallOptions, type Caller, createCaller } from "../support/entry-calls.ts";

let caller: Caller;
/** Which of the two vaults of this file is meant. */
let vault = "home/data/vault.pm";
/** A machine key, which costs nothing to open with. */
let key: Readonly<Record<string, string>> = {};

async function pm(line: string, options: CallOptions = {}): Promise<string> {
  const env = { PM_VAULT: `./${vault}`, ...key, ...options.env };
  const { exit, stdout, stderr } = await caller.run(line.split(" "), { ...options, env });
  if (exit !== 0) throw new Error(`pm ${line}: ${stderr}`);
  return stdout;
}

/** Moments and devices are not content. */
const TIMES = new Set(["modified", "written", "replica"]);

function withoutTimes(json: string): unknown {
  return JSON.parse(json, (name, value: unknown) => (TIMES.has(name) ? undefined : value));
}

/** All that people can see of the vault, history and conflicts included. */
async function content(): Promise<unknown> {
  const lists = [await pm("ls --json"), await pm("trash ls --json")];
  const ids = lists.flatMap((list) => JSON.parse(list).entries.map(({ id }: { id: string }) => id));
  const entries: unknown[] = [];
  for (const id of ids) entries.push(withoutTimes(await pm(`show id:${id} --all --reveal --json`)));
  return [entries, withoutTimes(await pm("conflicts --reveal --json"))];
}

beforeAll(async () => {
  caller = await createCaller();
  writeFileSync(`${caller.directory}/edit.mjs`, EDITOR);
  await pm("key add machine --token-file ci.key");
  key = { PM_KEY_FILE: "ci.key" };
  await pm("add web/a username=ada url=https://a.example --tag work,old --fav --expires 2027-01-01", {
    stdin: "one",
  });
  await pm("set web/a password=-", { stdin: "two" });
  await pm("add web/b x=1 y:secret=-", { stdin: "s" });
  await pm("add web/c --no-secret");
  await pm("add trashed z=1 --no-secret");
  await pm("rm -y trashed");
  copyFileSync(`${caller.directory}/home/data/vault.pm`, `${caller.directory}/other.pm`);
  await pm("set web/a password=- --vault other.pm", { stdin: "theirs" });
  await pm("set web/b x=2 --vault other.pm");
  await pm("add new/there --no-secret --vault other.pm");
  await pm("rm -y web/c --vault other.pm");
  await pm("set web/a password=-", { stdin: "mine" });
  await pm("set web/c x=edited");
  copyFileSync(`${caller.directory}/home/data/vault.pm`, `${caller.directory}/mine.pm`);
  copyFileSync(`${caller.directory}/home/data/vault.pm`, `${caller.directory}/divided.pm`);
  await pm("merge other.pm -q --vault divided.pm");
});

afterAll(() => caller[Symbol.dispose]());

const EDITOR = `import { readFileSync, writeFileSync } from "node:fs";
const file = process.argv.at(-1);
writeFileSync(file, readFileSync(file, "utf8").replace("username: ada", "username: eve").replace("tags: ", "tags: more, "));
`;

const WRITES: [line: string, options?: CallOptions][] = [
  ["add fresh u=1 --tag t", { stdin: "s" }],
  ["add -f web/b other=1", { stdin: "s" }],
  ["set web/a password=- username=bob more:secret=@edit.mjs", { stdin: "three" }],
  ["set web/a --tag +new,-old --no-fav --expires none --type custom"],
  ["unset web/a username password"],
  ["mv web/a elsewhere/a"],
  ["mv -f web/a web/b"],
  ["mv web/ sites/"],
  ["cp web/a copy"],
  ["cp -f web/a web/b"],
  ["rm -y web/a"],
  ["rm -r -y web"],
  ["trash restore trashed"],
  ["gen web/a"],
  ["gen fresh --words 4"],
  ["edit web/a --allow-disk", { env: { EDITOR: "node edit.mjs" } }],
  ["merge other.pm -q"],
  ["restore -y other.pm"],
];

test.each(WRITES)("undo takes back: pm %s", async (line, options) => {
  const before = await content();
  await pm(line, options);
  const after = await content();
  expect(after).not.toEqual(before);
  await pm("undo");
  expect(await content()).toEqual(before);
  await pm("verify");
  // An undo is a change, too.
  await pm("undo");
  expect(await content()).toEqual(after);
  await pm("undo -n 2 -y");
  expect(await content()).toEqual(after);
  await pm("undo");
  expect(await content()).toEqual(before);
});

test.each([
  "resolve web/a --pick 2",
  "resolve --all",
  "set web/a password=@edit.mjs",
  "restore -y mine.pm",
  "restore -y other.pm",
])("undo takes back on a divided vault: pm %s", async (line) => {
  vault = "divided.pm";
  try {
    const before = await content();
    expect(before).toHaveProperty("[1].conflicts.length", 1);
    await pm(line);
    expect(await content()).not.toEqual(before);
    await pm("undo");
    expect(await content()).toEqual(before);
    await pm("verify");
  } finally {
    vault = "home/data/vault.pm";
  }
});

test("several changes of several commands are undone together", async () => {
  const before = await content();
  await pm("add fresh", { stdin: "s" });
  await pm("set web/a username=bob");
  await pm("mv web/a fresh/a");
  await pm("rm -y fresh/a");
  await pm("trash restore fresh/a");
  await pm("undo -n 5 -y");
  expect(await content()).toEqual(before);
});

test.each(["trash empty -y", "rm -y --purge web/b"])("no undo goes behind: pm %s", async (line) => {
  await pm("rm -y web/c");
  await pm(line);
  const after = await content();
  for (const undo of ["undo", "undo -n 2 -y"]) {
    expect((await caller.run(undo.split(" "), { env: key })).exit).toBe(7);
  }
  await pm("add web/c --no-secret");
  await pm("undo");
  expect(await content()).toEqual(after);
  expect((await caller.run(["undo", "-n", "3", "-y"], { env: key })).exit).toBe(7);
  await pm("add web/c --no-secret");
});
