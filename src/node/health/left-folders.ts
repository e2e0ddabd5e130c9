/** What a process that was killed has left behind: the text of an edit, the files of a run. */
import { leftPrivateFolders } from "../private-file.ts";
import { leftSecretFolders } from "../secret-files.ts";
import type { Finding, Subject } from "./finding.ts";

export function checkLeftFolders({ env, now }: Subject): readonly Finding[] {
  return [
    ...leftPrivateFolders(env).map((path) =>
      left("edit-leftover", path, "holds the text of an edit that was killed"),
    ),
    ...leftSecretFolders(env, now).map((path) =>
      left("run-leftover", path, "holds secrets of a run that was killed"),
    ),
  ];
}

function left(id: string, path: string, what: string): Finding {
  return { id, level: "problem", text: `${path} ${what}`, fix: ["rm", "-r", path] };
}
