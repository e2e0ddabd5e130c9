/** The real ssh-add, ssh-keygen, ssh and sshd with keys that only the vault has. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Caller, createCaller } from "../support/entry-calls.ts";
import { describeWith } from "../support/describe-with.ts";
import { partPath } from "../support/parts.ts";
import { PM, pmEnvironment } from "../support/process.ts";

const PASSPHRASE = "a passphrase";
const KEYS: readonly (readonly [name: string, args: readonly string[], passphrase: string])[] = [
  ["ed25519", ["-t", "ed25519"], ""],
  ["ed25519-sealed", ["-t", "ed25519", "-a", "2"], PASSPHRASE],
  ["ecdsa256", ["-t", "ecdsa", "-b", "256"], ""],
  ["ecdsa384", ["-t", "ecdsa", "-b", "384"], ""],
  ["ecdsa521", ["-t", "ecdsa", "-b", "521", "-a", "2"], PASSPHRASE],
  ["rsa", ["-t", "rsa", "-b", "2048"], ""],
];

let keys: string;
let caller: Caller;
let token: string;

function key(name: string): string {
  return join(keys, name);
}

function publicKey(name: string): string {
  return readFileSync(`${key(name)}.pub`, "utf8")
    .split(" ")
    .slice(0, 2)
    .join(" ");
}

function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const home = join(caller.directory, "home");
  return { ...pmEnvironment({ home, env: { PM_KEY: token } }), HOME: keys, ...extra };
}

/** A running `pm ssh-agent`, and its socket. */
async function startAgent(args: readonly string[] = []): Promise<{ child: ChildProcess; socket: string }> {
  const child = spawn(process.execPath, [PM, "ssh-agent", ...args], { env: environment() });
  const stopped = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await stopped;
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    child.stderr.once("data", (bytes: Buffer) => reject(new Error(bytes.toString())));
  });
  const [, socket = ""] = /^SSH_AUTH_SOCK=(\S+); export SSH_AUTH_SOCK;\n$/.exec(line) ?? [];
  return { child, socket };
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], socket: string, input = ""): Ran {
  const env = environment({ SSH_AUTH_SOCK: socket, XDG_RUNTIME_DIR: keys });
  const { status, stdout, stderr } = spawnSync(program, args, { env, input, encoding: "utf8" });
  return { status, stdout, stderr };
}

async function ended(child: ChildProcess): Promise<number | string | null> {
  return await new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
}

