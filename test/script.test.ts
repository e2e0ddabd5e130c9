/** Runs test/script/*.txt: pm as it is used, in this process, with Argon2id at its minimum. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { main } from "../src/cli/main.ts";
import type { KdfProfiles } from "../src/core/crypto/kdf.ts";
import { parseScript } from "./support/script-file.ts";
import { runScene } from "./support/script.ts";

/** The least that the format allows. */
const CHEAPEST = { memoryKiB: 19_456, passes: 2, lanes: 1 };
const kdfProfiles: KdfProfiles = {
  constrained: CHEAPEST,
  interactive: CHEAPEST,
  strong: CHEAPEST,
  paranoid: CHEAPEST,
};
const DIRECTORY = fileURLToPath(new URL("script/", import.meta.url));

describe.each(readdirSync(DIRECTORY).toSorted())("%s", (name) => {
  const script = parseScript(readFileSync(DIRECTORY + name, "utf8"));
  test.concurrent.each(script.scenes)("$title", async (scene) => {
    await runScene(script, scene, (argv, io) => main(argv, io, { kdfProfiles }));
  });
});
