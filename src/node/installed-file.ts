/** Files that pm puts where other programs look for them. */
import { dirname } from "node:path";
import { createPrivateDirectory } from "./paths.ts";
import { writeUserFile } from "./user-file.ts";

/** Writes the file whole, over an older one, and creates the directories to it. @throws PmError "io" */
export async function installFile(path: string, bytes: Uint8Array): Promise<void> {
  createPrivateDirectory(dirname(path));
  await writeUserFile(path, bytes, { cwd: "/", overwrite: true });
}
