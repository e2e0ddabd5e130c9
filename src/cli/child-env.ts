/** What programs that pm starts get to see of its environment. */
import { CREDENTIAL_VARIABLES, type Env } from "./globals.ts";

/** What a program can hardly do without, and what says nothing of other programs. */
const PLAIN_VARIABLES = /^(?:PATH|HOME|TERM|LANG|LC_[A-Z]+|TZ|USER|LOGNAME|SHELL|TMPDIR)$/;
/** On Windows, where names have no case; there is no SystemRoot elsewhere. */
const WINDOWS_VARIABLES =
  /^(?:PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|COMSPEC|WINDIR|TEMP|TMP|USERPROFILE|USERNAME|APPDATA|LOCALAPPDATA)$/i;

/** Kept for the secret of a remote. */
const REMOTE_SECRET = "PM_REMOTE_SECRET";

/**
 * The environment for child processes. One that could read these could open the vault, and the command of
 * PM_PASSWORD_COMMAND would run itself for ever; those that only name a file or a descriptor were given to pm, too.
 */
export function childEnv(env: Env): Record<string, string | undefined> {
  const isPrivate = (name: string): boolean => CREDENTIAL_VARIABLES.includes(name) || name === REMOTE_SECRET;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isPrivate(name)));
}

/** The environment of --clean-env. */
export function cleanEnv(env: Env): Record<string, string | undefined> {
  const isWindows = Object.keys(env).some((name) => name.toUpperCase() === "SYSTEMROOT");
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => PLAIN_VARIABLES.test(name) || (isWindows && WINDOWS_VARIABLES.test(name)),
    ),
  );
}
