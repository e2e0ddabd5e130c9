/** Where the shells look for the completions of a user, and the writing there. */
import { utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Env } from "./globals.ts";

export interface CompletionPlace {
  readonly path: string;
  /** What the user has to know or do beside it. */
  readonly advice: readonly string[];
}

/** @throws PmError "unavailable" where the environment does not say where the user's files are */
export function completionPlace(shell: string, env: Env): CompletionPlace {
  const data = (): string => directory(env, "XDG_DATA_HOME", ".local/share");
  switch (shell) {
    case "fish":
      return { path: `${directory(env, "XDG_CONFIG_HOME", ".config")}/fish/completions/pm.fish`, advice: [] };
    case "zsh": {
      const folder = `${data()}/zsh/site-functions`;
      const line = `fpath=('${folder.replaceAll("'", String.raw`'\''`)}' $fpath)`;
      return { path: `${folder}/_pm`, advice: [`put this line before compinit in ~/.zshrc: ${line}`] };
    }
    default: {
      const folder = env["BASH_COMPLETION_USER_DIR"] || `${data()}/bash-completion`;
      return {
        path: `${folder}/completions/pm`,
        advice: ["bash reads it where the package bash-completion is installed"],
      };
    }
  }
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function directory(env: Env, variable: string, fallback: string): string {
  const value = env[variable];
  // "All paths must be absolute. If a relative path is encountered it should be ignored."
  if (value?.startsWith("/") === true) return value;
  const home = env["HOME"];
  if (home) return `${home}/${fallback}`;
  throw new PmError("unavailable", `neither ${variable} nor HOME is set`, {
    hint: "pm completion SHELL > FILE",
  });
}

export async function installCompletion(path: string, script: string): Promise<void> {
  const { installFile } = await import("../node/installed-file.ts");
  await installFile(path, utf8(script));
}
