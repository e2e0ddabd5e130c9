/** Exports by the command line: what their scenes can't tell. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { holdVersion } from "../../src/cli/export-entries.ts";
import { main } from "../../src/cli/main.ts";
import { parseToken } from "../../src/core/vault/credentials.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { connect, startAgentHere } from "../support/agent.ts";
import { cheapInternals } from "../support/cheap-kdf.ts";
import { describeWith } from "../support/describe-with.ts";
import { plain, secret } from "../support/entries.ts";
import { callHere, createHome, type Home, openHome, PASSWORD } from "../support/home.ts";
import { partPath } from "../support/parts.ts";
import { createTestIo } from "../support/test-io.ts";

const NEW_PASSWORD = "another good long sentence";

let home: Home;

beforeEach(async () => {
  home = await createHome();
  writeFileSync(join(home.directory, "new.txt"), `${NEW_PASSWORD}\n`, { mode: 0o600 });
  using session = await openHome(home);
  await session.edit([create("web/github"), create("ci/deploy")]);
});

function create(path: string, meta: { readonly useOnly?: boolean } = {}): Edit {
  const fields = [plain("username", "mara"), secret("password", `of ${path}`)];
  return { kind: "create", path, type: "login", fields, tags: ["t"], meta, existing: "refuse" };
}

interface Called {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** pm in this process, with what happens when it derives a key. */
async function call(
  line: string,
  { answers, derives = () => {} }: { answers?: readonly string[]; derives?: () => void | Promise<void> } = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Called> {
  const { io, stdout, stderr } = createTestIo({
    env: { PM_HOME: home.directory, HOME: home.directory, ...env },
    cwd: home.directory,
    answers,
    now: Date.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const argon2id: typeof nativeBackend.argon2id = async (...given) => {
    await derives();
    return await nativeBackend.argon2id(...given);
  };
  const exit = await main(line.split(" "), io, { ...cheapInternals, argon2id });
  return { exit, stdout: new TextDecoder().decode(stdout()), stderr: stderr() };
}

const SEALED = "export -o copy.pm --new-password-file new.txt --verify --json";

function filesHere(): readonly string[] {
  return readdirSync(home.directory).filter(
    (name) => !["config", "data", "new.txt", "run", "state"].includes(name),
  );
}

/** What is done once the export is written, and before it is opened for the proof. */
function onceWritten(work: (temporary: string) => void | Promise<void>): () => Promise<void> {
  let isDone = false;
  return async () => {
    const [temporary] = filesHere();
    if (temporary === undefined || isDone) return;
    isDone = true;
    await work(join(home.directory, temporary));
  };
}

test("a file that reads back damaged gets no name", async () => {
  const damage = (path: string): void => {
    const file = openSync(path, "r+");
    writeSync(file, new Uint8Array(64), 0, 64, Math.floor(statSync(path).size / 2));
    closeSync(file);
  };
  const derives = onceWritten(damage);
  const { exit, stdout } = await call(SEALED, { derives }, { PM_PASSWORD: PASSWORD });
  expect({ exit, stdout }).toEqual({ exit: 8, stdout: "" });
  expect(filesHere()).toEqual([]);
});

test("a session that nobody confirmed gives nothing of a use-only entry to an export", async () => {
  using session = await openHome(home);
  const attachments = [{ name: "file", bytes: Uint8Array.of(1) }];
  const { ids } = await session.edit([{ ...create("ci/a", { useOnly: true }), attachments } as Edit]);
  const [id = ""] = ids;
  expect(await session.entry(id, "export")).toMatchObject({ withheld: true, fields: [{}, { text: "" }] });
  await expect(session.attachment(id, "file", "export")).rejects.toMatchObject({ code: "use-only" });
  expect((await session.attachment(id, "file", "use")).bytes).toEqual(Uint8Array.of(1));
});

test("another version than the one that was read is noticed", async () => {
  using session = await openHome(home);
  const requireUnchanged = await holdVersion(session);
  await requireUnchanged();
  await session.edit([create("web/new")]);
  await expect(requireUnchanged()).rejects.toMatchObject({ code: "conflict" });
});

async function unlock(limits: { readonly only?: readonly string[] } = {}): Promise<void> {
  const client = await connect(await startAgentHere(home.directory));
  const credentials = { token: parseToken(nativeBackend, home.token).secret };
  await client.request({ kind: "unlock", vault: home.vault, credentials, limits });
}

async function accesses(): Promise<readonly string[]> {
  const { stdout } = await call("agent log --json");
  const { accesses: lines } = JSON.parse(stdout) as { accesses: { command: string; purpose: string }[] };
  return lines.filter(({ command }) => command === "export").map(({ purpose }) => purpose);
}

describe("through the agent", () => {
  test("text is the same, and one line of the log", async () => {
    const direct = await call("export --plaintext -y", {}, { PM_PASSWORD: PASSWORD });
    await unlock();
    expect(await call("export --plaintext -y")).toEqual(direct);
    expect(await accesses()).toEqual(["export"]);
  });

  test("a sealed one is made there, and compared with it", async () => {
    await unlock();
    const { exit, stdout } = await call(SEALED);
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { entries: 2, verified: true }]);
    const env = { PM_PASSWORD: NEW_PASSWORD, PM_VAULT: "copy.pm" };
    expect(await callHere(["get", "ci/deploy"], home.directory, env)).toBe("of ci/deploy\n");
  });

  test("what the vault has by then is what is compared", async () => {
    await unlock();
    const change = async (): Promise<void> => {
      using session = await openHome(home);
      await session.edit([create("web/late")]);
    };
    const { exit, stderr } = await call(SEALED, { derives: onceWritten(change) });
    expect(exit).toBe(1);
    expect(stderr).toContain("does not read back as it is in the vault; nothing was written");
    expect(filesHere()).toEqual([]);
  });

  test("a use-only entry is asked for once", async () => {
    using session = await openHome(home);
    await session.edit([create("ci/a", { useOnly: true }), create("ci/b", { useOnly: true })]);
    await unlock();
    expect(await call("export --plaintext -y")).toMatchObject({ exit: 4, stdout: "" });
    const { exit, stdout } = await call("export --plaintext -y", { answers: [PASSWORD] });
    expect(exit).toBe(0);
    expect(stdout).toContain('"of ci/a"');
    expect(stdout).toContain('"of ci/b"');
    expect(await call(SEALED, { answers: [PASSWORD] })).toMatchObject({ exit: 0 });
  });

  test("a vault that is unlocked for some entries is not exported", async () => {
    await unlock({ only: ["web/*"] });
    for (const line of ["export --plaintext -y", "export --plaintext -y --only web/*", SEALED]) {
      expect(await call(line)).toMatchObject({ exit: 4, stdout: "" });
    }
    expect(filesHere()).toEqual([]);
  });
});

describeWith(["keepassxc-cli"], "keepassxc-cli", () => {
  test("opens the database, and shows what is in it", async () => {
    await callHere(
      ["export", "--format", "kdbx", "-o", "x.kdbx", "--new-password-file", "new.txt"],
      home.directory,
    );
    const show = (...words: readonly string[]): string =>
      spawnSync(partPath("keepassxc-cli"), words, {
        cwd: home.directory,
        input: readFileSync(join(home.directory, "new.txt")),
        env: { ...process.env, HOME: home.directory },
        encoding: "utf8",
      }).stdout;
    expect(show("ls", "-R", "-f", "-q", "x.kdbx").split("\n")).toEqual(
      expect.arrayContaining(["web/github", "ci/deploy"]),
    );
    expect(show("show", "-s", "-q", "-a", "username", "-a", "password", "x.kdbx", "ci/deploy")).toBe(
      "mara\nof ci/deploy\n",
    );
  });
});
