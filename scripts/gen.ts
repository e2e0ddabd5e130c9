// Writes the files that are generated from the command table; test/generated.test.ts holds them to it.
import { mkdirSync, writeFileSync } from "node:fs";
import { generatedFiles } from "../src/cli/gen/files.ts";

for (const [path, text] of Object.entries(await generatedFiles())) {
  const target = new URL(`../${path}`, import.meta.url);
  mkdirSync(new URL(".", target), { recursive: true });
  writeFileSync(target, text);
}
