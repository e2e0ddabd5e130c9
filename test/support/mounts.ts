/** Mounts that only the child sees: a disk of two megabytes, a folder that can't be written. */
import { spawnSync } from "node:child_process";
import { describe, test } from "vitest";

const UNSHARE = ["unshare", "--map-root-user", "--mount"];

/**
 * `describe` for tests that need to mount something. Skipped aloud where the kernel does not let them; under
 * CI=true on Linux that is a failure.
 */
export function describeWithMounts(title: string, body: () => void): void {
  const [program = "", ...args] = UNSHARE;
  const works = spawnSync(program, [...args, "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
  if (works) {
    describe(title, body);
  } else if (process.env["CI"] === "true" && process.platform === "linux") {
    describe(title, () => {
      test("may mount", () => {
        throw new Error("neither root nor user namespaces are at hand");
      });
    });
  } else {
    process.stderr.write(`skipped: ${title}: neither root nor user namespaces are at hand\n`);
    describe.skip(title, body);
  }
}

/** The command that runs a shell script in a mount namespace of its own; $1… are `args`. */
export function inNamespace(script: string, args: readonly string[], more: readonly string[] = []): string[] {
  return [...UNSHARE, ...more, "sh", "-ec", script, "sh", ...args];
}
