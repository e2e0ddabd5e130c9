// Finds the programs that the tests run (test/support/parts.ts). What is missing is installed where this
// is root on Debian, and named elsewhere: those tests are then skipped aloud, or fail under CI=true.
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { findPart, PART_NAMES, PARTS, type PartName } from "../test/support/parts.ts";

const POLICY = "/usr/sbin/policy-rc.d";
const SAVED_POLICY = `${POLICY}.before-pm`;
/** invoke-rc.d(8): 101 forbids the action, so that no installed service starts on a real port. */
const FORBID_SERVICES = "#!/bin/sh\nexit 101\n";

const missing = PART_NAMES.filter((name) => findPart(name) === undefined);
if (missing.length > 0) provide(missing);

function provide(names: readonly PartName[]): void {
  if (process.platform !== "linux" || !existsSync("/etc/debian_version")) {
    report(names);
    return;
  }
  const packages = [...new Set(names.flatMap((name) => PARTS[name].packages))];
  if (process.getuid?.() !== 0) {
    report(names);
    say(`sudo apt-get install --no-install-recommends ${packages.join(" ")}`);
    return;
  }
  withoutServices(() => {
    apt(["update", "-qq"]);
    // Where a release lacks one of them apt-get installs none: then each on its own. A failure shows in what is
    // still missing afterwards.
    if (!install(packages)) for (const one of packages) install([one]);
  });
  report(names.filter((name) => findPart(name) === undefined));
}

function install(packages: readonly string[]): boolean {
  return apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
}

function apt(args: readonly string[]): boolean {
  say(`apt-get ${args.join(" ")}`);
  const waitForLock = ["-o", "DPkg::Lock::Timeout=300"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status } = spawnSync("apt-get", [...waitForLock, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    env,
  });
  return status === 0;
}

/** With a listener, Ctrl-C ends apt-get and not this process: the policy never stays behind. */
function survive(): void {}

function withoutServices(work: () => void): void {
  const restore = (): void => {
    rmSync(POLICY, { force: true });
    if (existsSync(SAVED_POLICY)) renameSync(SAVED_POLICY, POLICY);
  };
  if (existsSync(POLICY)) renameSync(POLICY, SAVED_POLICY);
  process.on("SIGINT", survive).on("SIGTERM", survive);
  try {
    writeFileSync(POLICY, FORBID_SERVICES, { mode: 0o755 });
    work();
  } finally {
    process.off("SIGINT", survive).off("SIGTERM", survive);
    restore();
  }
}

function report(names: readonly PartName[]): void {
  for (const name of names) say(`missing: ${name} (${PARTS[name].why})`);
}

function say(line: string): void {
  process.stderr.write(`parts: ${line}\n`);
}
