/**
 * A file that Chromium itself wrote: 156.0.8078.114 of Debian 12, in a fresh profile. ENTERED was put in by
 * chrome.passwordsPrivate.addPassword on its page chrome://password-manager/settings, and came out by exportPasswords
 * there, saved through the dialog that this opens, and left as it was to the byte.
 */
import { copyFileSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createCaller } from "../support/entry-calls.ts";

const EXPORT = new URL("../vectors/import/chromium.csv", import.meta.url);

type Saved = readonly [name: string, url: string, username: string, password: string, note: string];

/** The names are those that pm gives. */
const ENTERED: readonly Saved[] = [
  ["plain.example", "https://plain.example/login", "mara", "plain words", ""],
  ["comma.example", "https://comma.example/", "mara, the first", "one,two,,three", "a, b"],
  ["quote.example", "https://quote.example/", 'mara "m"', '"all quoted"', 'she said ""so""'],
  [
    "lines.example",
    "https://lines.example/",
    "mara",
    "in lines",
    "first line\nsecond line\r\nthird, after a return\n\nlast\n",
  ],
  ["umlaut.example", "https://umlaut.example/", "mära@exämple.example", "Straße äöü €", "größer als ÿ"],
  ["emoji.example", "https://emoji.example/", "🦊", "😀👨‍👩‍👧", "tab\there"],
  ["spaces.example", "https://spaces.example/", "  mara  ", "  two before, two after  ", "  spaced note  "],
  ["nobody.example", "https://nobody.example/", "", "no user name", ""],
  ["formula.example", "https://formula.example/", "=1+1", "=1+1", "@SUM(A1)"],
  ["signs.example", "https://signs.example/", "-mara", "'+1;2\\n", "#;|`"],
  ["http:--insecure.example:8080", "http://insecure.example:8080/a/b?c=d#e", "mara", "by path", ""],
  ["müller.example", "https://müller.example/", "mara", "international", ""],
  ["twice.example", "https://twice.example/", "anna", "hers", ""],
  ["twice.example (bert)", "https://twice.example/", "bert", "his", ""],
];

/** Chromium saves an address without what follows the path, its host in ASCII. */
function asChromiumSaves(entered: string): string {
  const { origin, pathname } = new URL(entered);
  return origin + pathname;
}

/** An address without TLS is the name as well, and has slashes. */
function titleField(name: string): Readonly<Record<string, string>> {
  return name.startsWith("http:") ? { title: name.replace("--", "//") } : {};
}

interface Exported {
  readonly entries: readonly {
    readonly path: string;
    readonly type: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  }[];
}

test("what Chromium exports arrives field by field, and once", async () => {
  using pm = await createCaller();
  copyFileSync(EXPORT, `${pm.directory}/Chrome Passwords.csv`);
  const { exit, stdout } = await pm.run(["import", "chrome", "Chrome Passwords.csv"]);
  expect(stdout).toContain(`new     ${ENTERED.length}  entries\n`);
  expect(exit).toBe(0);

  const { entries } = JSON.parse((await pm.run(["export", "--plaintext", "-y"])).stdout) as Exported;
  const arrived = entries.map(({ path, type, fields }) => [
    path,
    type,
    Object.fromEntries(fields.map(({ name, value }) => [name, value])),
  ]);
  const expected = ENTERED.map(([name, url, username, password, notes]) => [
    name,
    "login",
    {
      url: asChromiumSaves(url),
      password,
      ...(username === "" ? {} : { username }),
      ...(notes === "" ? {} : { notes }),
      ...titleField(name),
    },
  ]);
  const byName = (a: readonly unknown[], b: readonly unknown[]): number =>
    String(a[0]) < String(b[0]) ? -1 : 1;
  expect(arrived.toSorted(byName)).toEqual(expected.toSorted(byName));

  const vault = `${pm.directory}/home/data/vault.pm`;
  const before = readFileSync(vault);
  const again = await pm.run(["import", "Chrome Passwords.csv"]);
  expect(again).toMatchObject({ exit: 0, stdout: `same  ${ENTERED.length}  entries\n` });
  expect(readFileSync(vault)).toEqual(before);
});
