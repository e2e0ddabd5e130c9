/** One call, from its arguments to its exit status. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { PmError } from "../../src/core/errors.ts";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/cli/version.ts";
import { temporaryDirectory } from "../support/process.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo, type TestIoOptions } from "../support/test-io.ts";

interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function pm(argv: readonly string[], options: Partial<TestIoOptions> = {}): Promise<Ended> {
  const home = temporaryDirectory();
  const env = { PM_HOME: join(home, "pm"), HOME: home, ...options.env };
  const call = createTestIo({ random: seededRandom("main"), cwd: home, ...options, env });
  const exit = await main(argv, call.io);
  return { exit, out: fromUtf8(call.stdout()) ?? "", err: call.stderr() };
}

test.each([["-V"], ["--version"], ["version"]])("pm %s prints the version", async (argument) => {
  expect(await pm([argument])).toEqual({ exit: 0, out: `pm ${VERSION}\n`, err: "" });
});

test.each([[["--version", "--json"]], [["--json", "-V"]], [["version", "--json"]]])(
  "%j prints JSON",
  async (argv) => {
    expect(JSON.parse((await pm(argv)).out)).toEqual({ v: 1, version: VERSION, format: "PMV1" });
  },
);

test("pm alone prints the help of pm, on stdout", async () => {
  const alone = await pm([]);
  expect(alone).toMatchObject({ exit: 0, err: "" });
  expect(alone).toEqual(await pm(["help"]));
  expect(alone).toEqual(await pm(["--help"]));
});

describe("a mistake", () => {
  test("is a sentence and a hint, exit 2, and nothing on stdout", async () => {
    expect(await pm(["github"])).toEqual({
      exit: 2,
      out: "",
      err: "pm: error: pm has no command github\npm: hint: did you mean `pm get github`?\n",
    });
  });

  test.each([[["github", "--json"]], [["--json", "github"]]])("is JSON with --json: %j", async (argv) => {
    const { exit, out, err } = await pm(argv);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(JSON.parse(err)).toMatchObject({ error: { code: "usage", exit: 2 } });
  });

  test("is no JSON where --json is an argument", async () => {
    expect((await pm(["version", "--", "--json"])).err).toMatch(/^pm: error: /);
  });

  test("in what it holds is shown harmlessly", async () => {
    expect((await pm(["\u001b[2J"])).err).not.toContain("\u001b");
  });
});

describe("--read-only", () => {
  test.each([
    [["--read-only", "add", "a", "--no-secret"], {}],
    [["rm", "a", "-y"], { PM_READ_ONLY: "1" }],
    [["gen", "a", "--read-only"], {}],
  ])("refuses %j before it asks for a password", async (argv, env) => {
    const { exit, out, err } = await pm(argv, { env });
    expect({ exit, out }).toEqual({ exit: 13, out: "" });
    expect(err).toMatch(/^pm: error: [^\n]*read-only[^\n]*\npm: hint: [^\n]+\n$/);
  });

  test("lets pass what opens no vault", async () => {
    expect((await pm(["gen", "--read-only"])).exit).toBe(0);
  });
});

describe("Ctrl-C at a prompt", () => {
  test("ends with 130", async () => {
    expect((await pm(["init"], { answers: ["^C"] })).exit).toBe(130);
  });
});

describe("a fault of pm itself", () => {
  const faulty: Partial<TestIoOptions> = {
    random: () => {
      throw new Error("hunter2 in a message");
    },
  };

  test("says nothing of what it was about", async () => {
    const { exit, out, err } = await pm(["gen"], faulty);
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(err).toMatch(/^pm: error: internal error\npm: hint: [^\n]+\n$/);
  });

  test("shows where it happened with PM_DEBUG, and still not what it was about", async () => {
    const { err } = await pm(["gen"], { ...faulty, env: { PM_DEBUG: "1" } });
    expect(err).toMatch(/^ +at .*main\.test/m);
    expect(err).not.toContain("hunter2");
  });

  test("has its causes there, too", async () => {
    const random = (): never => {
      throw new PmError("io", "outer", { cause: new TypeError("hunter2") });
    };
    const { exit, err } = await pm(["gen"], { random, env: { PM_DEBUG: "1" } });
    expect(exit).toBe(9);
    expect(err).toContain("caused by TypeError");
    expect(err).not.toContain("hunter2");
  });
});
