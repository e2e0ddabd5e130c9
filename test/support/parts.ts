/** The programs outside npm that the tests run: what each is for, how it is found, where Debian has it. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export type PartName =
  | "python3"
  | "xvfb"
  | "xclip"
  | "zsh"
  | "fish"
  | "mandoc"
  | "strace"
  | "vim"
  | "git"
  | "ssh-keygen"
  | "sshd"
  | "dockerpycreds"
  | "make"
  | "unshare"
  | "systemd-analyze"
  | "zbarimg"
  | "gpg"
  | "pass"
  | "gopass"
  | "keepassxc-cli"
  | "oathtool"
  | "kpcli"
  | "pykeepass"
  | "file-kdbx";

export interface Part {
  readonly why: string;
  readonly packages: readonly string[];
  /** Where a missing part is a failure under CI=true; elsewhere its tests are skipped aloud. */
  readonly required: readonly NodeJS.Platform[];
  /** Programs or paths, the first that works is taken. */
  readonly candidates: readonly string[];
  /** Arguments under which a candidate must end with 0. */
  readonly check?: readonly string[];
}

export const PARTS: Readonly<Record<PartName, Part>> = {
  python3: {
    why: "a vault reader written from docs/format.md alone",
    packages: ["python3", "python3-cryptography", "python3-argon2"],
    required: ["linux"],
    // A version manager's python3 may stand before the system's, without the system's modules.
    candidates: ["/usr/bin/python3", "python3", "python"],
    check: ["-c", "import cryptography, argon2"],
  },
  xvfb: {
    why: "a display for the clipboard",
    packages: ["xvfb"],
    required: ["linux"],
    candidates: ["Xvfb"],
  },
  xclip: {
    why: "reads the clipboard as another program does",
    packages: ["xclip"],
    required: ["linux"],
    candidates: ["xclip"],
  },
  zsh: { why: "runs the zsh completion", packages: ["zsh"], required: ["linux"], candidates: ["zsh"] },
  fish: { why: "runs the fish completion", packages: ["fish"], required: ["linux"], candidates: ["fish"] },
  mandoc: { why: "checks the man page", packages: ["mandoc"], required: ["linux"], candidates: ["mandoc"] },
  zbarimg: {
    why: "reads QR codes as a scanner does",
    packages: ["zbar-tools"],
    required: ["linux"],
    candidates: ["zbarimg"],
  },
  gpg: {
    why: "encrypts the files of password stores",
    packages: ["gnupg"],
    required: ["linux"],
    candidates: ["gpg"],
    check: ["--version"],
  },
  pass: {
    why: "makes the stores that are imported",
    packages: ["pass"],
    required: ["linux"],
    candidates: ["pass"],
  },
  gopass: {
    why: "makes stores as pass does, with code of its own (Debian's, not that of gopasspw)",
    packages: ["gopass", "git", "gnupg"],
    // Seen in Debian 12; other releases may lack it.
    required: [],
    candidates: ["/usr/bin/gopass"],
    check: ["version"],
  },
  "keepassxc-cli": {
    why: "makes what is imported from KeePassXC, and opens databases that pm wrote",
    packages: ["keepassxc"],
    required: ["linux"],
    candidates: ["keepassxc-cli"],
    check: ["--version"],
  },
  kpcli: {
    why: "makes KeePass databases of version 3.1",
    packages: ["kpcli"],
    required: ["linux"],
    candidates: ["kpcli"],
    check: ["--help"],
  },
  pykeepass: {
    why: "reads and changes KeePass databases with code of its own",
    packages: ["python3-pykeepass"],
    required: ["linux"],
    candidates: ["/usr/bin/python3", "python3"],
    check: ["-c", "import pykeepass"],
  },
  "file-kdbx": {
    why: "writes and reads KeePass databases with code of its own, in Perl",
    packages: ["libfile-kdbx-perl"],
    required: ["linux"],
    candidates: ["/usr/bin/perl", "perl"],
    check: ["-MFile::KDBX", "-e", "1"],
  },
  oathtool: {
    why: "makes one-time codes as a site does",
    packages: ["oathtool"],
    required: ["linux"],
    candidates: ["oathtool"],
  },
  strace: {
    why: "sees the order of writes and flushes of a save",
    packages: ["strace"],
    required: ["linux"],
    candidates: ["strace"],
  },
  git: {
    why: "takes its passwords from the vault",
    packages: ["git"],
    required: ["linux"],
    candidates: ["git"],
  },
  "ssh-keygen": {
    why: "makes keys, and checks what they sign",
    packages: ["openssh-client"],
    required: ["linux"],
    candidates: ["ssh-keygen"],
  },
  sshd: {
    why: "lets in who can sign with a key of the vault",
    packages: ["openssh-server"],
    required: ["linux"],
    candidates: ["/usr/sbin/sshd", "sshd"],
  },
  dockerpycreds: {
    why: "talks to credential helpers as docker does",
    packages: ["python3-dockerpycreds"],
    required: ["linux"],
    candidates: ["/usr/bin/python3", "python3"],
    check: ["-c", "import dockerpycreds"],
  },
  make: {
    why: "runs the Makefile of docs/ci.md",
    packages: ["make"],
    required: ["linux"],
    candidates: ["make"],
  },
  "systemd-analyze": {
    why: "checks the agent's unit, and that of docs/ci.md",
    packages: ["systemd"],
    required: [],
    candidates: ["systemd-analyze"],
    check: ["--version"],
  },
  unshare: {
    why: "gives a job a network with nothing in it, where users may make one",
    packages: ["util-linux"],
    required: [],
    candidates: ["unshare"],
    check: ["-rn", "true"],
  },
  vim: {
    why: "a real editor that would leave copies",
    packages: ["vim-tiny"],
    required: ["linux"],
    candidates: ["vim", "vim.tiny"],
    check: ["--version"],
  },
};

export const PART_NAMES: readonly PartName[] = Object.keys(PARTS) as PartName[];

/** The path of the program, or undefined where this machine has none that works. */
export function findPart(name: PartName): string | undefined {
  const { candidates, check } = PARTS[name];
  return candidates
    .map(inPath)
    .find((path) => path !== undefined && (check === undefined || succeeds(path, check)));
}

/** Like {@link findPart}, for a test that stands under `describeWith`. */
export function partPath(name: PartName): string {
  const path = findPart(name);
  if (path === undefined) throw new Error(`${name} is missing: ${PARTS[name].why}`);
  return path;
}

function inPath(program: string): string | undefined {
  const directories = program.includes("/") ? [""] : (process.env["PATH"] ?? "").split(delimiter);
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  return directories
    .flatMap((directory) => endings.map((ending) => join(directory, program + ending)))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function succeeds(path: string, args: readonly string[]): boolean {
  return spawnSync(path, args, { stdio: "ignore", timeout: 20_000 }).status === 0;
}
