/** What runs in the process that started a client. Only reported: any process could say any number. */
import { fs } from "../node/fs.ts";

const MAX_CHARS = 64;
/** proc(5) stat, counted from the state, which follows the name in parentheses. */
const PARENT = 1;

/** "bash"; empty where it can't be told, as on systems without /proc. */
export function programOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[PARENT]);
    const [first = ""] = fs.readFileSync(`/proc/${parent}/cmdline`, "latin1").split("\0");
    const name = first.slice(first.lastIndexOf("/") + 1) || fs.readFileSync(`/proc/${parent}/comm`, "latin1");
    return name.replaceAll(/[^\x20-\x7e]/g, "").slice(0, MAX_CHARS);
  } catch {
    return "";
  }
}
