/** The path of a file without symbolic links, also while another process puts a new file in its place. */
import { basename, dirname, isAbsolute, join } from "node:path";
import { bun } from "./bun.ts";
import { fs } from "./fs.ts";

/** As many as the system follows (path_resolution(7)). */
const MAX_LINKS = 40;

/** @throws the error of the system */
export function findRealPath(path: string): string {
  if (bun === undefined) return fs.realpathSync.native(path);
  // Bun opens the file and asks for its name: of one that was replaced in between it says that it is not there.
  let found = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const directory = fs.realpathSync.native(dirname(found));
    found = join(directory, basename(found));
    if (!fs.lstatSync(found).isSymbolicLink()) return found;
    const target = fs.readlinkSync(found);
    // Not normalised: ".." in it may come after another link.
    found = isAbsolute(target) ? target : `${directory}/${target}`;
  }
  throw Object.assign(new Error(`too many symbolic links: ${path}`), { code: "ELOOP" });
}
