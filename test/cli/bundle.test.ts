/** Bundles by the command line: what their scenes can't tell. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { spellOutDefault } from "../../src/cli/parse.ts";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { cheapInternals } from "../support/cheap-kdf.ts";
import { callHere, PASSWORD } from "../support/home.ts";
import { temporaryDirectory } from "../support/process.ts";
import { createTestIo } from "../support/test-io.ts";

let home: string;

beforeEach(() => {
  home = temporaryDirectory();
});

interface Called {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** How often a key was derived from a password. */
  readonly derived: number;
}

interface Surroundings {
  /** Whether nobody reads stdout. */
  readonly isClosed?: boolean;
  /** What happens while the call asks for the first random bytes. */
  readonly meanwhile?: () => void;
}

async function call(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  { isClosed = false, meanwhile }: Surroundings = {},
): Promise<Called> {
  let isDrawn = false;
  const random = (length: number): Uint8Array => {
    if (!isDrawn) meanwhile?.();
    isDrawn = true;
    return crypto.getRandomValues(new Uint8Array(length));
  };
  const terminal = createTestIo({
    env: { PM_HOME: home, HOME: home, ...env },
    cwd: home,
    now: Date.now,
    random,
  });
  let derived = 0;
  const { argon2id: cheap } = cheapInternals;
  const argon2id: typeof cheap = async (...given) => {
    derived++;
    return (await cheap?.(...given)) ?? new Uint8Array(0);
  };
  const stdout = isClosed
    ? { ...terminal.io.stdout, write: async () => {}, flush: async () => false }
    : terminal.io.stdout;
  const exit = await main(argv, { ...terminal.io, stdout }, { ...cheapInternals, argon2id });
  return { exit, stdout: fromUtf8(terminal.stdout()) ?? "", stderr: terminal.stderr(), derived };
}

const OWNER = { PM_PASSWORD: PASSWORD };

async function fill(): Promise<void> {
  await callHere(["init", "--no-recovery"], home);
  for (const name of ["ci/a", "web/b"]) await callHere(["gen", name], home);
}

test("a machine key opens vault and bundle without deriving anything from a password", async () => {
  await fill();
  const key = (await callHere(["key", "add", "machine"], home)).trim();
  const bundleKey = (await callHere(["bundle", "--only", "ci/*", "-o", "ci.pm"], home)).trim();
  // The password's own, and the check of a back end that has not derived anything yet.
  expect((await call(["ls"], OWNER)).derived).toBeGreaterThan(0);
  expect(await call(["ls"], { PM_KEY: key })).toMatchObject({ exit: 0, derived: 0 });
  const bundle = await call(["ls", "--vault", "./ci.pm"], { PM_KEY: bundleKey });
  expect(bundle).toMatchObject({ exit: 0, stdout: "ci/a\n", derived: 0 });
});

test("one bundle that can't be sealed does not keep the others from it", async () => {
  await fill();
  await callHere(["bundle", "--only", "ci/*", "-o", "ci.pm"], home);
  await callHere(["bundle", "--only", "web/*", "-o", "web.pm"], home);
  rmSync(join(home, "web.pm"));
  writeFileSync(join(home, "ci.pm"), "something else");
  const { exit, stderr, stdout } = await call(["bundle", "refresh", "--all"], OWNER);
  expect({ exit, stdout }).toEqual({ exit: 7, stdout: "" });
  expect(stderr).toContain('"web" is up to date');
  expect(existsSync(join(home, "web.pm"))).toBe(true);
  expect(readFileSync(join(home, "ci.pm"), "utf8")).toBe("something else");
});

test("a bundle whose file can't be written is not remembered", async () => {
  await fill();
  writeFileSync(join(home, "taken.key"), "");
  const before = readdirSync(home);
  const argv = ["bundle", "--only", "ci/*", "-o", "ci.pm", "--token-file", "taken.key"];
  expect(await call(argv, OWNER)).toMatchObject({ exit: 7 });
  expect(readdirSync(home)).toEqual(before);
  expect(await call(["bundle", "ls"], OWNER)).toMatchObject({ exit: 0, stdout: "" });
});

test("a bundle whose key nobody reads is not remembered, and -f has replaced nothing", async () => {
  await fill();
  writeFileSync(join(home, "there.pm"), "old");
  const before = readdirSync(home);
  for (const words of ["-o new.pm", "-o there.pm -f", "-o there.pm -f --json"]) {
    const argv = ["bundle", "--only", "ci/*", ...words.split(" ")];
    expect(await call(argv, OWNER, { isClosed: true })).toMatchObject({ exit: 9 });
  }
  expect(readdirSync(home)).toEqual(before);
  expect(readFileSync(join(home, "there.pm"), "utf8")).toBe("old");
  expect(await call(["bundle", "ls"], OWNER)).toMatchObject({ exit: 0, stdout: "" });
});

test("a file that appears while a bundle is made is neither replaced nor removed", async () => {
  await fill();
  const meanwhile = (): void => writeFileSync(join(home, "ci.pm"), "of somebody else");
  const argv = ["bundle", "--only", "ci/*", "-o", "ci.pm"];
  const { exit, stdout, stderr } = await call(argv, OWNER, { meanwhile });
  expect({ exit, stdout }).toEqual({ exit: 7, stdout: "" });
  expect(stderr).toContain("hint: name another file: -o FILE\n");
  expect(readFileSync(join(home, "ci.pm"), "utf8")).toBe("of somebody else");
  expect(await call(["bundle", "ls"], OWNER)).toMatchObject({ exit: 0, stdout: "" });
});

test("a file that can't be looked at is named", async () => {
  await fill();
  const argv = ["bundle", "--only", "ci/*", "-o", `${"x".repeat(256)}.pm`, "--label", "x"];
  const { exit, stderr } = await call(argv, OWNER);
  expect(exit).toBe(9);
  expect(stderr).toMatch(/can't read .*x\.pm: /);
});

test("no hint takes the bundle for the vault that it was made from", async () => {
  await fill();
  const argv = ["bundle", "--only", "ci/*", "-o", "ci.pm"];
  const PM_KEY = (await callHere(argv, home)).trim();
  const { exit, stderr } = await call(["rm", "ci/a", "-y", "--vault", "./ci.pm"], { PM_KEY });
  expect(exit).toBe(13);
  expect(stderr).toContain("where it was made: pm bundle refresh\n");
});

test.each<[given: string, read: string]>([
  ["bundle --only x", "bundle make --only x"],
  ["bundle -o f", "bundle make -o f"],
  ["--json bundle -q --only x ls", "--json bundle make -q --only x ls"],
  ["bundle make --only x", "bundle make --only x"],
  ["bundle ls", "bundle ls"],
  ["bundle --json ls", "bundle --json ls"],
  ["bundle --vault ls", "bundle --vault ls"],
  ["bundle", "bundle"],
  ["bundle --help", "bundle --help"],
  ["bundle -- --only", "bundle -- --only"],
  ["--vault bundle --only x", "--vault bundle --only x"],
  ["get --only x", "get --only x"],
  ["key --label x", "key --label x"],
])("pm %s is read as pm %s", (given, read) => {
  expect(spellOutDefault(given.split(" "))).toEqual(read.split(" "));
});
