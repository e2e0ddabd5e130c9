import { spawn, spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { readFdLine, readSecretFile, runForSecret } from "../../src/node/secret-input.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "pm-secret-input-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

test("a file is read whole, relative to the working directory", async () => {
  file("a", "secret\n");
  const { bytes, exposed } = await readSecretFile("a", { cwd: directory, limit: 7 });
  expect(fromUtf8(bytes)).toBe("secret\n");
  expect(exposed).toBe(false);
});

test.each([0o640, 0o604, 0o620, 0o601])("mode %o is one that others may use", async (mode) => {
  const path = file(`mode-${mode}`, "x", mode);
  expect((await readSecretFile(path, { cwd: "/", limit: 10 })).exposed).toBe(true);
});

test("the permissions are those of the file that a link names", async () => {
  file("target", "x", 0o644);
  symlinkSync("target", join(directory, "link"));
  expect((await readSecretFile("link", { cwd: directory, limit: 10 })).exposed).toBe(true);
});

test("a file over the limit, a directory and a missing file are refused", async () => {
  file("long", "12345678");
  await expect(readSecretFile("long", { cwd: directory, limit: 7 })).rejects.toMatchObject({ code: "limit" });
  await expect(readSecretFile(".", { cwd: directory, limit: 7 })).rejects.toMatchObject({ code: "io" });
  await expect(readSecretFile("none", { cwd: directory, limit: 7 })).rejects.toMatchObject({ code: "io" });
});

async function withFd<T>(content: string, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = openSync(file("fd", content), "r");
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

test("a descriptor gives one line a call and keeps the rest", async () => {
  await withFd("one\ntwo\r\nthree", async (fd) => {
    const lines = [await readFdLine(fd, 10), await readFdLine(fd, 10), await readFdLine(fd, 10)];
    expect(lines.map((line) => fromUtf8(line))).toEqual(["one\n", "two\r\n", "three"]);
    expect(await readFdLine(fd, 10)).toHaveLength(0);
  });
});

test("a line over the limit is refused", async () => {
  await withFd("12345", async (fd) => {
    await expect(readFdLine(fd, 4)).rejects.toMatchObject({ code: "limit" });
  });
});

const READER = new URL("../../src/node/secret-input.ts", import.meta.url).href;
const SCRIPT = `
  const { readFdLine } = await import(${JSON.stringify(READER)});
  try { process.stdout.write(Buffer.from(await readFdLine(Number(process.argv[1]), 100))); }
  catch (error) { process.stdout.write(error.code); }`;

test("a pipe that the shell opened is read", () => {
  const call = `"$0" --input-type=module -e "$1" 7 7< <(printf 'from a pipe\\nx')`;
  const run = spawnSync("bash", ["-c", call, process.execPath, SCRIPT], { encoding: "utf8" });
  expect(run.stdout).toBe("from a pipe\n");
});

test("no descriptor of Node's own is waited for", async () => {
  const answers = Array.from({ length: 20 }, (_, i) => i + 3).map(
    (fd) =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT, String(fd)], {
          stdio: ["ignore", "pipe", "ignore"],
          timeout: 20_000,
        });
        let out = "";
        child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
        child.on("close", (_code, signal) => resolve(signal ?? out));
      }),
  );
  for (const answer of await Promise.all(answers)) expect(["usage", "io", ""]).toContain(answer);
}, 60_000);

const RUN = {
  env: { PATH: process.env["PATH"], SEEN: "yes" },
  cwd: "/",
  signal: new AbortController().signal,
  limit: 100,
  name: "the command of X",
  showErrors: false,
};

test("a command's output is taken as it is", async () => {
  const bytes = await runForSecret(["printf", " %s\\n", "a b"], RUN);
  expect(fromUtf8(bytes)).toBe(" a b\n");
});

test("a command gets the environment and the directory it was given, and no input", async () => {
  const bytes = await runForSecret(["sh", "-c", 'cat; printf "%s %s" "$SEEN" "$(pwd)"'], RUN);
  expect(fromUtf8(bytes)).toBe("yes /");
});

test.each([
  ["fails", ["sh", "-c", "echo secret; exit 3"], "auth", "exit status 3"],
  ["is killed", ["sh", "-c", "echo secret; kill -9 $$"], "auth", "signal SIGKILL"],
  ["does not exist", ["pm-no-such-command"], "io", "can't be started"],
  ["is a directory", ["/"], "io", "can't be started"],
  ["prints too much", ["sh", "-c", "while :; do echo secret; done"], "limit", "over 100 bytes"],
])(
  "a command that %s is named by its source, and its output is not shown",
  async (_how, argv, code, words) => {
    const error: unknown = await runForSecret(argv, RUN).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`the command of X`) });
    expect(error).toMatchObject({ message: expect.stringContaining(words) });
    expect(String(error)).not.toMatch(/secret|echo|no-such/);
  },
);

test("an interrupted call ends its command", async () => {
  const controller = new AbortController();
  const run = runForSecret(["sleep", "60"], { ...RUN, signal: controller.signal });
  controller.abort();
  await expect(run).rejects.toMatchObject({ code: "interrupted" });
});
