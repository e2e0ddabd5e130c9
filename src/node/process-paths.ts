/** The paths of this process: what the rules of `paths.ts` make of its platform and home directory. */
import { homedir } from "node:os";
import { type Paths, resolvePaths } from "./paths.ts";

export function processPaths(env: Readonly<Record<string, string | undefined>>): Paths {
  return resolvePaths(env, process.platform, homedir());
}
