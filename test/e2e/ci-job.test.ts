/** A job that has a bundle and its key and nothing else: no home, no environment, no network, nothing to write. */
import { spawn } from "node:child_process";
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { type Checkout, makeCheckout } from "../support/ci-job.ts";
import { contentsOf } from "../support/home.ts";
import { partPath } from "../support/parts.ts";
import { type Finished, finished, PM, temporaryDirectory } from "../support/process.ts";
import { python, PYTHON_TESTS, type ReadVault } from "../support/python-reader.ts";
import { runProgram } from "../support/shell.ts";

const SECRETS = { "ci/deploy": "deploy canary", "ci/npm": "npm canary", "private/bank": "bank canary" };

function newCheckout(): Promise<Checkout> {
  return makeCheckout(temporaryDirectory(), SECRETS, ["--only", "ci/*", "--fields", "password"]);
}

/** The real pm with two variables; `before` starts it. */
function job(checkout: Checkout, args: readonly string[], before: readonly string[] = []): Promise<Finished> {
  const env = { PM_KEY: checkout.key, PM_VAULT: "ci.pm" };
  return runProgram([...before, process.execPath, PM, ...args], { cwd: checkout.directory, env });
}

async function output(running: Promise<Finished>): Promise<string> {
  const { exit, stdout, stderr } = await running;
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return stdout.toString();
}

test("reads, runs and injects with one variable and the file", async () => {
  const checkout = await newCheckout();
  const before = contentsOf(checkout.directory);
  expect(await output(job(checkout, ["ls"]))).toBe("ci/deploy\nci/npm\n");
  expect(await output(job(checkout, ["get", "ci/deploy"]))).toBe("deploy canary\n");
  const shown = [
    "-e",
    "TOKEN=pm://ci/deploy/password",
    "--mask",
    "never",
    "--",
    "/bin/sh",
    "-c",
    "echo $TOKEN $PM_KEY",
  ];
  expect(await output(job(checkout, ["run", ...shown]))).toBe("deploy canary\n");
  const masked = ["-e", "TOKEN=pm://ci/deploy/password", "--", "/bin/sh", "-c", 'echo "$TOKEN"'];
  expect(await output(job(checkout, ["run", ...masked]))).toBe("<pm:ci/deploy/password>\n");
  expect(contentsOf(checkout.directory)).toEqual(before);
});

test("finds the bundle behind a link, and a writing command leaves nothing beside it", async () => {
  const checkout = await newCheckout();
  symlinkSync("ci.pm", join(checkout.directory, "link.pm"));
  const before = contentsOf(checkout.directory);
  expect(await output(job(checkout, ["get", "ci/npm", "--vault", "./link.pm"]))).toBe("npm canary\n");
  const { exit, stderr } = await job(checkout, ["set", "ci/npm", "username=x"]);
  expect({ exit, stderr }).toMatchObject({
    exit: 13,
    stderr: expect.stringContaining("only read") as string,
  });
  expect(contentsOf(checkout.directory)).toEqual(before);
});

test.runIf(process.getuid?.() === 0)("works for a user whom nobody knows", async () => {
  const checkout = await newCheckout();
  for (let folder = checkout.directory; folder !== "/"; folder = dirname(folder)) {
    const { mode } = statSync(folder);
    if ((mode & 0o005) === 0) chmodSync(folder, mode | 0o005);
  }
  const env = { PM_KEY: checkout.key, PM_VAULT: "ci.pm" };
  const options = { cwd: checkout.directory, env, uid: 61_234, gid: 61_234 };
  const child = spawn(process.execPath, [PM, "get", "ci/npm"], options);
  expect(await output(finished(child))).toBe("npm canary\n");
});

/** A call that opens something for writing, makes, moves or removes it. */
const WRITES =
  /O_WRONLY|O_RDWR|O_CREAT|^\S*\s*(?:mkdir|rename|unlink|rmdir|link|symlink|chmod|chown|truncate)\w*\(/;
const HARMLESS = /"\/dev\/(?:null|tty)"/;

describeWith(["strace"], "what the kernel sees of a job", () => {
  test("is no socket, and no file that is written", { timeout: 60_000 }, async () => {
    const checkout = await newCheckout();
    const trace = join(temporaryDirectory(), "trace");
    const strace = [partPath("strace"), "-f", "-qq", "-o", trace, "-e", "trace=%file,%network"];
    expect(await output(job(checkout, ["get", "ci/deploy"], strace))).toBe("deploy canary\n");
    const calls = readFileSync(trace, "utf8").split("\n");
    // It did see what happened.
    expect(calls.some((call) => call.includes("ci.pm"))).toBe(true);
    expect(calls.filter((call) => WRITES.test(call) && !HARMLESS.test(call))).toEqual([]);
    expect(calls.filter((call) => /\bsocket\((?!AF_UNIX)/.test(call))).toEqual([]);
    // The C library asks who the user is, where no HOME says where the files of one would be.
    expect(calls.filter((call) => call.includes("connect(") && !call.includes("/nscd/socket"))).toEqual([]);
  });
});

describeWith(["unshare"], "a job without a network", () => {
  test("works the same", { timeout: 60_000 }, async () => {
    const checkout = await newCheckout();
    const alone = [partPath("unshare"), "-rn"];
    expect(await output(job(checkout, ["get", "ci/deploy"], alone))).toBe("deploy canary\n");
    const template = join(checkout.directory, "app.tpl");
    writeFileSync(template, "token: {{ pm://ci/npm/password }}\n");
    expect(await output(job(checkout, ["inject", "-i", "app.tpl"], alone))).toBe("token: npm canary\n");
  });
});

describeWith(["python3"], "a reader in another language", () => {
  test("finds in a bundle what was asked for, and nothing else", { timeout: 60_000 }, async () => {
    const { bundle, keyFile } = await newCheckout();
    const { exit, stdout, stderr } = await python([
      join(PYTHON_TESTS, "reader.py"),
      bundle,
      "--token-file",
      keyFile,
    ]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    const read = JSON.parse(stdout.toString()) as ReadVault & { readonly share: object };
    expect(
      read.entries.map(({ path, fields, tags, history }) => [path, Object.keys(fields), tags, history]),
    ).toEqual(
      expect.arrayContaining([
        ["ci/deploy", ["password"], [], []],
        ["ci/npm", ["password"], [], []],
      ]),
    );
    expect(stdout.toString()).not.toMatch(/private|bank|user of/);
    expect(read.share).toMatchObject({ label: "ci", notAfter: expect.any(Number) as number });
    expect(read.slots).toMatchObject([{ type: 5, label: "ci", opened: true }]);
  });
});
