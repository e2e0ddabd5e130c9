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
 * What is one file, with all that it imports: what `pm get` through the agent loads where it needs it, and what else it
 * loads where it opens the vault itself. To find and read them one by one takes an eighth and a fifth of the time of such a call.
 */
const GROUPS = {
  get: "cli/main node/io-process cli/context cli/commands/get cli/open-session agent/place agent/client agent/remote-session",
  vault:
    "cli/vault-access cli/credentials cli/ask-password cli/terminal cli/password-sources node/backend node/local-session node/open-store",
};

process.chdir(ROOT);
const started = new Date();
try {
  if (compileLibrary()) {
    await bundleProgram();
    // The tests compare this time with the sources (test/support/global-setup.ts).
    utimesSync(FRESH, started, started);
    if (existsSync("dist")) renameSync("dist", OLD);
    renameSync(FRESH, "dist");
  } else {
    process.exitCode = 1;
  }
} finally {
  for (const directory of [FRESH, OLD]) rmSync(directory, { recursive: true, force: true });
}

/** What the package exports, file by file and with its types. @returns whether there are no errors; it tells them */
function compileLibrary(): boolean {
  const options = process.argv.includes("--no-check") ? NO_CHECK : [];
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", FRESH, ...options];
  return spawnSync(process.execPath, tsc, { stdio: "inherit" }).status === 0;
}

/** The program, in as many files as it needs to load no more than a command uses. */
async function bundleProgram(): Promise<void> {
  const input = Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`]));
  // Packages stay packages. What the code says of an import that moves nothing is meant: it does in the sources.
  const bundled = await rolldown({ input, platform: "node", external: /^[\w@]/, logLevel: "silent" });
  await bundled.write({
    dir: FRESH,
    // What require reads starts sooner than what import reads.
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "chunks/[name].cjs",
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { groups: Object.entries(GROUPS).map(toGroup) },
  });
  await bundled.close();
}

/** What stands in two of them is in the first. */
function toGroup([name, modules]: readonly [string, string], index: number) {
  const files = new Set(modules.split(" ").map((module) => join(ROOT, "src", `${module}.ts`)));
  return { name, test: (id: string) => files.has(id), priority: Object.keys(GROUPS).length - index };
}
