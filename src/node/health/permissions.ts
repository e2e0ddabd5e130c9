/** Whose the files and folders are, and who else may reach them. */
import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { PmError } from "../../core/errors.ts";
import { backupFolder } from "../backups.ts";
import { openVaultFile } from "../file-checks.ts";
import { fs } from "../fs.ts";
import { isOwn } from "../side-files.ts";
import { type Finding, isBundle, type Subject } from "./finding.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const MODE_BITS = 0o777;
const OTHERS_BITS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
/** In a folder with this bit only the owner of a file can replace it. */
const STICKY = 0o1000;
const STATE_FILE = /^vault-[0-9a-f]{32}\.json$/;
const MAX_STATE_FILES = 1000;

/** Windows has other rights, which are not judged. */
export function checkPermissions(subject: Subject): readonly Finding[] {
  if (process.platform === "win32") return [];
  const { paths, vault, agent } = subject;
  const realPath = isBundle(vault) ? undefined : vault.realPath;
  const folders = [paths.config, paths.data, paths.state, backupFolder(paths, "/")];
  const vaultFiles = realPath === undefined ? [] : [realPath, `${realPath}.bak`];
  const files = [...vaultFiles, paths.settings, ...stateFiles(paths.state)];
  if (agent.kind !== "unreachable") {
    // As the agent makes its socket: others could connect where it is open to them.
    folders.push(agent.directory, agent.socket);
    files.push(agent.token);
  }
  return [
    ...folders.flatMap((path) => checkMode(path, FOLDER_MODE)),
    ...files.flatMap((path) => checkMode(path, FILE_MODE)),
    ...(realPath === undefined || folders.includes(dirname(realPath)) ? [] : checkFolder(dirname(realPath))),
    ...(realPath === undefined ? [] : checkNames(realPath)),
  ];
}

function stateFiles(directory: string): readonly string[] {
  try {
    const names = fs.readdirSync(directory).filter((name) => STATE_FILE.test(name));
    return names.slice(0, MAX_STATE_FILES).map((name) => join(directory, name));
  } catch {
    // There is none yet, or it is the folder itself that can't be read.
    return [];
  }
}

/** A link is judged by what it leads to, and left to the user: who planted it may want that changed. */
function checkMode(path: string, mode: number): readonly Finding[] {
  const facts = look(path);
  if (facts === undefined) return [];
  if (!isOwn(facts.uid)) return [foreign(path, facts)];
  const found = facts.mode & MODE_BITS;
  if (found === mode) return [];
  const wanted = mode.toString(8);
  const who = (found & OTHERS_BITS) === 0 ? "" : ", which lets others reach it";
  const { ino, dev } = facts;
  return [
    {
      id: "permissions",
      level: "problem",
      text: `${path} has the permissions ${found.toString(8).padStart(4, "0")}${who}`,
      fix: ["chmod", wanted, path],
      ...(facts.isLeft ? {} : { repair: { kind: "chmod", path, ino, dev, mode } as const }),
    },
  ];
}

type Looked = Pick<Stats, "uid" | "mode" | "ino" | "dev"> & {
  /** To the user: a link, and a socket, which can't be opened. */
  readonly isLeft: boolean;
};

function look(path: string): Looked | undefined {
  try {
    const isLink = fs.lstatSync(path).isSymbolicLink();
    const facts = fs.statSync(path);
    const { uid, mode, ino, dev } = facts;
    return { uid, mode, ino, dev, isLeft: isLink || facts.isSocket() };
  } catch {
    return undefined;
  }
}

function foreign(path: string, { uid }: Looked): Finding {
  return {
    id: "owner",
    level: "problem",
    text: `${path} belongs to another user (uid ${uid})`,
    fix: ["sudo", "chown", String(process.geteuid?.() ?? 0), path],
  };
}

/** A folder that the user chose for the vault: others may look into it, and must not put files there. */
function checkFolder(path: string): readonly Finding[] {
  const facts = look(path);
  if (facts === undefined || (facts.mode & WRITABLE_BY_OTHERS) === 0 || (facts.mode & STICKY) !== 0)
    return [];
  return [
    {
      id: "folder",
      level: "problem",
      text: `others may write in ${path}, and so put another file in the place of the vault`,
      fix: ["chmod", "go-w", path],
    },
  ];
}

/** A second name keeps the old version when the vault is saved, which is why saving refuses. */
function checkNames(realPath: string): readonly Finding[] {
  const facts = look(realPath);
  if (facts === undefined || !isOwn(facts.uid)) return [];
  try {
    openVaultFile(realPath, { write: true }).close();
    return [];
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    const fix = ["find", "/", "-xdev", "-samefile", realPath];
    return [{ id: "links", level: "problem", text: error.message, fix }];
  }
}
