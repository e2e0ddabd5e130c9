/** The script runner fails where it must. The pm here is a stand-in that does what its arguments say. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Io } from "../../src/node/io.ts";
import { parseScript } from "./script-file.ts";
import { runScene } from "./script.ts";
import { shellWords } from "./shell-words.ts";

async function fakePm([verb, ...args]: readonly string[], io: Io): Promise<number> {
  switch (verb) {
    case "say":
      await io.stdout.write(`${args.join(" ")}\n`);
      return 0;
    case "cat":
      await io.stdout.write(await io.stdin.read(1000));
      return 0;
    case "ask":
      for (const label of args) {
        await io.stdout.write((await io.openTerminal()?.readSecret(label)) ?? "nobody");
      }
      return 0;
    case "env":
      await io.stdout.write(io.env[args[0] ?? ""] ?? "unset");
      return 0;
    case "now":
      await io.stdout.write(String(io.now()));
      return 0;
    case "random":
      await io.stdout.write(io.random(4).join());
      return 0;
    case "save":
      mkdirSync(join(io.env["PM_HOME"] ?? "", "data"), { recursive: true });
      writeFileSync(join(io.env["PM_HOME"] ?? "", "data", "vault.pm"), args[0] ?? "");
      if (args[1] !== undefined) await io.stderr.write("pm: error: it failed\npm: hint: try again\n");
      return Number(args[1] ?? 0);
    case "fail":
      await io.stderr.write("pm: error: it failed\npm: hint: try again\n");
      return Number(args[0]);
    case "grumble":
      await io.stderr.write("pm: error: it failed\n");
      return 3;
    default:
      return 99;
  }
}

async function run(body: string): Promise<void> {
  const script = parseScript(`## scene\n${body}`);
  for (const scene of script.scenes) await runScene(script, scene, fakePm);
}

test.each([
  ["exact lines", "pm say a b\nout 'a b'"],
  ["patterns, and that they are absent", "pm say abc\nstdout '^a.c$'\n! stdout x"],
  ["a failure, with its code", "! pm fail 5\nexit 5\nstderr 'it failed'"],
  ["input as text", "stdin $'x\\ny'\npm cat\nstdout '^y$'\npm cat\nout"],
  ["input from a file", "stdin @in.txt\npm cat\ncmp stdout in.txt\n-- in.txt --\nhello"],
  ["answers in order", "tty one two\npm ask A B\nstdout onetwo\nterminal '^B$'\npm ask C\nstdout nobody"],
  [
    "variables for one call and for all",
    "A_B=1 pm env A_B\nstdout 1\npm env A_B\nstdout unset\nenv A_B=2\npm env A_B\nstdout 2",
  ],
  ["a value kept for later", "pm say id 42\nsave ID stdout 'id (\\d+)'\npm say $ID\nout 42"],
  [
    "a clock that stands still but for a counter",
    "pm now\nstdout 1767225600000\npm now\nstdout 1767225600001\nclock +5m\npm now\nstdout 1767225900002",
  ],
  ["the same randomness each time", "pm random\nstdout '^[0-9,]+$'"],
  [
    "files",
    "pm say x\ncp stdout f\nexists f\nchmod 600 f\nmode f 0600\ncp f g\ncmp f g\nflip g 0\n! cmp f g\ncut g 1\nrm g\n! exists g",
  ],
  [
    "members of JSON",
    `pm say '{"a":[{"b":"c"}],"n":1}'\njson a.0.b c\njson a '[{"b":"c"}]'\njson n 1\n! json n 2`,
  ],
])("understands %s", async (_what, body) => {
  await expect(run(body)).resolves.toBeUndefined();
});

test.each([
  ["an unexpected failure", "pm fail 3", "expected it to succeed"],
  ["an unexpected success", "! pm say x", "expected it to fail"],
  ["another exit code", "! pm fail 3\nexit 5", "expected exit 5"],
  ["a failure without an error line", "! pm nothing", "without an error line"],
  ["a failure without a hint", "! pm grumble", "without a hint"],
  ["a failure that changed the vault", "pm save a\n! pm save b 1", "a failure changed"],
  ["an answer that nobody asked for", "tty one two\npm ask A", "1 answers were not asked for"],
  ["a question that nobody answered", "tty one\n! pm ask A B", "interrupted|not answered"],
  ["answers without a call", "tty one", "not followed by a pm"],
  ["an unknown word", "dance", "unknown word"],
  ["an unset variable", "pm say $NOPE", "NOPE is not set"],
  ["a quote that is not closed", "pm say 'x", "not closed"],
  ["other output", "pm say x\nout y", "expected stdout"],
])("refuses %s, naming the line", async (_what, body, message) => {
  await expect(run(body)).rejects.toThrow(new RegExp(`^line \\d+: [^]*(${message})|${message}`));
});

test("runs each scene in a directory of its own", async () => {
  await expect(
    run("pm save a\nexists home/data/vault.pm\n## second\n! exists home"),
  ).resolves.toBeUndefined();
});

test("refuses commands before the first scene", () => {
  expect(() => parseScript("pm say x\n## scene\n")).toThrow("line 1 stands before");
});

test.each([
  ["a  b", ["a", "b"]],
  ["'a b' \"c d\"", ["a b", "c d"]],
  ["a'b'\"c\"", ["abc"]],
  ["''", [""]],
  [String.raw`a\ b "x\"y" \$V`, ["a b", 'x"y', "$V"]],
  ["$V \"$V\" '$V'", ["value", "value", "$V"]],
  [String.raw`$'a\nb\x41'`, ["a\nbA"]],
  ["-- --json", ["--", "--json"]],
])("splits %s as a shell does", (line, words) => {
  expect(shellWords(line, { V: "value" })).toEqual(words);
});
