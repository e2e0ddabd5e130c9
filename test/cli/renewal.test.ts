/** Passwords whose key slot costs too little: renewed at the next unlock, or by passwd --upgrade-kdf. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { fromUtf8 } from "../../src/core/bytes.ts";
import type { KdfProfiles } from "../../src/core/crypto/kdf.ts";
import { acquireLock } from "../../src/node/lock.ts";
import { isReplaceable } from "../../src/node/vault-facts.ts";
import { cheapInternals, cheapProfiles, gradedProfiles } from "../support/cheap-kdf.ts";
import { seededRandom } from "../support/random.ts";
import { createClock, createTestIo, type StreamName } from "../support/test-io.ts";

const PASSWORD = "correct horse battery staple";
const OLD = cheapProfiles.interactive.memoryKiB;
const { constrained, interactive, strong } = gradedProfiles;

let home = "";
let calls = 0;
const clock = createClock();

interface CallOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly ttys?: readonly StreamName[];
  readonly profiles?: KdfProfiles;
  readonly stdin?: string;
}

async function pm(line: string, options: CallOptions = {}) {
  const io = createTestIo({
    env: { PM_HOME: home, PM_PASSWORD: PASSWORD, PM_AGENT: "off", ...options.env },
    cwd: home,
    stdin: options.stdin ?? "",
    answers: undefined,
    ttys: new Set(options.ttys ?? []),
    now: clock.now,
    random: seededRandom(`renewal ${calls++}`),
  });
  const internals = { ...cheapInternals, kdfProfiles: options.profiles ?? gradedProfiles };
  const exit = await main(line.split(" "), io.io, internals);
  return { exit, stdout: fromUtf8(io.stdout()) ?? "", stderr: io.stderr() };
}

interface ListedSlot {
  readonly id: string;
  readonly created: string;
  readonly kdf: { readonly memoryKiB: number } | null;
  readonly current: boolean;
}

/** As they are, changing nothing. */
async function slots(env: CallOptions["env"] = {}): Promise<readonly ListedSlot[]> {
  const { stdout } = await pm("--read-only key ls --json", { env });
  return (JSON.parse(stdout) as { slots: ListedSlot[] }).slots;
}

const memory = async () => (await slots()).map(({ kdf }) => kdf?.memoryKiB);

const vault = (): string => join(home, "data/vault.pm");

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "pm-renewal-"));
  // A vault of a time when less was enough.
  await pm("init --label mine", { profiles: cheapProfiles });
  await pm("add web", { profiles: cheapProfiles, stdin: "hunter2" });
});

afterEach(() => {
  chmodSync(join(home, "data"), 0o700);
  rmSync(home, { recursive: true, force: true });
});

describe("a password slot below the floor", () => {
  test("is renewed by the next unlock, which still does what it was asked", async () => {
    const [before] = await slots();
    expect(before?.kdf?.memoryKiB).toBe(OLD);
    expect(await pm("get web")).toEqual({ exit: 0, stdout: "hunter2\n", stderr: "" });
    const [after] = await slots();
    expect(after).toMatchObject({ label: "mine", current: true, kdf: { memoryKiB: interactive.memoryKiB } });
    expect(after?.created).toBe(before?.created);
    expect(after?.id).not.toBe(before?.id);
    expect((await pm("verify")).exit).toBe(0);
  });

  test("is renewed once", async () => {
    await pm("get web");
    const saved = readFileSync(vault());
    await pm("get web");
    expect(readFileSync(vault())).toEqual(saved);
  });

  test("is not left in the backup, where the same password would be as cheap as before", async () => {
    await pm("get web");
    const backup = { profiles: cheapProfiles, env: { PM_VAULT: `${vault()}.bak` } };
    const { stdout } = await pm("status --json", backup);
    expect(JSON.parse(stdout)).toMatchObject({ slots: [{ kdf: { memoryKiB: interactive.memoryKiB } }] });
  });

  test("is renewed to the setting, where there is one", async () => {
    await pm("config set kdf strong");
    await pm("ls");
    expect(await memory()).toEqual([strong.memoryKiB]);
  });

  test("says so to a person, once", async () => {
    const first = await pm("ls", { ttys: ["stderr"] });
    expect(first.stderr).toMatch(/made guessing the password costlier: Argon2id .*, was Argon2id/);
    expect((await pm("ls", { ttys: ["stderr"] })).stderr).not.toContain("costlier");
  });

  test("takes its key file along", async () => {
    writeFileSync(join(home, "new"), "another long password", { mode: 0o600 });
    const add = "key add password-keyfile usb.key --new-password-file new";
    expect((await pm(add, { profiles: cheapProfiles })).exit).toBe(0);
    const both = { PM_PASSWORD: undefined, PM_PASSWORD_FILE: "new", PM_KEY_FILE: "usb.key" };
    expect((await pm("get web", { env: both })).stdout).toBe("hunter2\n");
    expect(await slots(both)).toMatchObject([
      { type: "password", kdf: { memoryKiB: OLD } },
      { type: "password-keyfile", current: true, kdf: { memoryKiB: interactive.memoryKiB } },
    ]);
    expect((await pm("ls", { env: { ...both, PM_KEY_FILE: undefined } })).exit).toBe(5);
  });
});

