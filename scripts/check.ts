// The one gate, as CI runs it: every step in order, stopping at the first that fails.
// `npm run check -- --static` leaves out the tests.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Step {
  readonly name: string;
  readonly command: string;
  /** What to type where it fails, if it is not the command itself. */
  readonly hint?: string;
}

const STATIC_STEPS: readonly Step[] = [
  { name: "types", command: "npm run --silent typecheck" },
  { name: "lint", command: "oxlint --type-aware --deny-warnings", hint: "npm run fix" },
  { name: "format", command: "oxfmt --check", hint: "npm run fix" },
  { name: "unused code and dependencies", command: "knip" },
  { name: "secrets", command: "node scripts/secrets.ts" },
  { name: "generated files", command: "node scripts/gen.ts --check", hint: "npm run gen" },
  { name: "package shape", command: "npm run --silent build && publint --strict" },
];
const TESTS: Step = { name: "tests", command: "npm test --silent" };

const steps = process.argv.includes("--static") ? STATIC_STEPS : [...STATIC_STEPS, TESTS];
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

for (const { name, command, hint } of steps) {
  process.stdout.write(`check: ${name}\n`);
  const started = performance.now();
  // A constant of this file, in a shell for its `&&`; npm has put the project's tools on the PATH.
  const { status } = spawnSync(command, { shell: true, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) {
    process.stderr.write(`check: ${name} failed; ${hint ?? command}\n`);
    process.exitCode = 1;
    break;
  }
  process.stdout.write(`check: ${name} passed in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
