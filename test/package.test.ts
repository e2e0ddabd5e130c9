/** What `npm publish` would send, and that it works where it is unpacked. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "./support/process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  readonly version: string;
  readonly bin: { readonly pm: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

const manifest = readJson("package.json") as Manifest;

function npmPack(...options: readonly string[]): { filename: string; files: { path: string }[] } {
  const args = ["pack", "--json", "--ignore-scripts", ...options];
  const stdout = execFileSync("npm", args, {
    cwd: ROOT,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return (JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }])[0];
}

describe("the package", () => {
  const files = npmPack("--dry-run").files.map(({ path }) => path);

  test.each([
    "bin/pm.js",
    "bin/git-credential-pm.js",
    "bin/docker-credential-pm.js",
    "bin/package.json",
    "dist/agent/main.cjs",
    "dist/cli/main.cjs",
    "dist/core/index.js",
    "dist/core/index.d.ts",
    "completions/pm.bash",
    "completions/_pm",
    "completions/pm.fish",
    "man/pm.1",
    "systemd/pm-agent.service",
    "docs/format.md",
    "docs/exit-codes.md",
    "README.md",
    "LICENSE",
  ])("holds %s", (path) => {
    expect(files).toContain(path);
  });

  test("holds nothing but the program and its documentation", () => {
    const expected =
      /^(bin\/(((git|docker)-credential-)?pm\.js|package\.json)|dist\/(agent|chunks|cli|node)\/.+\.cjs|dist\/core\/.+\.(js|d\.ts)|completions\/.+|man\/pm\.1|systemd\/.+\.service|docs\/(format|exit-codes)\.md|README\.md|LICENSE|package\.json)$/;
    expect(files.filter((path) => !expected.test(path))).toEqual([]);
  });

  test("runs where it is unpacked", () => {
    const directory = temporaryDirectory();
    const { filename } = npmPack("--pack-destination", directory);
    execFileSync("tar", ["-xzf", filename], { cwd: directory });
    symlinkSync(join(ROOT, "node_modules"), join(directory, "package", "node_modules"), "junction");
    const pm = join(directory, "package", manifest.bin.pm);
    expect(execFileSync(process.execPath, [pm, "--version"], { encoding: "utf8" })).toContain(
      manifest.version,
    );
  });
});

describe("dependencies", () => {
  const locked = Object.entries(
    (readJson("package-lock.json") as { packages: Record<string, LockedPackage> }).packages,
  );

  test("none of those at run time has an install script", () => {
    const offenders = locked.filter(
      ([, { dev, hasInstallScript }]) => dev !== true && hasInstallScript === true,
    );
    expect(offenders.map(([path]) => path)).toEqual([]);
  });

  test("only node and bun, which are programs in packages, may run one at all", () => {
    const names = locked
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path);
    expect(names).toEqual(["node_modules/bun", "node_modules/node"]);
  });

  test("are pinned", () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

/** Node that a machine may have by itself, apart from the one of the development dependencies. */
const OLD_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
  const { stdout, status } = spawnSync(path, ["-p", "process.versions.node"], { encoding: "utf8" });
  return status === 0 && Number(stdout.split(".")[0]) < 24;
});

test.skipIf(OLD_NODE === undefined)("a Node that is too old is told in one sentence", () => {
  const { status, stdout, stderr } = spawnSync(OLD_NODE ?? "", [join(ROOT, manifest.bin.pm), "get", "x"], {
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^pm: error: pm needs Node\.js 24\.15[^\n]*\n$/);
});
