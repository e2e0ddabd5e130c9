/** Runs test/script/*.txt: pm as it is used, in this process, with Argon2id at its minimum. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { cheapInternals } from "./support/cheap-kdf.ts";
import { parseScript } from "./support/script-file.ts";
import { runScene } from "./support/script.ts";

const DIRECTORY = fileURLToPath(new URL("script/", import.meta.url));

describe.each(readdirSync(DIRECTORY).toSorted())("%s", (name) => {
  const script = parseScript(readFileSync(DIRECTORY + name, "utf8"));
  test.concurrent.each(script.scenes)("$title", async (scene) => {
    await runScene(script, scene, (argv, io) => main(argv, io, cheapInternals));
  });
});
