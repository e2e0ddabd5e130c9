/** What other programs pm works with: clipboard, shell, editor. */
import { fileURLToPath } from "node:url";
import { hasLeftoverProtection } from "../editor.ts";
import { findProgram, isExecutable } from "../find-program.ts";
import { fs } from "../fs.ts";
import type { Finding, Subject } from "./finding.ts";

type Env = Subject["env"];

/** Only where there is a display: elsewhere nobody expects a clipboard. */
export function checkClipboard({ env }: Subject): readonly Finding[] {
  if (process.platform !== "linux" || env["WSL_DISTRO_NAME"] !== undefined) return [];
  if (env["WAYLAND_DISPLAY"]) return missing(env, "wl-copy", "wl-clipboard");
  // clipboardy brings one, for one kind of processor.
  return env["DISPLAY"] && !hasOwnXsel() ? missing(env, "xsel", "xsel") : [];
}

function missing(env: Env, program: string, name: string): readonly Finding[] {
  if (findProgram(program, env["PATH"] ?? "") !== undefined) return [];
  const text = `there is no ${program}, so --clip can't copy`;
  return [{ id: "clipboard", level: "advice", text, fix: ["sudo", "apt-get", "install", name] }];
}

function hasOwnXsel(): boolean {
  if (process.arch !== "x64") return false;
  try {
    const own = new URL("fallbacks/linux/xsel", import.meta.resolve("clipboardy"));
    return isExecutable(fileURLToPath(own));
  } catch {
    return false;
  }
}

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
