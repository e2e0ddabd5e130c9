/** Arguments and variables of this process that are no UTF-8: Node has read them with losses by now. */
import { fromUtf8 } from "../core/bytes.ts";
import { fs } from "./fs.ts";

/** What stands for bytes that are no UTF-8, and also where a text has this character of its own. */
const REPLACED = "\uFFFD";

/**
 * Whether one of the texts is not what was given to this process.
 * @param source where the system has them as they were
 */
export function areLossy(texts: readonly string[], source: "arguments" | "variables"): boolean {
  if (!texts.some((text) => text.includes(REPLACED))) return false;
  try {
    const file = source === "arguments" ? "/proc/self/cmdline" : "/proc/self/environ";
    return fromUtf8(new Uint8Array(fs.readFileSync(file))) === undefined;
  } catch {
    return false;
  }
}
