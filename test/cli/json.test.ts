/** What --json prints is what docs/json.md says, member by member. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROWS } from "../../src/cli/registry.ts";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { readDefinitions, type Schema, violations } from "../support/json-schema.ts";

const page = readFileSync(new URL("../../docs/json.md", import.meta.url), "utf8");
const definitions = readDefinitions(page);

function problems(json: string, name: string): string[] {
  const schema: Schema = { $ref: `#/$defs/${name}` };
  return violations(JSON.parse(json), schema, definitions);
}

/** What some of the calls read. */
const STDIN: Readonly<Record<string, string>> = {
  "key split 2/3": "PMR1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG", // not-a-secret
  "key combine":
    "PMK1-M2GT-58R2-041H-A9SN-8DEP-YZC3-JPKV-BGZD-ZW6G-6D97-AMZ7-EX9J-QZ66\n" + // not-a-secret
    "PMK1-M2GT-58R2-0C2K-TVAS-SQPV-V2CE-PVKD-4HHP-0R4J-AZAD-V68A-F1SX-08TR", // not-a-secret
};

let pm: Caller;

beforeAll(async () => {
  pm = await createCaller();
  const setUp: readonly (readonly [readonly string[], (string | Uint8Array)?])[] = [
    [["add", "web/github", "-u", "mara", "--url", "https://github.com", "--tag", "work", "--fav"], "one"],
    [["set", "web/github", "password=-", "otp:secret=@otp.bin", "--expires", "2027-01-01"], "two"],
    [["add", "web/generated", "-g"]],
    [["add", "web/binary"], Uint8Array.of(0xff, 0)],
    [["set", "web/binary", "password=-"], Uint8Array.of(0xfe, 0)],
    [["add", "old", "--no-secret"]],
    [["rm", "-y", "old"]],
  ];
  writeFileSync(`${pm.directory}/otp.bin`, Uint8Array.of(0xff));
  writeFileSync(`${pm.directory}/dev.env`, "A=1\nB=\n");
  writeFileSync(`${pm.directory}/other.txt`, "another good long sentence", { mode: 0o600 });
  for (const [argv, stdin = ""] of setUp) {
    const { exit, stderr } = await pm.run(argv, { stdin });
    if (exit !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  }
  copyFileSync(`${pm.directory}/home/data/vault.pm`, `${pm.directory}/other.pm`);
  await pm.run(["set", "web/github", "username=there", "--vault", "other.pm"]);
});

afterAll(() => pm[Symbol.dispose]());

describe("stdout", () => {
  test.each<[string, string]>([
    ["get web/github", "field"],
    ["get web/binary", "field"],
    ["get web/github -f username -f password", "fields"],
    ["get web/github username otp", "error"],
    ["get web/github username -f otp", "fields"],
    ["show web/github", "entry"],
    ["show web/github --reveal --all", "entry"],
    ["show web/binary --reveal --all", "entry"],
    ["show web/generated", "entry"],
    ["history web/github", "history"],
    ["history web/binary password --reveal", "history"],
    ["get web/github --rev -1", "field"],
    ["ls", "list"],
    ["ls --trash", "list"],
    ["ls --tag none", "list"],
    ["find git", "list"],
    ["trash ls", "list"],
    ["rm -r web --dry-run", "list"],
    ["set web/github region:plain=eu", "saved"],
    ["unset web/github region", "saved"],
    ["cp web/github web/copy", "saved"],
    ["mv web/copy web/moved", "saved"],
    ["rm -y web/moved", "saved"],
    ["trash restore web/moved", "saved"],
    ["rm -y --purge web/moved", "saved"],
    ["trash empty -y", "saved"],
    ["trash empty -y", "saved"],
    ["run --dry-run -e A=pm://web/github/password --stdin pm://web/github/otp?rev=0", "runnable"],
    ["adopt dev.env --dry-run", "adopted"],
    ["adopt dev.env", "adopted"],
    ["adopt dev.env", "adopted"],
    ["gen", "generated"],
    ["gen web/github", "generated"],
    ["gen --count 2", "generatedMany"],
    ["status", "status"],
    ["key add machine", "slotAdded"],
    ["key add password-keyfile --new-password-file other.txt", "slotAdded"],
    ["key ls", "slots"],
    ["key split 2/3", "shares"],
    ["key combine", "combined"],
    ["verify", "verified"],
    ["config get length", "setting"],
    ["config list", "settings"],
    ["doctor --fix", "diagnosis"],
    ["log", "log"],
    ["log web/github -n 1", "log"],
    ["set web/github username=here", "saved"],
    ["undo --list", "undoable"],
    ["undo", "undone"],
    ["undo", "undone"],
    ["export -o export.pm --new-password-file other.txt --verify", "exported"],
    ["diff other.pm", "comparison"],
    ["restore other.pm --dry-run", "restored"],
    ["restore other.pm -y", "restored"],
    ["undo", "undone"],
    ["restore other.pm -y --vault none.pm", "restored"],
    ["merge other.pm --dry-run", "mergeResult"],
    ["merge other.pm --strict", "error"],
    ["merge other.pm -q", "mergeResult"],
    ["merge other.pm", "mergeResult"],
    ["conflicts", "conflicts"],
    ["conflicts web/github --reveal", "conflicts"],
    ["resolve --all", "saved"],
    ["backup copies --keep 1", "copy"],
    ["backup copies --list", "copies"],
    ["upgrade", "upgraded"],
    ["config vault ls", "vaults"],
    ["env -e A=pm://web/github#username", "variables"],
    ["scan other.txt", "scan"],
    ["version", "version"],
    ["help exit-codes", "exitCodes"],
    ["get nothing", "error"],
    ["rm web/github", "error"],
    ["get id:zz", "error"],
  ])("of pm %s --json is as documented under %s", async (line, name) => {
    const { exit, stdout, stderr } = await pm.run([...line.split(" "), "--json"], {
      stdin: STDIN[line] ?? "",
    });
    expect(exit === 0).toBe(name !== "error");
    const [said, silent] = name === "error" ? [stderr, stdout] : [stdout, stderr];
    expect(silent).toBe("");
    expect(said).toMatch(/^[^\n]*\n$/);
    expect(problems(said, name)).toEqual([]);
  });

  test.each(["password", "correct horse battery staple"])(
    "of strength is as documented: %s",
    async (stdin) => {
      const { stdout } = await pm.run(["strength", "--json"], { stdin });
      expect(problems(stdout, "strength")).toEqual([]);
    },
  );

  test("of init is as documented", async () => {
    const { stdout } = await pm.run(["init", "--no-recovery", "--json", "--vault", "second.pm"]);
    expect(problems(stdout, "created")).toEqual([]);
    const third = await pm.run(["init", "--recovery", "--json", "--vault", "third.pm"]);
    expect(problems(third.stdout, "created")).toEqual([]);
    expect(JSON.parse(third.stdout)).toHaveProperty("secret");
  });

  test("of a scan that finds something is as documented", async () => {
    writeFileSync(`${pm.directory}/leak.txt`, "\nPASSWORD=tr0ub4dor&3\n");
    await pm.run(["set", "web/generated", "token=-"], { stdin: "tr0ub4dor&3" });
    const { exit, stdout } = await pm.run(["scan", "leak.txt", "--json"]);
    expect(exit).toBe(11);
    expect(problems(stdout, "scan")).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ path: "leak.txt", line: 2, secret: "web/generated/token" }],
    });
  });

  test("of rekey is as documented", async () => {
    for (const argv of [["key", "add", "keyfile", "third.key"], ["add", "a", "-g"], ["backup"]]) {
      expect(await pm.run([...argv, "--vault", "third.pm"])).toMatchObject({ exit: 0 });
    }
    const rekey = ["rekey", "-y", "--new-password-file", "other.txt", "--json", "--vault", "third.pm"];
    const { stdout } = await pm.run(rekey);
    expect(problems(stdout, "rekeyed")).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      keys: [{ type: "recovery", label: "recovery" }],
      dropped: [{ type: "keyfile" }],
      exposed: ["a"],
      copies: [expect.stringContaining("third-")],
    });
  });
});

