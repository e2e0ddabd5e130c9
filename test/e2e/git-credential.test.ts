/** The real git against a server that asks for a password, with nothing but the vault to know it. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { type GitServer, startGitServer } from "../support/git-server.ts";
import { type Finished, finished, pmEnvironment } from "../support/process.ts";

const BIN = fileURLToPath(new URL("../../bin", import.meta.url));

let folder: string;
let caller: Caller;
let token: string;
let server: GitServer;

type Env = Readonly<Record<string, string | undefined>>;

/** What a person would type, in the place of one: git asks it where no helper has an answer. */
function askpass(user: string, password: string): Record<string, string> {
  const script = join(folder, "askpass");
  writeFileSync(script, `#!/bin/sh\ncase "$1" in User*) echo '${user}';; *) echo '${password}';; esac\n`);
  chmodSync(script, 0o755);
  return { GIT_ASKPASS: script };
}

/** Git with a home of its own, in which the helper is what docs/commands/credential-git.md says to type. */
async function git(args: readonly string[], env: Env = {}): Promise<Finished> {
  const home = join(caller.directory, "home");
  return await finished(
    spawn("git", args, {
      cwd: folder,
      env: {
        ...pmEnvironment({ home }),
        HOME: folder,
        PATH: [join(folder, "bin"), dirname(process.execPath), process.env["PATH"]].join(":"),
        PM_KEY: token,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_TERMINAL_PROMPT: "0",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    }),
  );
}

/** What of git asks for a password and does the least beside. */
async function ask(env: Env = {}, url = server.url): Promise<Finished> {
  return await git(["ls-remote", `${url}/team/repo.git`], env);
}

async function clone(env: Env = {}): Promise<Finished> {
  return await git(["clone", "-q", `${server.url}/team/repo.git`, "copy"], env);
}

async function names(): Promise<string[]> {
  return (await caller.run(["ls"])).stdout.split("\n").filter((line) => line !== "");
}

describeWith(["git"], "git with pm as its credential helper", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pm-git-"));
    mkdirSync(join(folder, "bin"));
    symlinkSync(join(BIN, "git-credential-pm.js"), join(folder, "bin", "git-credential-pm"));
    symlinkSync(join(BIN, "pm.js"), join(folder, "bin", "pm"));
    spawnSync("git", ["init", "-q", "--bare", join(folder, "served/team/repo.git")]);
    const config = ["-C", join(folder, "served/team/repo.git"), "config", "http.receivepack", "true"];
    spawnSync("git", config);
  });

  beforeEach(async () => {
    caller = await createCaller();
    token = (await caller.run(["key", "add", "machine", "--label", "git"])).stdout.trim();
    server = await startGitServer(join(folder, "served"));
    rmSync(join(folder, ".gitconfig"), { force: true });
    await git(["config", "--global", "credential.helper", "pm"]);
    return () => caller[Symbol.dispose]();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("keeps what worked, uses it again, also to push, and throws it away when it works no more", async () => {
    server.users.set("mara", "s3cret pass");
    expect(await clone(askpass("mara", "s3cret pass"))).toMatchObject({ exit: 0 });
    const host = server.url.slice("http://".length);
    expect(await names()).toEqual([`git/${host}`]);

    expect(await ask()).toMatchObject({ exit: 0 });
    const copy = join(folder, "copy");
    const author = ["-c", "user.name=m", "-c", "user.email=m@example.com"];
    await git(["-C", copy, ...author, "commit", "-q", "--allow-empty", "-m", "one"]);
    expect(await git(["-C", copy, "push", "-q", "origin", "HEAD"])).toMatchObject({ exit: 0 });
    expect(server.seen.filter((user) => user !== undefined).length).toBeGreaterThan(2);

    server.users.set("mara", "another");
    expect(await ask()).not.toMatchObject({ exit: 0 });
    expect(await names()).toEqual([]);
    expect((await caller.run(["trash", "ls"])).stdout).toContain(`git/${host}`);
    expect(await ask(askpass("mara", "another"))).toMatchObject({ exit: 0 });
    expect((await caller.run(["get", `git/${host}`])).stdout).toBe("another\n");
  });

  test("never throws an entry away that a person made", async () => {
    const made = ["add", "web/code", "-u", "mara", "--url", server.url];
    expect(await caller.run(made, { stdin: "old" })).toMatchObject({ exit: 0 });
    server.users.set("mara", "new");
    const refused = await ask();
    expect(refused.stderr).toContain('refused the password of "web/code", which is kept');
    expect(await names()).toEqual(["web/code"]);
    await caller.run(["set", "web/code", "password=-"], { stdin: "new" });
    expect(await ask()).toMatchObject({ exit: 0, stderr: "" });
    expect(await names()).toEqual(["web/code"]);
  });

  test("knows users apart, and paths where git sends them", async () => {
    for (const user of ["mara", "ben"]) {
      server.users.set(user, `password of ${user}`);
      const made = ["add", `web/${user}`, "-u", user, "--url", `${server.url}/${user}`];
      await caller.run(made, { stdin: `password of ${user}` });
    }
    const several = await ask();
    expect(several.exit).not.toBe(0);
    expect(several.stderr).toContain('"web/ben", "web/mara"');
    server.seen.length = 0;
    expect(await ask({}, server.url.replace("//", "//ben@"))).toMatchObject({ exit: 0 });
    expect(server.seen.at(-1)).toBe("ben");
    await git(["config", "--global", "credential.useHttpPath", "true"]);
    await caller.run(["set", "web/mara", "--url", `${server.url}/team`]);
    expect(await ask()).toMatchObject({ exit: 0 });
    expect(server.seen.at(-1)).toBe("mara");
  });

  test("works as a command, too, and is quiet where the vault is locked or read-only", async () => {
    await git(["config", "--global", "credential.helper", "!pm credential git"]);
    server.users.set("mara", "s3cret");
    // Git never learns that nothing was kept.
    for (const env of [{ PM_KEY: undefined }, { PM_READ_ONLY: "1" }]) {
      const kept = await ask({ ...askpass("mara", "s3cret"), ...env });
      expect(kept).toMatchObject({ exit: 0, stderr: "" });
      expect(await names()).toEqual([]);
    }
    expect(await ask(askpass("mara", "s3cret"))).toMatchObject({ exit: 0, stderr: "" });
    expect(await ask()).toMatchObject({ exit: 0, stderr: "" });
  });
});