describe("nothing is renewed", () => {
  test("above the floor, without a setting that asks for more", async () => {
    await pm("passwd --upgrade-kdf --kdf constrained");
    await pm("ls");
    expect(await memory()).toEqual([constrained.memoryKiB]);
    await pm("config set kdf interactive");
    await pm("ls");
    expect(await memory()).toEqual([interactive.memoryKiB]);
    await pm("config set kdf constrained");
    await pm("ls");
    expect(await memory()).toEqual([interactive.memoryKiB]);
  });

  test("where the call may not write", async () => {
    const before = readFileSync(vault());
    expect((await pm("get web --read-only")).stdout).toBe("hunter2\n");
    expect(readFileSync(vault())).toEqual(before);
  });

  test("in a backup, which stays the bytes that it is", async () => {
    await pm("backup", { profiles: cheapProfiles });
    const folder = join(home, "data/backups");
    const copies = [`${vault()}.bak`, ...readdirSync(folder).map((name) => join(folder, name))];
    expect(copies).toHaveLength(2);
    for (const copy of copies) {
      const before = readFileSync(copy);
      expect((await pm(`verify --vault ${copy}`)).exit).toBe(0);
      expect(readFileSync(copy).equals(before)).toBe(true);
    }
  });

  test("by a key that is no password", async () => {
    const { stdout: key } = await pm("key add machine", { profiles: cheapProfiles });
    expect((await pm("get web", { env: { PM_PASSWORD: undefined, PM_KEY: key.trim() } })).stdout).toBe(
      "hunter2\n",
    );
    expect(await memory()).toEqual([OLD, undefined]);
  });

  test("of a wrong password", async () => {
    const before = readFileSync(vault());
    expect((await pm("get web", { env: { PM_PASSWORD: "wrong" } })).exit).toBe(5);
    expect(readFileSync(vault())).toEqual(before);
  });
});

test("calls at the same time all succeed, and renew it once or again and harmlessly", async () => {
  const results = await Promise.all([1, 2, 3, 4].map(() => pm("get web")));
  for (const result of results) expect(result).toEqual({ exit: 0, stdout: "hunter2\n", stderr: "" });
  expect(await memory()).toEqual([interactive.memoryKiB]);
  expect((await pm("verify")).exit).toBe(0);
});

test("nothing is said, and nothing waited for, while another process writes", async () => {
  const random = seededRandom("another");
  const before = await memory();
  using _lock = await acquireLock({ path: vault(), timeoutMs: 0, breakLock: false, random, now: Date.now });
  expect(await pm("get web --timeout 60")).toEqual({ exit: 0, stdout: "hunter2\n", stderr: "" });
  expect(await memory()).toEqual(before);
});

test("a file that can't be replaced is seen before Argon2id runs for nothing", () => {
  expect(isReplaceable(vault())).toBe(true);
  expect(isReplaceable(join(home, "none", "vault.pm"))).toBe(false);
});

test("a renewal that fails is a warning, and the command goes on", async () => {
  // The last chunk is damaged: a read does not come there, and a write has to look at all of it.
  const bytes = readFileSync(vault());
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(vault(), bytes);
  const { exit, stdout, stderr } = await pm("get web");
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: "hunter2\n" });
  expect(stderr).toMatch(/^pm: warning: the password's key slot is weak and could not be renewed: [^\n]*\n$/);
  expect(readFileSync(vault()).equals(bytes)).toBe(true);
});

describe("passwd --upgrade-kdf", () => {
  test("keeps the password and changes its cost alone, in one save", async () => {
    const upgraded = await pm("passwd --upgrade-kdf --kdf strong", { ttys: ["stderr"] });
    expect(upgraded.exit).toBe(0);
    expect(upgraded.stderr).toContain("guessing the password now costs Argon2id");
    expect(await slots()).toMatchObject([{ label: "mine", kdf: { memoryKiB: strong.memoryKiB } }]);
    expect((await pm("get web")).stdout).toBe("hunter2\n");
  });

  test("takes the setting, else the default", async () => {
    await pm("passwd --upgrade-kdf");
    expect(await memory()).toEqual([interactive.memoryKiB]);
    await pm("config set kdf strong");
    await pm("passwd --upgrade-kdf");
    expect(await memory()).toEqual([strong.memoryKiB]);
  });

  test("writes nothing where the cost is the same", async () => {
    await pm("passwd --upgrade-kdf");
    const before = readFileSync(vault());
    const again = await pm("passwd --upgrade-kdf", { ttys: ["stderr"] });
    expect(again.exit).toBe(0);
    expect(again.stderr).toContain("already");
    expect(readFileSync(vault())).toEqual(before);
  });

  test("makes a password cheaper only where --kdf says so, and warns", async () => {
    await pm("passwd --upgrade-kdf --kdf strong");
    const refused = await pm("passwd --upgrade-kdf");
    expect(refused.exit).toBe(7);
    expect(refused.stderr).toContain("hint: to make it cheaper: pm passwd --upgrade-kdf --kdf interactive");
    const named = await pm("passwd --upgrade-kdf --kdf constrained");
    expect(named.exit).toBe(0);
    expect(named.stderr).toContain("pm: warning: guessing the password gets cheaper");
    expect(await memory()).toEqual([constrained.memoryKiB]);
  });

  test("needs the password itself", async () => {
    const { stdout: code } = await pm("key add recovery");
    expect((await pm("passwd --upgrade-kdf", { env: { PM_PASSWORD: code.trim() } })).exit).toBe(7);
    expect((await pm("passwd --upgrade-kdf", { env: { PM_PASSWORD: undefined } })).exit).toBe(4);
    expect((await pm("passwd --upgrade-kdf --new-password-stdin")).exit).toBe(2);
    expect((await pm("passwd --upgrade-kdf --kdf fast")).exit).toBe(2);
    expect((await pm("--read-only passwd --upgrade-kdf")).exit).toBe(13);
  });
});