describeWith(["ssh-keygen", "sshd"], "pm ssh-agent", () => {
  beforeAll(async () => {
    keys = mkdtempSync(join(tmpdir(), "pm-ssh-"));
    caller = await createCaller();
    for (const [name, args, passphrase] of KEYS) {
      execFileSync("ssh-keygen", [...args, "-q", "-N", passphrase, "-C", "", "-f", key(name)]);
      const fields = [`private=@${key(name)}`];
      // Where the field is missing the agent finds it in the private key.
      if (name !== "rsa") fields.push(`public=@${key(name)}.pub`);
      if (passphrase !== "") {
        writeFileSync(join(caller.directory, "passphrase"), passphrase);
        fields.push("passphrase=@passphrase");
      }
      const { exit, stderr } = await caller.run(["add", `ssh/${name}`, "-t", "ssh-key", ...fields]);
      if (exit !== 0) throw new Error(stderr);
      rmSync(key(name));
    }
    const made = await caller.run(["key", "add", "machine", "--label", "test"]);
    token = made.stdout.trim();
  });

  afterAll(() => {
    caller[Symbol.dispose]();
    rmSync(keys, { recursive: true, force: true });
  });

  test("lists the keys that ssh-keygen made, by the names of their entries", async () => {
    const { socket } = await startAgent();
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const listed = run("ssh-add", ["-L"], socket);
    const expected = KEYS.map(([name]) => `${publicKey(name)} ssh/${name}`).toSorted();
    expect(listed.stdout.trim().split("\n").toSorted()).toEqual(expected);
    const [first] = KEYS;
    const print = execFileSync("ssh-keygen", ["-lf", `${key(first?.[0] ?? "")}.pub`], { encoding: "utf8" });
    expect(run("ssh-add", ["-l"], socket).stdout).toContain(print.split(" ")[1]);
    expect(run("ssh-add", ["-D"], socket).status).not.toBe(0);
    expect(run("ssh-add", ["-x"], socket, "p\np\n").status).not.toBe(0);
  });

  test("signs what ssh-keygen verifies, with every kind of key", async () => {
    const { socket } = await startAgent();
    for (const [name] of KEYS) {
      const signed = run(
        "ssh-keygen",
        ["-Y", "sign", "-f", `${key(name)}.pub`, "-n", "file"],
        socket,
        "text",
      );
      expect(signed).toMatchObject({ status: 0 });
      const [signature, signers] = [join(keys, `${name}.sig`), join(keys, `${name}.signers`)];
      writeFileSync(signature, signed.stdout);
      writeFileSync(signers, `ada ${publicKey(name)}\n`);
      const verify = ["-Y", "verify", "-f", signers, "-I", "ada", "-n", "file", "-s", signature];
      expect(run("ssh-keygen", verify, "", "text")).toMatchObject({ status: 0 });
      expect(run("ssh-keygen", verify, "", "other")).not.toMatchObject({ status: 0 });
    }
  });

  test("lets ssh in where the keys are authorized, by the configuration of docs/ssh.md", async () => {
    const docs = readFileSync(new URL("../../docs/ssh.md", import.meta.url), "utf8");
    const [, config = ""] = /```\n(Host [^`]+)```/.exec(docs) ?? [];
    writeFileSync(join(keys, "config"), config);
    const { socket } = await startAgent(["--socket", join(keys, "pm/ssh-agent.sock")]);
    const port = await startSshd(KEYS.map(([name]) => publicKey(name)));
    // One of each kind; ssh-keygen has verified the others.
    for (const name of ["ed25519-sealed", "ecdsa384", "rsa"]) {
      const there = run("ssh", [...sshOptions(port, `${key(name)}.pub`), "127.0.0.1", "echo came in"], "");
      expect({ name, ...there }).toMatchObject({ status: 0, stdout: "came in\n" });
    }
    const without = ["-o", "IdentityAgent=none", "127.0.0.1", "true"];
    expect(run("ssh", [...sshOptions(port, "none"), ...without], socket).status).toBe(255);
  });

  test("runs a program, ends with its status, and leaves no socket behind", async () => {
    const socket = join(caller.directory, "home/run/ssh-agent.sock");
    const inside = ["ssh-agent", "--only", "ssh/ecdsa*", "--", "sh", "-c", "ssh-add -L; exit 7"];
    const child = spawnSync(process.execPath, [PM, ...inside], { env: environment(), encoding: "utf8" });
    expect(child.stdout.match(/ssh\/\S+/g)).toEqual(["ssh/ecdsa256", "ssh/ecdsa384", "ssh/ecdsa521"]);
    expect({ status: child.status, stderr: child.stderr }).toEqual({ status: 7, stderr: "" });
    expect(existsSync(socket)).toBe(false);
  });

  test("takes the place of a killed one, refuses to be a second one, and goes without a trace", async () => {
    const killed = await startAgent();
    killed.child.kill("SIGKILL");
    await ended(killed.child);
    expect(existsSync(killed.socket)).toBe(true);
    const { child, socket } = await startAgent();
    expect(socket).toBe(killed.socket);
    const second = spawnSync(process.execPath, [PM, "ssh-agent"], { env: environment(), encoding: "utf8" });
    expect(second).toMatchObject({ status: 7, stdout: "" });
    expect(run("ssh-add", ["-l"], socket).status).toBe(0);
    child.kill("SIGTERM");
    expect(await ended(child)).toBe("SIGTERM");
    expect(existsSync(socket)).toBe(false);
  });
});

function sshOptions(port: number, identity: string): string[] {
  const options = [
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    "StrictHostKeyChecking=no",
    `UserKnownHostsFile=${join(keys, "known_hosts")}`,
    "LogLevel=ERROR",
    `IdentityFile=${identity}`,
  ];
  const given = options.flatMap((option) => ["-o", option]);
  return ["-F", join(keys, "config"), "-p", String(port), "-l", userInfo().username, ...given];
}

/** A server of this user on a port of its own. @returns the port */
async function startSshd(authorized: readonly string[]): Promise<number> {
  const hostKey = join(keys, "host");
  if (!existsSync(hostKey)) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
  writeFileSync(join(keys, "authorized"), `${authorized.join("\n")}\n`);
  // Root's sshd wants this folder, which a service would make.
  if (process.getuid?.() === 0 && !existsSync("/run/sshd")) {
    mkdirSync("/run/sshd", { mode: 0o755 });
    onTestFinished(() => rmSync("/run/sshd", { recursive: true, force: true }));
  }
  const port = await freePort();
  const options = [
    `HostKey=${hostKey}`,
    `AuthorizedKeysFile=${join(keys, "authorized")}`,
    "ListenAddress=127.0.0.1",
    "PidFile=none",
    "StrictModes=no",
    "UsePAM=no",
    "PasswordAuthentication=no",
    "KbdInteractiveAuthentication=no",
    "PermitRootLogin=yes",
  ];
  const given = options.flatMap((option) => ["-o", option]);
  const sshd = spawn(partPath("sshd"), ["-D", "-e", "-f", "none", "-p", String(port), ...given]);
  const stopped = new Promise((resolve) => sshd.once("exit", resolve));
  onTestFinished(async () => {
    sshd.kill();
    await stopped;
  });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    sshd.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes("Server listening")) resolve();
    });
    sshd.once("exit", () => reject(new Error(said)));
  });
  return port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
