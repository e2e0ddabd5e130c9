/** For `node --import`: writes the URL of every module that was loaded to the file that TRACE_FILE names. */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const loaded: string[] = [];

registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});

process.on("exit", () => {
  const { TRACE_FILE: file = "" } = process.env;
  writeFileSync(file, loaded.join("\n"));
});
