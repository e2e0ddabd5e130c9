/** Programs of the user, found as a shell would find them. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of the program; undefined where `path`, the variable PATH, leads to none. */
export function findProgram(program: string, path: string): string | undefined {
  if (program.includes("/")) return isExecutable(program) ? program : undefined;
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
