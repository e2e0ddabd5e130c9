/** The program `man`, as a viewer for a page that comes through a pipe. */
import { spawn } from "node:child_process";

/** Whether it was there and showed the page; waits until its pager is left. */
export function viewManual(
  page: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const viewer = spawn("man", ["-l", "-"], { stdio: ["pipe", "inherit", "ignore"], env: { ...env } });
    viewer.on("error", () => resolve(false));
    viewer.on("close", (status) => resolve(status === 0));
    // A pager that is left early closes the pipe.
    viewer.stdin.on("error", () => undefined);
    viewer.stdin.end(page);
  });
}
