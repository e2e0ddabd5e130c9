/** Which ways lead to a clipboard here, the best first; docs/clipboard.md says why. */

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * "command": PM_CLIP_COMMAND; "terminal": an escape sequence (OSC 52); "system": the operating system's
 * own, through clipboardy.
 */
export type Way = "command" | "terminal" | ReadableWay;

/** The ways on which what was copied can be read again. */
export type ReadableWay = "wayland" | "x11" | "system";

export function clipboardWays(env: Env, platform: NodeJS.Platform): readonly Way[] {
  if (env["PM_CLIP_COMMAND"]) return ["command"];
  const display = displayOf(env);
  if (isRemote(env) && platform !== "win32") {
    // A forwarded display may be one that is long closed; the terminal is there.
    return display === undefined ? ["terminal"] : [display, "terminal"];
  }
  if (hasSystemClipboard(env, platform)) return ["system"];
  return display === undefined ? [] : [display];
}

/** Somebody sits at another machine: this one's clipboard is none of theirs. */
function isRemote({ SSH_TTY, SSH_CONNECTION }: Env): boolean {
  return Boolean(SSH_TTY) || Boolean(SSH_CONNECTION);
}

function displayOf({ WAYLAND_DISPLAY, DISPLAY }: Env): "wayland" | "x11" | undefined {
  if (WAYLAND_DISPLAY) return "wayland";
  return DISPLAY ? "x11" : undefined;
}

/** In WSL it is that of the Windows around it, display or not. */
function hasSystemClipboard({ WSL_DISTRO_NAME }: Env, platform: NodeJS.Platform): boolean {
  return ["darwin", "win32", "android"].includes(platform) || Boolean(WSL_DISTRO_NAME);
}
