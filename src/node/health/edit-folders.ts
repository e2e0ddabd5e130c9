/** Texts of `pm edit` that a killed process has left behind. */
import { leftPrivateFolders } from "../private-file.ts";
import type { Finding, Subject } from "./finding.ts";

export function checkEditFolders({ env }: Subject): readonly Finding[] {
  return leftPrivateFolders(env).map((path) => ({
    id: "edit-leftover",
    level: "problem",
    text: `${path} holds the text of an edit that was killed`,
    fix: ["rm", "-r", path],
  }));
}
