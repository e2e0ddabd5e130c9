// Builds a fresh dist/ that appears whole, so that a running `pm` never sees half of it. Runs as npm's `prepare`,
// so that `npx pm` works after `npm ci`. `--no-check` leaves types to `npm run typecheck`.
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { OWN_PROCESSES } from "../src/node/own-process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FRESH = `node_modules/.dist-${process.pid}`;
const OLD = `${FRESH}-old`;
const NO_CHECK = ["--noCheck", "--isolatedDeclarations", "false"];

/** What bin/pm.js imports, and the processes that pm starts. */
const ENTRIES = ["cli/main", "node/io-process", ...Object.values(OWN_PROCESSES).map((path) => path.slice(3))];
/**
 * What `pm get` through the agent loads where it needs it. With all that these import they are one file: to find and
 * read 35 files takes an eighth of the time of the call.
 */
const TOGETHER =
  "cli/main node/io-process cli/context cli/commands/get cli/open-session agent/place agent/client agent/remote-session"
    .split(" ")
    .map((name) => join(ROOT, "src", `${name}.ts`));

process.chdir(ROOT);
const started = new Date();
try {
  compileLibrary();
  await bundleProgram();
  // The tests compare this time with the sources (test/support/global-setup.ts).
  utimesSync(FRESH, started, started);
  if (existsSync("dist")) renameSync("dist", OLD);
  renameSync(FRESH, "dist");
} finally {
  for (const directory of [FRESH, OLD]) rmSync(directory, { recursive: true, force: true });
}

/** What the package exports, file by file and with its types. */
function compileLibrary(): void {
  const options = process.argv.includes("--no-check") ? NO_CHECK : [];
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", FRESH, ...options];
  const { status } = spawnSync(process.execPath, tsc, { stdio: "inherit" });
  if (status !== 0) throw new Error("the sources have errors");
}

/** The program, in as many files as it needs to load no more than a command uses. */
async function bundleProgram(): Promise<void> {
  const input = Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`]));
  // Packages stay packages. What the code says of an import that moves nothing is meant: it does in the sources.
  const bundled = await rolldown({ input, platform: "node", external: /^[\w@]/, logLevel: "silent" });
  await bundled.write({
    dir: FRESH,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { groups: [{ name: "get", test: (id: string) => TOGETHER.includes(id) }] },
  });
  await bundled.close();
}
