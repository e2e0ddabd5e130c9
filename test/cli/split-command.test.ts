import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasCode } from "../../src/core/errors.ts";
import { splitCommand } from "../../src/cli/split-command.ts";

const ENV = { HOME: "/home/a b", EMPTY: "", _x1: 'it\'s "so" $HOME \\' };

/** [rule, text, words] */
const SPLIT: readonly (readonly [string, string, readonly string[]])[] = [
  ["splits at any run of white space", " a\tb \n c\v\f\rd ", ["a", "b", "c", "d"]],
  ["keeps spaces in either quotes", `a 'b c' "d e"`, ["a", "b c", "d e"]],
  ["joins quoted and bare parts", `a"b c"'d e'f`, ["ab cd ef"]],
  ["takes empty quotes as an empty word", `a '' ""`, ["a", "", ""]],
  ["keeps the other kind of quote", `"it's" '"x"'`, ["it's", '"x"']],
  ["escapes quotes, hash, dollar and backslash", String.raw`\"a\' \#b \$c \\d`, [`"a'`, "#b", "$c", "\\d"]],
  ["escapes in double quotes", String.raw`"\"a\" \$\\"`, [`"a" $\\`]],
  ["escapes only ' and \\ in single quotes", String.raw`'it\'s \\ \n \$'`, [String.raw`it's \ \n \$`]],
  ["writes control characters", String.raw`a\tb"\n\r\f\v"`, ["a\tb\n\r\f\v"]],
  [
    "separates at a bare \\_ and makes it a space in double quotes",
    String.raw`a\_b "c\_d"`,
    ["a", "b", "c d"],
  ],
  ["ignores what follows \\c", String.raw`a b\c d 'e`, ["a", "b"]],
  ["ignores a comment", "a b# #c d", ["a", "b#"]],
  ["expands ${NAME} without splitting it", "a ${HOME} x${HOME}y", ["a", "/home/a b", "x/home/a by"]],
  ["expands in double quotes and takes the value as it is", '"${_x1}"', [`it's "so" $HOME \\`]],
  ["does not expand in single quotes", "a '${HOME}'", ["a", "${HOME}"]],
  ["drops a bare unset variable, keeps a set empty one", "a ${NONE} ${EMPTY}", ["a", ""]],
  [
    "leaves what a shell would expand",
    "a ~ * ${HOME} `b` ; | & >c",
    ["a", "~", "*", "/home/a b", "`b`", ";", "|", "&", ">c"],
  ],
];

test.each(SPLIT)("%s", (_rule, text, words) => {
  expect(splitCommand(text, ENV, "X")).toEqual(words);
});

/** [rule, text] */
const REFUSED: readonly (readonly [string, string])[] = [
  ["an open single quote", "a 'b"],
  ["an open double quote", 'a "b'],
  ["a bare dollar", "a $HOME"],
  ["an unfinished ${", "a ${HOME"],
  ["an unknown escape", String.raw`a \q`],
  ["a backslash at the end", "a \\"],
  ["\\c in double quotes", String.raw`"a\c"`],
  ["an empty text", ""],
  ["only a comment", " # a"],
];

test.each(REFUSED)("refuses %s, without showing the text", (_rule, text) => {
  try {
    splitCommand(text, ENV, "--password-command");
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, "usage")).toBe(true);
    expect(String(error)).toMatch(/--password-command/);
    if (text.length > 3) expect(String(error)).not.toContain(text);
  }
});

const HAS_ENV_S = spawnSync("env", ["-S", "true"]).status === 0;

test.skipIf(!HAS_ENV_S)("splits as the env -S of this machine does", () => {
  const pieces = fc.constantFrom(
    "a",
    " ",
    "'",
    '"',
    "\\",
    "#",
    "$",
    "${HOME}",
    "${NONE}",
    "_",
    "c",
    "n",
    "\t",
    "é",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      // The marker is a word before, so that an empty text still names a command.
      const real = spawnSync("env", ["-S", `printf '%s\\\\0' ${text}`], {
        env: { ...ENV, PATH: process.env["PATH"] },
      });
      let mine: string;
      try {
        const [, , ...words] = splitCommand(`printf '%s\\\\0' ${text}`, ENV, "X");
        mine = (words.length === 0 ? [""] : words).map((word) => `${word}\0`).join("");
      } catch {
        expect(real.status).toBe(125);
        return;
      }
      expect(real.stdout.toString()).toBe(mine);
    }),
    { numRuns: 150 },
  );
});
