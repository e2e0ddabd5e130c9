// The first file that the standalone binary runs. It is pm, or one of the processes that pm starts.
import { getAsset, getRawAsset } from "node:sea";
import { Script } from "node:vm";
import { OWN_PROCESSES, type OwnProcess, wordOf } from "../../src/node/own-process.ts";
import { type Factory, loaderOf } from "./chunks.ts";
import { HOT, HOT_CACHE, PM } from "./names.ts";

/** What git and docker call, as a link to the binary: the words that it stands for. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  "git-credential-pm": ["credential", "git"],
  "docker-credential-pm": ["credential", "docker"],
};

const hot = compile(HOT, new Uint8Array(getRawAsset(HOT_CACHE))) as Readonly<Record<string, Factory>>;
const load = loaderOf((name) => hot[name] ?? (compile(name) as Factory));

function compile(name: string, cachedData?: Uint8Array): unknown {
  const script = new Script(getAsset(name, "utf8"), {
    filename: name,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  return script.runInThisContext();
}

const called = /[^\\/]*$/.exec(process.argv0)?.[0].replace(/\.exe$/i, "") ?? "";
process.argv.splice(2, 0, ...(LINKS[called] ?? []));
const own = (Object.keys(OWN_PROCESSES) as OwnProcess[]).find((name) => wordOf(name) === process.argv[2]);
// As in launch.ts; for the others it would cost the code that V8 has kept of Node itself.
if (own === "agent") {
  process.getBuiltinModule("node:v8").setFlagsFromString("--disallow-code-generation-from-strings");
}
load(own === undefined ? PM : `${own}.js`);
