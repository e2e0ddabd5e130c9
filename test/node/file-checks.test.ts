import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type ErrorCode, PmError } from "../../src/core/errors.ts";
import { MAX_FILE_BYTES, openVaultFile } from "../../src/node/file-checks.ts";
import { temporaryDirectory } from "../support/process.ts";
import { ON_WINDOWS } from "./fixtures/run.ts";

const CONTENT = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

let directory = "";
let path = "";

beforeEach(() => {
  directory = fs.realpathSync(temporaryDirectory());
  path = join(directory, "vault.pm");
  fs.writeFileSync(path, CONTENT, { mode: 0o600 });
});

function refusal(write = false): [ErrorCode, string] {
  try {
    openVaultFile(path, { write }).close();
  } catch (error) {
    if (error instanceof PmError) return [error.code, error.message.replaceAll(directory, "DIR")];
    throw error;
  }
  throw new Error("it was opened");
}

describe.skipIf(ON_WINDOWS)("an open vault", () => {
  test("gives its size, its real path and any part of it", () => {
    using file = openVaultFile(path);
    expect([file.size, file.realPath, file.warnings]).toEqual([CONTENT.length, path, []]);
    expect(file.read(5000, 100)).toEqual(CONTENT.slice(5000, 5100));
    expect(file.read(0, file.size)).toEqual(CONTENT);
  });

  test("stays the same version while another takes its place", () => {
    using file = openVaultFile(path);
    fs.writeFileSync(join(directory, "new"), "new");
    fs.renameSync(join(directory, "new"), path);
    expect(file.read(0, file.size)).toEqual(CONTENT);
  });

  test("that is shortened meanwhile is truncated, not zeros", () => {
    using file = openVaultFile(path);
    fs.truncateSync(path, 5000);
    expect(() => file.read(0, file.size)).toThrow(expect.objectContaining({ code: "truncated" }));
  });

  test("can be closed twice", () => {
    const file = openVaultFile(path);
    file.close();
    file.close();
    expect(() => fs.fstatSync(file.fd)).toThrow("EBADF");
  });
});

describe.skipIf(ON_WINDOWS)("what is no vault file", () => {
  test.each<[string, ErrorCode, string, () => void]>([
    ["nothing", "not-found", "there is no vault at DIR/vault.pm", () => undefined],
    ["a dangling link", "not-found", "there is no vault at DIR/vault.pm", () => fs.symlinkSync("no", path)],
    ["a folder", "not-a-vault", "DIR/vault.pm is a folder", () => fs.mkdirSync(path)],
    [
      "a FIFO",
      "not-a-vault",
      "DIR/vault.pm is not a regular file",
      () => void execFileSync("mkfifo", [path]),
    ],
    [
      "a link to a device",
      "not-a-vault",
      "DIR/vault.pm is not a regular file",
      () => fs.symlinkSync("/dev/null", path),
    ],
    [
      "a link to itself",
      "io",
      "can't read DIR/vault.pm: too many symbolic links",
      () => fs.symlinkSync(path, path),
    ],
  ])("%s is refused as %s", (_what, code, message, put) => {
    fs.unlinkSync(path);
    put();
    expect(refusal()).toEqual([code, message]);
  });

  test("a socket is refused", async () => {
    fs.unlinkSync(path);
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    onTestFinished(() => void server.close());
    expect(refusal()).toEqual(["not-a-vault", "DIR/vault.pm is not a regular file"]);
  });

  test("a file of half a gigabyte and a byte is refused before it is read", () => {
    fs.truncateSync(path, MAX_FILE_BYTES);
    openVaultFile(path).close();
    fs.truncateSync(path, MAX_FILE_BYTES + 1);
    expect(refusal()).toEqual(["body-length", "DIR/vault.pm is over 512 MiB and can't be a vault"]);
  });

  test("a path through a file leads nowhere", () => {
    path = join(path, "vault.pm");
    expect(refusal()).toEqual(["not-found", "there is no vault at DIR/vault.pm/vault.pm"]);
  });
});

describe.skipIf(ON_WINDOWS)("permissions", () => {
  test.each([0o640, 0o604, 0o666, 0o700 | 0o001])(
    "mode %o is warned about with the command that mends it",
    (mode) => {
      fs.chmodSync(path, mode);
      using file = openVaultFile(path, { write: true });
      expect(file.warnings).toEqual([`other users can reach ${path}; run: chmod 600 ${path}`]);
    },
  );

  test.skipIf(!isRoot)("another user's file is read with a warning and never written", () => {
    fs.chownSync(path, NOBODY, NOBODY);
    using file = openVaultFile(path);
    expect(file.warnings).toEqual([`${path} belongs to another user (uid ${NOBODY})`]);
    expect(refusal(true)).toEqual([
      "io",
      `DIR/vault.pm belongs to another user (uid ${NOBODY}) and is not written`,
    ]);
  });
});

describe.skipIf(ON_WINDOWS)("a symbolic link", () => {
  let link = "";

  beforeEach(() => {
    link = join(fs.realpathSync(temporaryDirectory()), "link");
    fs.symlinkSync(path, link);
  });

  test("is followed once, to the file that is written in its place", () => {
    using file = openVaultFile(link, { write: true });
    expect(file.realPath).toBe(path);
  });

  test.skipIf(!isRoot)("into another user's folder is refused", () => {
    fs.chownSync(directory, NOBODY, NOBODY);
    expect(() => openVaultFile(link)).toThrow(
      expect.objectContaining({
        code: "io",
        message: `${link} is a link into ${directory}, which belongs to another user`,
      }),
    );
    // The folder itself is no trap: who owns it owns what the path says.
    openVaultFile(path).close();
  });
});

describe.skipIf(ON_WINDOWS)("a second name of the file", () => {
  test.each(["vault.pm.bak", ".vault.pm.0123456789abcdef.bak", ".vault.pm.0123456789abcdef.tmp"])(
    "%s is what a save that was cut off leaves",
    (name) => {
      fs.linkSync(path, join(directory, name));
      openVaultFile(path, { write: true }).close();
    },
  );

  test("of another kind forbids writing, not reading", () => {
    fs.linkSync(path, join(directory, "vault.pm.bak"));
    fs.linkSync(path, join(directory, "kept"));
    openVaultFile(path).close();
    expect(refusal(true)).toEqual([
      "io",
      "DIR/vault.pm has another name (a hard link), which would keep the old version",
    ]);
  });

  test("is not forgiven because of some other backup", () => {
    fs.writeFileSync(join(directory, "vault.pm.bak"), "");
    fs.linkSync(path, join(directory, "kept"));
    expect(refusal(true)[0]).toBe("io");
  });
});
