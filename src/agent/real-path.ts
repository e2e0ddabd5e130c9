/** Where a path leads, also when nothing is there any longer: what was unlocked there has to be locked. */
import { basename, dirname, isAbsolute, join } from "node:path";
import { fs } from "../node/fs.ts";

/** As many as the system follows. */
const MAX_LINKS = 40;

/** Symbolic links resolved as far as they are there. */
export function realPathOf(path: string, links: number = MAX_LINKS): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    const folder = dirname(path);
    if (folder === path) return path;
    const target = linkAt(path);
    const real = realPathOf(folder, links);
    if (target === undefined || links === 0) return join(real, basename(path));
    // Not normalised: ".." in it may come after another link.
    return realPathOf(isAbsolute(target) ? target : `${real}/${target}`, links - 1);
  }
}

function linkAt(path: string): string | undefined {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined;
  }
}