describe.skipIf(process.platform === "win32")("with an agent", () => {
  test.each<readonly [line: string, name: string]>([
    ["unlock --only web/* --reads 9", "unlocked"],
    ["unlock", "unlocked"],
    ["status", "status"],
    ["agent status", "agentStatus"],
  ])("stdout of pm %s --json is as documented under %s", async (line, name) => {
    const { exit, stdout, stderr } = await pm.run([...line.split(" "), "--json"], {
      env: { PM_AGENT: "on" },
    });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(problems(stdout, name)).toEqual([]);
  });

  test("stdout of pm agent log is as documented, and unlock --check prints nothing", async () => {
    const env = { PM_AGENT: "on", PM_PASSWORD: undefined };
    expect(await pm.run(["get", "web/github"], { env })).toMatchObject({ exit: 0 });
    const { stdout } = await pm.run(["agent", "log", "--json"], { env });
    expect(problems(stdout, "accessLog")).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      accesses: [{ path: "web/github" }, { id: null }, { id: null }],
    });
    expect(await pm.run(["unlock", "--check", "--json"], { env })).toMatchObject({ stdout: "", stderr: "" });
    expect(await pm.run(["agent", "stop"], { env })).toMatchObject({ exit: 0 });
  });
});

describe("the page", () => {
  test("says of every command that prints JSON which shape it is", () => {
    const silent = new Set([
      "passwd",
      "key rm",
      "completion",
      "man",
      "config set",
      "config unset",
      "inject",
      "redact",
      "rotate",
      "lock",
      "agent start",
      "agent stop",
      // They speak the protocols of others.
      "credential git",
      "credential docker",
      "ssh-agent",
    ]);
    const table = page.slice(page.indexOf("| Command |"), page.indexOf("## field"));
    const cells = table.matchAll(/`([a-z -]+?)(?: (?:--[a-z-]+|exit-codes))?`/g);
    const named = new Set(Array.from(cells, ([, name]) => name));
    const missing = ROWS.map(({ name }) => name).filter((name) => !named.has(name) && !silent.has(name));
    expect(missing).toEqual([]);
  });

  test("links only to its own blocks", () => {
    const links = Array.from(page.matchAll(/\]\(#([a-z]+)\)/g), ([, target = ""]) => target);
    const titles = new Set(Object.keys(definitions).map((name) => name.toLowerCase()));
    expect(links.filter((link) => !titles.has(link))).toEqual([]);
  });
});

describe("the check itself", () => {
  test.each<[unknown, string]>([
    [{ v: 2, version: "1", format: "PMV1" }, "$.v: is not 1"],
    [{ v: 1, format: "PMV1" }, "$: has no version"],
    [{ v: 1, version: 1, format: "PMV1" }, "$.version: is integer"],
    [{ v: 1, version: "1", format: "PMV1", more: 1 }, "$.more: is not documented"],
  ])("finds what is wrong with %j", (value, problem) => {
    expect(problems(JSON.stringify(value), "version")).toEqual([problem]);
  });
});
