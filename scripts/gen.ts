// Writes the files that are generated from the command table; test/generated.test.ts holds them to it.
// With --check it writes nothing, names the files that differ and ends with 1.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { generatedFiles } from "../src/cli/gen/files.ts";

const check = process.argv.includes("--check");

for (const [path, text] of Object.entries(await generatedFiles())) {
  const target = new URL(`../${path}`, import.meta.url);
  if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
  if (check) {
    process.stderr.write(`${path} is not what npm run gen writes\n`);
    process.exitCode = 1;
  } else {
    mkdirSync(new URL(".", target), { recursive: true });
    writeFileSync(target, text);
  }
}
