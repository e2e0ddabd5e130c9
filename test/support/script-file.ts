/**
 * A script file: lines of commands, then files after `-- name --` lines, as in Go's txtar. A line that
 * begins with `## ` starts a scene, which runs in a fresh directory with all the files in it.
 */

export interface Line {
  readonly number: number;
  readonly text: string;
}

export interface Scene {
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface ScriptFile {
  readonly scenes: readonly Scene[];
  readonly files: Readonly<Record<string, string>>;
}

const SCENE = /^## +(.+)$/;
const FILE = /^-- (\S+) --$/;

/** @throws Error where commands stand before the first scene. */
export function parseScript(source: string): ScriptFile {
  const scenes: { title: string; lines: Line[] }[] = [];
  const files: Record<string, string> = {};
  let file: string | undefined;
  for (const [index, text] of source.replace(/\n$/, "").split("\n").entries()) {
    const name = FILE.exec(text)?.[1];
    const title = SCENE.exec(text)?.[1];
    if (name !== undefined) {
      file = name;
      files[name] = "";
    } else if (file !== undefined) {
      files[file] += `${text}\n`;
    } else if (title !== undefined) {
      scenes.push({ title, lines: [] });
    } else if (text.trim() !== "" && !text.startsWith("#")) {
      const scene = scenes.at(-1);
      if (scene === undefined) throw new Error(`line ${index + 1} stands before the first "## " title`);
      scene.lines.push({ number: index + 1, text });
    }
  }
  return { scenes, files };
}
