/** The processes of their own that stand beside this file. */
import { fileURLToPath } from "node:url";

/** ".ts" in the sources, ".js" in what is built of them. */
export function scriptPath(name: "x11-owner" | "clear-process"): string {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  return fileURLToPath(new URL(`${name}${extension}`, import.meta.url));
}
