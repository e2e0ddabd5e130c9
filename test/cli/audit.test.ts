/** pm audit and pm due through the agent, on a bundle, with a breach server, and as JSON. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Caller, createCaller } from "../support/entry-calls.ts";
import { readDefinitions, violations } from "../support/json-schema.ts";

const definitions = readDefinitions(readFileSync(new URL("../../docs/json.md", import.meta.url), "utf8"));

/** Values that no output may show, nor any part of their hashes. */
const VALUES = ["monkey", "quiet-Harbour-77-violin", "hidden-Harbour-88-cello"];
const [WEAK = "", REUSED = "", HIDDEN = ""] = VALUES;

let pm: Caller;

beforeAll(async () => {
  pm = await createCaller();
  const entries: readonly (readonly [string, string, ...string[]])[] = [
    ["weak", WEAK, "--url", "http://example.com"],
    ["work/a", REUSED, "--expires", "2026-01-05"],
    ["work/b", REUSED],
    ["work/hidden", HIDDEN, "--use-only"],
  ];
  for (const [name, value, ...options] of entries) {
    const { exit, stderr } = await pm.run(["add", name, ...options], { stdin: value });
    if (exit !== 0) throw new Error(stderr);
  }
});

afterAll(() => pm[Symbol.dispose]());

function problems(json: string, name: string): string[] {
  return violations(JSON.parse(json), { $ref: `#/$defs/${name}` }, definitions);
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex").toUpperCase();
}

/** No value and no beginning of a hash stands in what was printed. */
function expectSilence({ stdout, stderr }: Answer): void {
  const printed = (stdout + stderr).toUpperCase();
  for (const value of VALUES) {
    expect(printed).not.toContain(value.toUpperCase());
    expect(printed).not.toContain(sha1(value).slice(0, 5));
  }
}

const FINDINGS = [
  "reused\twork/a\tpassword\tone value in 2 places, group 1",
  "reused\twork/b\tpassword\tone value in 2 places, group 1",
  "weak\tweak\tpassword\tscore 0 of 4, very weak",
  "http\tweak\turl\thttp://example.com is without TLS",
];

test("--json is as documented", async () => {
  const audit = await pm.run(["audit", "--json"]);
  expect(audit.exit).toBe(11);
  expect(problems(audit.stdout, "audit")).toEqual([]);
  expect(JSON.parse(audit.stdout)).toMatchObject({ entries: 4, passwords: 4 });
  expectSilence(audit);
  const none = await pm.run(["audit", "--json", "--only", "name"]);
  expect(none.exit).toBe(0);
  expect(JSON.parse(none.stdout)).toEqual({ v: 1, entries: 4, passwords: 4, checks: ["name"], findings: [] });
  const due = await pm.run(["due", "--json"]);
  expect(due.exit).toBe(11);
  expect(problems(due.stdout, "due")).toEqual([]);
  expect(JSON.parse(due.stdout)).toMatchObject({ entries: [{ path: "work/a", days: 4 }] });
});

test("--vault stands in the commands that mend it", async () => {
  const { stdout, stderr } = await pm.run(["audit", "--json", "--vault", "home/data/vault.pm"]);
  expect(JSON.parse(stdout)).toMatchObject({
    findings: [{ fix: "pm gen work/a --vault home/data/vault.pm" }, {}, {}, {}],
  });
  expect(JSON.parse(stderr)).toMatchObject({ error: { hint: "pm gen work/a --vault home/data/vault.pm" } });
});

