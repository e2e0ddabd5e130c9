/** Programs run in the place of pm: what they can tell, and what comes through. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { concat, fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { areSameFile } from "../../src/node/child-streams.ts";
import { type ChildCall, type ChildEnd, runChild } from "../../src/node/child.ts";
import type { Filter, Sink } from "../../src/node/pump.ts";
import { temporaryDirectory } from "../support/process.ts";
import { ON_LINUX, ON_WINDOWS } from "./fixtures/run.ts";

const NOTHING = new Uint8Array(0);

function upperCase(): Filter {
  const change = (bytes: Uint8Array) => utf8((fromUtf8(bytes) ?? "").toUpperCase());
  return { push: change, idle: () => NOTHING, end: () => utf8("!") };
}

const asItIs = (): Filter => ({ push: (bytes) => bytes.slice(), idle: () => NOTHING, end: () => NOTHING });

function collector(): Sink & { readonly text: () => string; readonly bytes: () => Uint8Array } {
  const chunks: Uint8Array[] = [];
  return {
    write: async (bytes) => {
      chunks.push(bytes.slice());
      return true;
    },
    bytes: () => concat(...chunks),
    text: () => fromUtf8(concat(...chunks)) ?? "",
  };
}

interface Ran {
  readonly end: ChildEnd;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(script: string, call: Partial<ChildCall> = {}): Promise<Ran> {
  const [stdout, stderr] = [collector(), collector()];
  const end = await runChild({
    argv: ["sh", "-c", script],
    env: { PATH: process.env["PATH"] },
    stdin: "ignore",
    stdout: { filter: asItIs(), sink: stdout },
    stderr: { filter: asItIs(), sink: stderr },
    isOnePlace: false,
    hidden: [],
    given: [],
    ...call,
  });
  return { end, stdout: stdout.text(), stderr: stderr.text() };
}

describe.skipIf(ON_WINDOWS)("a program", () => {
  test.each([0, 1, 2, 125, 126, 127, 255])("gives its exit status %i", async (status) => {
    expect((await run(`exit ${status}`)).end).toEqual({ kind: "exited", status });
  });

  test.each(["SIGTERM", "SIGKILL", "SIGINT", "SIGSEGV"] as const)(
    "gives the signal %s that ended it",
    async (signal) => {
      expect((await run(`kill -${signal.slice(3)} $$`)).end).toEqual({ kind: "killed", signal });
    },
  );

  test("that is not there, or may not be executed, is refused as env does", async () => {
    const directory = temporaryDirectory();
    const plain = join(directory, "plain");
    writeFileSync(plain, "#!/bin/sh\n", { mode: 0o644 });
    writeFileSync(join(directory, "foreign"), "#!/no/such/interpreter\n", { mode: 0o755 });
    for (const [argv, code] of [
      [["no-such-program-anywhere"], "run-missing"],
      [[""], "run-missing"],
      [[join(directory, "foreign")], "run-missing"],
      [[plain], "run-denied"],
      [[directory], "run-denied"],
      [["sh", "-c", ":", "x".repeat(4_000_000)], "run-denied"],
    ] as const) {
      await expect(run("", { argv })).rejects.toMatchObject({ code });
    }
  });

  test("is looked up in the PATH that it gets", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "only-here"), "#!/bin/sh\necho found\n", { mode: 0o755 });
    const env = { PATH: `${directory}:/usr/bin:/bin` };
    expect((await run("", { argv: ["only-here"], env })).stdout).toBe("found\n");
  });

  test("can open its streams by their names, as scripts do", async () => {
    const script = "echo out > /dev/stdout; echo err > /dev/stderr; cat < /dev/stdin";
    const { stdout, stderr } = await run(script, { stdin: utf8("in") });
    expect({ stdout, stderr }).toEqual({ stdout: "out\nin", stderr: "err\n" });
  });

  test("gets exactly the bytes that are to be its input, whether it reads them or not", async () => {
    const stdin = new Uint8Array(300_000).fill(0x61);
    expect((await run("wc -c", { stdin })).stdout.trim()).toBe("300000");
    expect((await run("exit 3", { stdin })).end).toEqual({ kind: "exited", status: 3 });
  });

  test.each(["linux", "another system"])(
    "reads what it is handed from descriptor 3 on, on %s",
    async (name) => {
      const platform = Object.getOwnPropertyDescriptor(process, "platform") ?? {};
      onTestFinished(() => void Object.defineProperty(process, "platform", platform));
      // Where nothing is known to be memory they are pipes.
      Object.defineProperty(process, "platform", {
        ...platform,
        value: name === "linux" ? "linux" : "darwin",
      });
      const handed = [utf8("old\u0000"), new Uint8Array(300_000).fill(0x61), new Uint8Array(0)];
      const script = "wc -c <&3; wc -c <&4; wc -c <&5; test -e /dev/fd/6 || echo no more";
      const { stdout } = await run(script, { handed, given: [3] });
      expect(stdout.split(/\s+/).join(" ").trim()).toBe("4 300000 0 no more");
    },
  );

  test("has its streams filtered apart", async () => {
    const [stdout, stderr] = [collector(), collector()];
    await run("echo one; echo two >&2", {
      stdout: { filter: upperCase(), sink: stdout },
      stderr: { filter: upperCase(), sink: stderr },
    });
    expect([stdout.text(), stderr.text()]).toEqual(["ONE\n!", "TWO\n!"]);
  });

  test("keeps the order of its streams where both go to one place", async () => {
    const { stdout, stderr } = await run("for i in 1 2 3 4 5 6 7 8 9; do echo $i; echo $i >&2; done", {
      isOnePlace: true,
    });
    expect(stdout.split("\n").join("")).toBe("112233445566778899");
    expect(stderr).toBe("");
  });

  test("has its streams filtered also where this system makes no named pipes", async () => {
    const call = { argv: ["/bin/sh", "-c", "echo one; echo two >&2"], env: { PATH: temporaryDirectory() } };
    const { stdout, stderr } = await run("", { ...call, isOnePlace: true });
    expect([stdout, stderr]).toEqual(["one\n", "two\n"]);
  });

  test("that leaves others behind is not waited for, and loses nothing of its own", async () => {
    const { end, stdout } = await run("(exec sleep 30) & echo $!; head -c 60000 /dev/zero | tr '\\0' a");
    onTestFinished(() => void process.kill(Number.parseInt(stdout), "SIGKILL"));
    expect(end).toEqual({ kind: "exited", status: 0 });
    expect(stdout.replace(/^\d+\n/, "")).toHaveLength(60_000);
  });

  test("that leaves one behind that never stops printing is not waited for", async () => {
    expect((await run("yes & exit 4")).end).toEqual({ kind: "exited", status: 4 });
  });

  test("gets SIGPIPE where nobody takes what it prints", async () => {
    const closed: Sink = { write: async () => false };
    const { end } = await run("exec yes", { stdout: { filter: asItIs(), sink: closed } });
    expect(end).toEqual({ kind: "killed", signal: "SIGPIPE" });
  });

  test("gets it also where it opens its output by name each time", { skip: !ON_LINUX }, async () => {
    const closed: Sink = { write: async () => false };
    const { end } = await run("while :; do echo x > /dev/stdout; done", {
      stdout: { filter: asItIs(), sink: closed },
    });
    expect(end).toEqual({ kind: "killed", signal: "SIGPIPE" });
  });

  test("finds nothing in a descriptor that is hidden from it, and the others as they are", async () => {
    const directory = mkdtempSync(join(temporaryDirectory(), "fd-"));
    writeFileSync(join(directory, "password"), "secret");
    const fd = openSync(join(directory, "password"), "r");
    onTestFinished(() => {
      closeSync(fd);
      rmSync(directory, { recursive: true });
    });
    const { stdout } = await run(`cat /dev/fd/${fd}; echo end`, { hidden: [fd] });
    expect(stdout).toBe("end\n");
  });

  test("takes 10 MB through a filter byte for byte", async () => {
    const [stdout, bytes] = [collector(), new Uint8Array(10_000_000)];
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7 + (i >> 8)) & 0xff;
    await run("cat", { stdin: bytes, stdout: { filter: asItIs(), sink: stdout } });
    expect(Buffer.compare(stdout.bytes(), bytes)).toBe(0);
  });
});

test("the same file is known by two descriptors", () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "a"), "");
  writeFileSync(join(directory, "b"), "");
  const [a, again, b] = ["a", "a", "b"].map((name) => openSync(join(directory, name), "r")) as [
    number,
    number,
    number,
  ];
  expect([areSameFile(a, again), areSameFile(a, b), areSameFile(a, 999_999)]).toEqual([true, false, false]);
  for (const fd of [a, again, b]) closeSync(fd);
});
