/** What processes around the clipboard get to see of pm's environment. */
import type { Env, ReadableWay } from "./ways.ts";

/**
 * What a program needs, and nothing of pm's: some of these processes stay to serve the value, and whoever may
 * look at a process sees its environment.
 */
const COMMON =
  "XDG_RUNTIME_DIR XDG_SESSION_TYPE PATH HOME TMPDIR LANG LC_ALL LC_CTYPE " +
  "SystemRoot windir ComSpec PATHEXT PSModulePath TEMP TMP USERPROFILE APPDATA LOCALAPPDATA " +
  "WSL_DISTRO_NAME WSL_INTEROP TERMUX_VERSION PREFIX";

/** What leads to the display of one way, and to no other. */
const LEADING: Readonly<Record<ReadableWay | "terminal", string>> = {
  wayland: "WAYLAND_DISPLAY",
  x11: "DISPLAY XAUTHORITY",
  system: "",
  terminal: "TMUX",
};

export function clipboardEnvironment(env: Env, way: ReadableWay | "terminal"): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const name of `${COMMON} ${LEADING[way]}`.split(" ")) {
    const value = env[name];
    if (value !== undefined) allowed[name] = value;
  }
  return allowed;
}

/** The way that such an environment leads. */
export function wayOf({ WAYLAND_DISPLAY, DISPLAY }: Env): ReadableWay {
  if (WAYLAND_DISPLAY) return "wayland";
  return DISPLAY ? "x11" : "system";
}
