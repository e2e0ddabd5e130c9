/** What programs that pm starts get to see of its environment. */
import type { Env } from "./globals.ts";

/**
 * A child that could read these could open the vault; the command one would run itself for ever. Also
 * those that only name a file or a descriptor: they were given to pm.
 */
const PRIVATE_VARIABLES: ReadonlySet<string> = new Set([
  "PM_PASSWORD",
  "PM_PASSWORD_FD",
  "PM_PASSWORD_FILE",
  "PM_PASSWORD_COMMAND",
  "PM_KEY",
  "PM_KEY_FILE",
]);

/** What a program can hardly do without, and what says nothing of other programs. */
const PLAIN_VARIABLES = /^(?:PATH|HOME|TERM|LANG|LC_[A-Z]+|TZ|USER|LOGNAME|SHELL|TMPDIR)$/;
/** On Windows, where names have no case; there is no SystemRoot elsewhere. */
const WINDOWS_VARIABLES =
  /^(?:PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|COMSPEC|WINDIR|TEMP|TMP|USERPROFILE|USERNAME|APPDATA|LOCALAPPDATA)$/i;

/** The environment for child processes: without what was meant for pm alone. */
export function childEnv(env: Env): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PRIVATE_VARIABLES.has(name)));
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