test.skipIf(process.platform === "win32")(
  "the agent serves both, use-only entries included, and logs one line",
  async () => {
    const env = { PM_AGENT: "on" };
    const unlocked = { PM_AGENT: "on", PM_PASSWORD: undefined };
    expect(await pm.run(["unlock"], { env })).toMatchObject({ exit: 0 });
    try {
      const audit = await pm.run(["audit"], { env: unlocked });
      expect({ exit: audit.exit, lines: audit.stdout.trimEnd().split("\n") }).toEqual({
        exit: 11,
        lines: FINDINGS,
      });
      expectSilence(audit);
      expect(await pm.run(["due"], { env: unlocked })).toMatchObject({
        exit: 11,
        stdout: "2026-01-05\twork/a\n",
      });
      const log = await pm.run(["agent", "log", "--json"], { env: unlocked });
      const { accesses } = JSON.parse(log.stdout) as {
        accesses: { command: string; purpose: string; path: null }[];
      };
      const lines = accesses.map(({ command, purpose, path }) => `${command} ${purpose} ${path}`);
      expect(lines).toEqual(["due search null", "audit search null", "unlock unlock null"]);
    } finally {
      await pm.run(["agent", "stop"], { env });
    }
  },
);

test("a bundle is audited like a vault", async () => {
  const made = await pm.run([
    "bundle",
    "make",
    "--only",
    "work/*",
    "-o",
    "work.pm",
    "--token-file",
    "work.key",
  ]);
  expect(made).toMatchObject({ exit: 0 });
  const env = { PM_PASSWORD: undefined, PM_KEY: readFileSync(`${pm.directory}/work.key`, "utf8").trim() };
  const audit = await pm.run(["audit", "--vault", "work.pm"], { env });
  expect({ exit: audit.exit, lines: audit.stdout.trimEnd().split("\n") }).toEqual({
    exit: 11,
    lines: FINDINGS.slice(0, 2),
  });
});

async function withServer(listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("--breach", () => {
  test("tells which values have leaked, in every place, and asks once for each", async () => {
    const asked: string[] = [];
    const listener: RequestListener = ({ url = "" }, response) => {
      asked.push(url);
      response.end(`${sha1(REUSED).slice(5)}:1\r\n${"0".repeat(35)}:0`);
    };
    await withServer(listener, async (url) => {
      const audit = await pm.run(["audit", "--breach", "--only", "breached"], {
        env: { PM_BREACH_URL: url },
      });
      expect(audit).toMatchObject({
        exit: 11,
        stdout:
          "breached\twork/a\tpassword\tseen once in leaks\nbreached\twork/b\tpassword\tseen once in leaks\n",
      });
      expectSilence(audit);
    });
    expect(asked.toSorted()).toEqual(VALUES.map((value) => `/mirror/${sha1(value).slice(0, 5)}`).toSorted());
  });

  test("that fails in one place prints nothing of all the rest", async () => {
    const bad = sha1(HIDDEN).slice(0, 5);
    const listener: RequestListener = ({ url = "" }, response) => {
      response.writeHead(url.endsWith(bad) ? 500 : 200).end(`${sha1(WEAK).slice(5)}:9`);
    };
    await withServer(listener, async (url) => {
      const audit = await pm.run(["audit", "--breach", "--breach-url", url]);
      expect(audit).toMatchObject({ exit: 10, stdout: "" });
      expect(audit.stderr).toMatch(
        /^pm: error: 127\.0\.0\.1:\d+ answers 500; nothing is known of breaches\n/,
      );
      expectSilence(audit);
    });
  });

  test("takes the time that --timeout gives it", async () => {
    await withServer(
      () => undefined,
      async (url) => {
        const audit = await pm.run(["audit", "--breach", "--breach-url", url, "--timeout", "0.05"]);
        expect(audit).toMatchObject({ exit: 10, stdout: "" });
        expect(audit.stderr).toContain("does not answer within 0.05 s");
      },
    );
  });

  test("and nothing else makes a connection", async () => {
    let connections = 0;
    await withServer(
      () => connections++,
      async (url) => {
        await pm.run(["audit"], { env: { PM_BREACH_URL: url } });
        await pm.run(["audit", "--breach-file", "none.txt"], { env: { PM_BREACH_URL: url } });
      },
    );
    expect(connections).toBe(0);
  });
});
