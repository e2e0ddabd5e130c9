/** Where pm keeps its files: below PM_HOME, or in the platform's directories by the rules of env-paths. */
import { ioError } from "./io-error.ts";
import { fs } from "./fs.ts";

// As with fs.ts: an import of these costs every start more than what is used of them.
const { dirname, join, posix, resolve, win32 } = process.getBuiltinModule("node:path");
const { fsyncSync, mkdirSync, openSync, closeSync, statSync } = fs;

export interface Paths {
  /** Directories. */
  readonly config: string;
  readonly data: string;
  readonly state: string;
  readonly run: string;
  /** The default vault file. */
  readonly vault: string;
  /** The settings file: PM_CONFIG, or the one in `config`. */
  readonly settings: string;
}

type Env = Readonly<Record<string, string | undefined>>;
type Directories = Pick<Paths, "config" | "data" | "state" | "run">;

const NAME = "pm";
const VAULT_FILE = "vault.pm";
const SETTINGS_FILE = "settings.json";

/** Nothing is created or looked at. A relative PM_HOME or PM_CONFIG is taken from the working directory. */
export function resolvePaths(env: Env, platform: NodeJS.Platform, homedir: string): Paths {
  const path = platform === "win32" ? win32 : posix;
  const directories = chooseDirectories(env, platform, homedir);
  return {
    ...directories,
    vault: path.join(directories.data, VAULT_FILE),
    settings: env["PM_CONFIG"] ? resolve(env["PM_CONFIG"]) : path.join(directories.config, SETTINGS_FILE),
  };
}

function chooseDirectories(env: Env, platform: NodeJS.Platform, homedir: string): Directories {
  if (env["PM_HOME"]) {
    const home = resolve(env["PM_HOME"]);
    return {
      config: join(home, "config"),
      data: join(home, "data"),
      state: join(home, "state"),
      run: join(home, "run"),
    };
  }
  if (platform === "win32") return windowsDirectories(env, homedir);
  if (platform === "darwin") return macDirectories(homedir);
  return xdgDirectories(env, homedir);
}

function windowsDirectories(env: Env, homedir: string): Directories {
  const roaming = env["APPDATA"] || win32.join(homedir, "AppData", "Roaming");
  const local = env["LOCALAPPDATA"] || win32.join(homedir, "AppData", "Local");
  return {
    config: win32.join(roaming, NAME, "Config"),
    data: win32.join(local, NAME, "Data"),
    state: win32.join(local, NAME, "State"),
    run: win32.join(local, NAME, "Run"),
  };
}

function macDirectories(homedir: string): Directories {
  const library = posix.join(homedir, "Library");
  const support = posix.join(library, "Application Support", NAME);
  return {
    config: posix.join(library, "Preferences", NAME),
    data: support,
    // Logs and Caches, where env-paths would put these, are cleaned by the system and by people.
    state: posix.join(support, "state"),
    run: posix.join(support, "run"),
  };
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function xdgDirectories(env: Env, homedir: string): Directories {
  const base = (variable: string, ...fallback: string[]): string => {
    const value = env[variable];
    // "All paths must be absolute. If a relative path is encountered it should be ignored."
    return value?.startsWith("/") === true ? value : posix.join(homedir, ...fallback);
  };
  const state = posix.join(base("XDG_STATE_HOME", ".local", "state"), NAME);
  const runtime = env["XDG_RUNTIME_DIR"];
  return {
    config: posix.join(base("XDG_CONFIG_HOME", ".config"), NAME),
    data: posix.join(base("XDG_DATA_HOME", ".local", "share"), NAME),
    state,
    // Never a bare path below /tmp: another user could be there first.
    run: runtime?.startsWith("/") === true ? posix.join(runtime, NAME) : posix.join(state, "run"),
  };
}

/** The paths of this process. */
export function processPaths(env: Env): Paths {
  return resolvePaths(env, process.platform, homeDirectory(env));
}

/** A container may run as a user whom no file names; who has neither home nor HOME has no files either. */
function homeDirectory({ HOME }: Env): string {
  // What node:os would say, too, but for the time to load it.
  if (HOME && process.platform !== "win32") return HOME;
  try {
    return process.getBuiltinModule("node:os").homedir();
  } catch {
    return "/nonexistent";
  }
}

const PRIVATE_MODE = 0o700;

/**
 * Creates `path` and what is missing above it, for the owner only and durably. What exists stays as it is.
 * @throws PmError "io" where it can't be created
 */
export function createPrivateDirectory(path: string): void {
  try {
    const first = createMissing(resolve(path));
    if (first === undefined || process.platform === "win32") return;
    // A new file is only as durable as the directories that lead to it.
    for (let parent = dirname(resolve(path)); ; parent = dirname(parent)) {
      syncDirectory(parent);
      if (parent === dirname(first) || parent === dirname(parent)) return;
    }
  } catch (error) {
    throw ioError(error, `can't create the folder ${path}`);
  }
}

/**
 * What `recursive` of mkdir does, which never ends where a folder takes no new one and says ENOENT, as /proc does.
 * @returns the first directory that was created
 */
function createMissing(path: string): string | undefined {
  if (isDirectory(path)) return undefined;
  const parent = dirname(path);
  const first = parent === path ? undefined : createMissing(parent);
  try {
    mkdirSync(path, { mode: PRIVATE_MODE });
    return first ?? path;
  } catch (error) {
    // Another process was first.
    if (isDirectory(path)) return first;
    throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** @returns whether the entries of the directory are known to be on the disk */
export function syncDirectory(path: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    fsyncSync(fd);
    return true;
  } catch {
    // Network file systems and Windows can't; and whatever the reason, the change itself has happened.
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
