/** A gpg of its own: keys, agent and stores in a folder that goes with the test. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FolderHelp } from "../../src/core/import/reader.ts";

export interface GpgHome {
  /** Short: the path of a socket has at most 107 bytes. */
  readonly root: string;
  readonly env: FolderHelp["env"];
  readonly help: FolderHelp;
  makeKey(user: string, passphrase: string): void;
  /** What gpg's agent talks to instead of a person: a script that answers each line. */
  setPinentry(script: string): void;
  run(program: string, args: readonly string[], input?: string | Uint8Array): Buffer;
  /** A file of a store, encrypted for `user`. */
  put(path: string, content: string | Uint8Array, user: string): void;
  remove(): void;
}

export function createGpgHome(): GpgHome {
  const root = mkdtempSync("/tmp/pm-g");
  const home = join(root, "g");
  mkdirSync(home, { mode: 0o700 });
  const configure = (lines: string): void =>
    // Or the agent would measure for seconds how dear a passphrase may be.
    writeFileSync(join(home, "gpg-agent.conf"), `s2k-count 65536\n${lines}`);
  configure("");
  const env = { PATH: process.env["PATH"], HOME: root, GNUPGHOME: home, LC_ALL: "C.UTF-8" };
  const run: GpgHome["run"] = (program, args, input = "") =>
    execFileSync(program, args, { env, input, stdio: ["pipe", "pipe", "pipe"] });
  return {
    root,
    env,
    help: {
      env,
      signal: new AbortController().signal,
      withProgress: async (work) => await work(),
    },
    makeKey: (user, passphrase) => {
      const how = ["--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase];
      run("gpg", [...how, "--quick-generate-key", user, "future-default", "default", "never"]);
    },
    setPinentry: (script) => {
      const path = join(root, "pinentry");
      writeFileSync(path, script);
      chmodSync(path, 0o755);
      configure(`pinentry-program ${path}\n`);
      run("gpgconf", ["--kill", "gpg-agent"]);
    },
    run,
    put: (path, content, user) => {
      mkdirSync(dirname(path), { recursive: true });
      const words = ["--batch", "--trust-model", "always", "--yes", "-r", user, "-o", path, "--encrypt"];
      run("gpg", words, content);
    },
    remove: () => {
      run("gpgconf", ["--kill", "all"]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
