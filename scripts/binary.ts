// Builds pm as one file that needs no Node.js: `node scripts/binary.ts [FILE]`, build/pm where none is named. It is
// this Node with pm inside (https://nodejs.org/api/single-executable-applications.html).
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { OWN_PROCESSES } from "../src/node/own-process.ts";
import { withAgent } from "./bench/agent.ts";
import { makeVault, samples } from "./bench/vaults.ts";
import { AFTER, BEFORE } from "./binary/chunks.ts";
import { HOT_CACHE } from "./binary/names.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SUFFIX = process.platform === "win32" ? ".exe" : "";
const MACOS = process.platform === "darwin";
/** By which Node finds what is put into it. */
const BLOB = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
/** Those of launch.ts that Node itself reads, and room for what a call makes: no garbage to collect. NODE_OPTIONS is not read. */
const NODE_FLAGS = ["--disable-sigusr1", "--report-exclude-env", "--min-semi-space-size=4"];

const LOADER = "loader.js";
/** Names stay, for PM_DEBUG. */
const MINIFY = { compress: true, mangle: false, codegen: { removeWhitespace: true } };

const target = resolve(process.argv[2] ?? join(ROOT, "build", `pm${SUFFIX}`));
const folder = mkdtempSync(join(tmpdir(), "pm-binary-"));
try {
  await bundle();
  await warmUp();
  const binary = inject();
  mkdirSync(dirname(target), { recursive: true });
  // One that runs stays as it is.
  copyFileSync(binary, `${target}~`);
  renameSync(`${target}~`, target);
  const megabytes = (statSync(target).size / 1e6).toFixed(0);
  process.stderr.write(`${target} (${megabytes} MB, Node ${process.versions.node})\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The chunks of pm and of its own processes, each wrapped as chunks.ts wants it. */
async function bundle(): Promise<void> {
  const own = Object.entries(OWN_PROCESSES).map(([name, path]) => [
    name,
    join(ROOT, "src/node", `${path}.ts`),
  ]);
  const input = { pm: join(ROOT, "scripts/binary/pm.ts"), ...Object.fromEntries(own) };
  // What the code says of an ineffective import is meant: it keeps two files together in the package, too.
  for (const name of await write(input)) {
    const path = join(folder, name);
    writeFileSync(path, `${BEFORE}${readFileSync(path, "utf8")}${AFTER}`);
  }
  await write({ loader: join(ROOT, "scripts/binary/loader.ts") });
}

/** @returns the names of the files */
async function write(input: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const bundled = await rolldown({ input, platform: "node", cwd: ROOT, logLevel: "silent" });
  const { output } = await bundled.write({
    dir: folder,
    format: "cjs",
    entryFileNames: "[name].js",
    minify: MINIFY,
  });
  await bundled.close();
  return output.map(({ fileName }) => fileName);
}

/** Reads an entry through an agent, twice: see warm-up.ts. */
async function warmUp(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "pm-warm-"));
  try {
    const vault = await makeVault(home, samples(3));
    const script = join(ROOT, "scripts/binary/warm-up.ts");
    await withAgent(vault, async () => {
      const options = { env: { ...process.env, ...vault.env } };
      for (let turn = 0; turn < 2; turn++)
        run(process.execPath, [script, folder, "get", vault.entry], options);
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** @returns the path of the binary */
function inject(): string {
  const assets = Object.fromEntries(readdirSync(folder).map((name) => [name, join(folder, name)] as const));
  if (assets[HOT_CACHE] === undefined) throw new Error("the warm-up kept nothing");
  const [main, output, config] = [join(folder, LOADER), join(folder, "blob"), join(folder, "config.json")];
  const settings = { main, output, assets, disableExperimentalSEAWarning: true, useCodeCache: true };
  writeFileSync(config, JSON.stringify({ ...settings, execArgv: NODE_FLAGS, execArgvExtension: "none" }));
  run(process.execPath, ["--experimental-sea-config", config]);
  const binary = join(folder, `binary${SUFFIX}`);
  copyFileSync(process.execPath, binary);
  chmodSync(binary, 0o755);
  if (MACOS) run("codesign", ["--remove-signature", binary]);
  const postject = join(ROOT, "node_modules/postject/dist/cli.js");
  const segment = MACOS ? ["--macho-segment-name", "NODE_SEA"] : [];
  run(process.execPath, [postject, binary, BLOB, output, "--sentinel-fuse", FUSE, ...segment]);
  if (MACOS) run("codesign", ["--sign", "-", binary]);
  return binary;
}

function run(
  file: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv } = {},
): void {
  const { status, stdout, stderr } = spawnSync(file, args, { ...options, encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
}
