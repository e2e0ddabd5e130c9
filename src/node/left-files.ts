/** Whether a pm may have left files of secrets: cheap enough to be asked at every start. */
import { fs } from "./fs.ts";

/** Of the folders' names; a process id and random characters follow. */
export const SECRET_FILES_PREFIX = "pm-files-";

export function mayHaveLeftFiles(env: Readonly<Record<string, string | undefined>>): boolean {
  return [env["XDG_RUNTIME_DIR"], "/dev/shm", env["TMPDIR"] ?? "/tmp"].some((folder) => {
    try {
      return fs.readdirSync(folder ?? "").some((name) => name.startsWith(SECRET_FILES_PREFIX));
    } catch {
      return false;
    }
  });
}
