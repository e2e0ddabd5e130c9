// Runs pm from the chunks in a folder, and writes down at its end what a start of the binary can be spared:
// `node scripts/binary/warm-up.ts FOLDER ARG…`. The first run lists the chunks that were loaded, as one script; with
// that in place, the second keeps the code that V8 compiled of it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { type Factory, loaderOf } from "./chunks.ts";
import { HOT, HOT_CACHE, PM } from "./names.ts";

const [folder = ""] = process.argv.splice(2, 1);
const loaded: string[] = [];
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const compile = (name: string): Script => new Script(read(name), { filename: name });

const script = existsSync(join(folder, HOT)) ? compile(HOT) : undefined;
const hot = (script?.runInThisContext() ?? {}) as Readonly<Record<string, Factory>>;
const load = loaderOf((name) => {
  loaded.push(name);
  return hot[name] ?? (compile(name).runInThisContext() as Factory);
});

process.on("exit", () => {
  if (script === undefined) {
    const members = loaded.map((name) => `${JSON.stringify(name)}: ${read(name)}`);
    writeFileSync(join(folder, HOT), `({${members.join(",\n")}})`);
  } else {
    writeFileSync(join(folder, HOT_CACHE), script.createCachedData());
  }
});
load(PM);
