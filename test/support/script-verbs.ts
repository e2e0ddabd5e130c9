/** The words of the script language; script.ts lists them. */
import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { concat, equalBytes, fromUtf8, utf8 } from "../../src/core/bytes.ts";
import type { StreamName } from "./test-io.ts";
import type { World } from "./script-world.ts";

interface Call {
  readonly negated: boolean;
  readonly env: Readonly<Record<string, string>>;
}

type Verb = (world: World, args: readonly string[], call: Call) => void | Promise<void>;

const MILLISECONDS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DEFAULT_PASSWORD = "correct horse battery staple";

export const VERBS: Readonly<Record<string, Verb>> = {
  pm,
  fails: async (world, [code = "", ...argv], { env }) => {
    await world.run(argv, env);
    require(String(world.last?.exit) === code, `expected exit ${code}`);
  },
  vault: async (world, [password = DEFAULT_PASSWORD], call) => {
    world.env["PM_PASSWORD"] = password;
    await pm(world, ["init"], call);
  },
  exit: (world, [code]) => {
    require(String(world.last?.exit) === code, `expected exit ${code}`);
  },
  out: (world, lines, { negated }) => {
    const expected = lines.map((line) => `${line}\n`).join("");
    require((world.text("stdout") === expected) !== negated, `expected stdout:\n${expected}`);
  },
  stdout: matcher("stdout"),
  stderr: matcher("stderr"),
  terminal: matcher("terminal"),
  json,
  save: (world, [name = "", stream = "", pattern = ""]) => {
    const match = new RegExp(pattern, "m").exec(world.text(stream));
    require(match !== null, `${stream} does not match ${pattern}`);
    world.env[name] = match?.[1] ?? match?.[0];
  },
  stdin: (world, [text = ""]) => {
    world.stdin = text.startsWith("@") ? world.read(text.slice(1)) : utf8(text);
  },
  tty: (world, answers) => {
    world.answers = answers;
  },
  isatty: (world, streams) => {
    for (const stream of streams as StreamName[]) world.ttys.add(stream);
  },
  env: (world, assignments) => {
    for (const assignment of assignments) {
      const equals = assignment.indexOf("=");
      const value = assignment.slice(equals + 1);
      world.env[assignment.slice(0, equals)] = value.startsWith("@")
        ? fromUtf8(world.read(value.slice(1)))
        : value || undefined;
    }
  },
  clock: (world, [step = ""]) => {
    const [, count, unit = ""] = /^\+(\d+)([smhd])$/.exec(step) ?? [];
    require(count !== undefined, "a step is +5m");
    world.clock.advance(Number(count) * (MILLISECONDS[unit] ?? 0));
  },
  cmp: (world, [a = "", b = ""], { negated }) => {
    const same = equalBytes(world.read(a), world.read(b));
    require(same !== negated, `${a} and ${b} ${same ? "are the same" : "differ"}`);
  },
  exists: (world, names, { negated }) => {
    for (const name of names) {
      require(existsSync(world.path(name)) !== negated, `${name} ${negated ? "exists" : "does not exist"}`);
    }
  },
  mode: (world, [name = "", mode = ""]) => {
    const actual = (statSync(world.path(name)).mode & 0o777).toString(8);
    // Windows has no such modes.
    require(process.platform === "win32" || actual === mode.replace(/^0/, ""), `${name} has mode ${actual}`);
  },
  cp: (world, [from = "", to = ""]) => world.write(to, world.read(from)),
  rm: (world, names) => {
    for (const name of names) rmSync(world.path(name), { recursive: true });
  },
  hex: (world, [name = "", digits = ""]) => world.write(name, Uint8Array.from(Buffer.from(digits, "hex"))),
  fill: (world, [name = "", count = ""]) => world.write(name, new Uint8Array(Number(count)).fill(0x61)),
  poke: (world, [name = "", offset = "", digits = ""]) => {
    const bytes = world.read(name);
    bytes.set(Buffer.from(digits, "hex"), Number(offset));
    world.write(name, bytes);
  },
  splice: (world, [to = "", head = "", tail = "", offset = ""]) => {
    const [a, b] = [world.read(head), world.read(tail)];
    world.write(to, concat(a.subarray(0, Number(offset)), b.subarray(Number(offset))));
  },
  mkdir: (world, [name = ""]) => {
    mkdirSync(world.path(name), { recursive: true });
  },
  chmod: (world, [mode = "", name = ""]) => chmodSync(world.path(name), Number.parseInt(mode, 8)),
  flip: (world, [name = "", offset = ""]) => {
    const bytes = world.read(name);
    const index = Number(offset) < 0 ? bytes.length + Number(offset) : Number(offset);
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    world.write(name, bytes);
  },
  cut: (world, [name = "", length = ""]) => world.write(name, world.read(name).subarray(0, Number(length))),
};

async function pm(world: World, argv: readonly string[], { negated, env }: Call): Promise<void> {
  const before = world.data();
  await world.run(argv, env);
  const exit = world.last?.exit;
  require((exit === 0) !== negated, `expected it to ${negated ? "fail" : "succeed"}`);
  // That one says everything by its exit status.
  if (!negated || argv.includes("--check")) return;
  // The rules of every failure.
  // What a check has found is its answer.
  require(exit === 11 || world.text("stdout") === "", "a failure printed on stdout");
  require(/^(?:pm: (?:error|warning): |\{"error":)/.test(
    world.text("stderr"),
  ), "a failure without an error line");
  // Who said no or pressed Ctrl-C knows what to do.
  const isWish = exit === 1 || exit === 130;
  require(isWish || /^pm: hint: |"hint":/m.test(world.text("stderr")), "a failure without a hint");
  require(world.data() === before, "a failure changed the vault's directory");
}

function matcher(stream: StreamName | "terminal"): Verb {
  return (world, [pattern = ""], { negated }) => {
    const matches = new RegExp(pattern, "mu").test(world.text(stream));
    require(matches !== negated, `${stream} ${matches ? "matches" : "does not match"} ${pattern}`);
  };
}

function json(world: World, args: readonly string[], { negated }: Call): void {
  const stream = args[0] === "stderr" ? "stderr" : "stdout";
  const [path = "", expected = ""] = args[0] === "stderr" ? args.slice(1) : args;
  let value: unknown = JSON.parse(world.text(stream));
  for (const key of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
  const texts = [JSON.stringify(value), String(value)];
  require(texts.includes(expected) !== negated, `${path} is ${texts[0]}`);
}

function require(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
