/** What other programs pm works with: clipboard, shell, editor. */
import { clipboardWays, type Way } from "../clipboard/ways.ts";
import { hasLeftoverProtection } from "../editor.ts";
import { findProgram } from "../find-program.ts";
import { fs } from "../fs.ts";
import type { Finding, Subject } from "./finding.ts";

/** Only what the way that --clip would go needs; where there is none nobody expects a clipboard. */
export function checkClipboard({ env, clipCommand }: Subject): readonly Finding[] {
  const isThere = (program: string | undefined): boolean =>
    program !== undefined && findProgram(program, env["PATH"] ?? "") !== undefined;
  const [way] = clipboardWays(env, process.platform);
  if (way === "command" && !isThere(clipCommand?.[0])) {
    const text = "PM_CLIP_COMMAND names no program that is there, so --clip can't copy";
    return [{ id: "clipboard", level: "advice", text, fix: ["unset", "PM_CLIP_COMMAND"] }];
  }
  const missing = way === "wayland" ? ["wl-copy", "wl-paste"].find((name) => !isThere(name)) : undefined;
  if (missing === undefined) return [];
  const text = `there is no ${missing}, so --clip can't copy`;
  const fix = ["sudo", "apt-get", "install", "wl-clipboard"];
  return [{ id: "clipboard", level: "advice", text, fix }];
}

/** Which way --clip goes, where that depends on more than the operating system. */
export function clipboardNotes({ env }: Subject): readonly string[] {
  const [way] = clipboardWays(env, process.platform);
  const name = way === undefined ? undefined : WAY_NAMES[way];
  return name === undefined ? [] : [`--clip copies ${name}`];
}

const WAY_NAMES: Readonly<Record<Way, string | undefined>> = {
  command: "by PM_CLIP_COMMAND",
  terminal: "to the terminal's clipboard, by OSC 52",
  wayland: "to the Wayland clipboard",
  x11: "to the X11 clipboard",
  system: undefined,
};

export function checkCompletion({ completion }: Subject): readonly Finding[] {
  if (completion === undefined || fs.existsSync(completion.path)) return [];
  const { shell, path } = completion;
  const fix = ["pm", "completion", shell, "--install"];
  return [{ id: "completion", level: "advice", text: `there is no completion for ${shell} at ${path}`, fix }];
}

/** An editor that pm does not know may leave swap files, backups and histories of what it was shown. */
export function checkEditor({ editor, env }: Subject): readonly Finding[] {
  if (editor === undefined || hasLeftoverProtection(editor, env["PATH"] ?? "")) return [];
  const text = `pm can't tell ${editor[0] ?? ""} to leave no copies of what pm edit shows it`;
  return [{ id: "editor", level: "advice", text, fix: ["export", "VISUAL=vim"] }];
}
