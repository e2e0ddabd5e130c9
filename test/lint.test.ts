/** The linter's fences hold: each rule is shown a file that breaks it. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** [what is refused, where, source, rule that must fire] */
const REFUSED: readonly (readonly [string, string, string, string])[] = [
  ["node: in the core", "src/core/a1.ts", 'import { x } from "node:fs";\nx();', "no-restricted-imports"],
  [
    "src/node in the core",
    "src/core/vault/a3.ts",
    'import { x } from "../../node/x.ts";\nx();',
    "no-restricted-imports",
  ],
  [
    "src/cli in the core",
    "src/core/a4.ts",
    'import { x } from "../cli/x.ts";\nx();',
    "no-restricted-imports",
  ],
  ["Date in the core", "src/core/b1.ts", "export const t: number = Date.now();", "no-restricted-globals"],
  [
    "Date through globalThis in the core",
    "src/core/b2.ts",
    "export const t: number = globalThis.Date.now();",
    "no-restricted-globals",
  ],
  [
    "Math.random in the core",
    "src/core/b3.ts",
    "export const t: number = Math.random();",
    "no-restricted-properties",
  ],
  [
    "crypto in the core",
    "src/core/b4.ts",
    "export const t: string = crypto.randomUUID();",
    "no-restricted-globals",
  ],
  ["a timer in the core", "src/core/b5.ts", "setTimeout(() => undefined, 1);", "no-restricted-globals"],
  ["console in the core", "src/core/b6.ts", 'console.log("x");', "no-restricted-globals"],
  [
    "Buffer in the core",
    "src/core/b7.ts",
    "export const t: unknown = Buffer.alloc(1);",
    "no-restricted-globals",
  ],
  [
    "src/cli in src/node",
    "src/node/c2.ts",
    'import { x } from "../cli/x.ts";\nx();',
    "no-restricted-imports",
  ],
  ["process.env in src/node", "src/node/c3.ts", "export const t: unknown = process.env;", "no-process-env"],
  ["process.exit", "src/node/c4.ts", "process.exit(1);", "no-process-exit"],
  ["node: in src/cli", "src/cli/d1.ts", 'import { x } from "node:fs";\nx();', "no-restricted-imports"],
  ["process in src/cli", "src/cli/d2.ts", "export const t: unknown = process.argv;", "no-restricted-globals"],
  [
    "Date.now in src/cli",
    "src/cli/d3.ts",
    "export const t: number = Date.now();",
    "no-restricted-properties",
  ],
  [
    "src/node in a command",
    "src/cli/commands/e1.ts",
    'import { x } from "../../node/x.ts";\nx();',
    "no-restricted-imports",
  ],
  [
    "the context's values in a command",
    "src/cli/commands/e2.ts",
    'import { x } from "../context.ts";\nx();',
    "no-restricted-imports",
  ],
  [
    "a command in a command",
    "src/cli/commands/e3.ts",
    'import { x } from "./get.ts";\nx();',
    "no-restricted-imports",
  ],
  ["a command of 121 lines", "src/cli/commands/e4.ts", "export {};\n".padEnd(11 + 120, "\n"), "max-lines"],
  ["a file of 251 lines", "src/core/f1.ts", "export {};\n".padEnd(11 + 250, "\n"), "max-lines"],
  [
    "a function of 41 lines",
    "src/core/f2.ts",
    `export function f(): void {\n${"f();\n".repeat(40)}}`,
    "max-lines-per-function",
  ],
  [
    "a promise left alone",
    "src/node/g1.ts",
    "async function f(): Promise<void> {}\nf();",
    "no-floating-promises",
  ],
  [
    "a promise as a condition",
    "src/node/g2.ts",
    "async function f(): Promise<number> { return 1; }\nif (f()) throw new Error();",
    "no-misused-promises",
  ],
  [
    "a switch that forgets a member",
    "src/node/g3.ts",
    'export function f(x: "a" | "b"): void { switch (x) { case "a": f("b"); } }',
    "switch-exhaustiveness-check",
  ],
  ["any", "src/core/h1.ts", "export const x: any = 1;", "no-explicit-any"],
  [
    "a non-null assertion",
    "src/core/h2.ts",
    "export const f = (x?: number): number => x!;",
    "no-non-null-assertion",
  ],
  ["a default export", "src/core/h3.ts", "export default 1;", "no-default-export"],
  [
    "a value import of a type",
    "src/core/h4.ts",
    'import { T } from "./h5.ts";\nexport type U = T;',
    "consistent-type-imports",
  ],
  [
    "an import cycle",
    "src/core/i1.ts",
    'import { b } from "./i2.ts";\nexport const a = (): unknown => b;',
    "no-cycle",
  ],
  [
    "a mocked module",
    "test/j1.ts",
    'import { vi } from "vitest";\nvi.mock("x");',
    "no-restricted-properties",
  ],
];

/** What the same rules must let through. */
const ALLOWED: readonly (readonly [string, string, string])[] = [
  ["types of a package in the core", "src/core/k1.ts", 'import type { T } from "chalk";\nexport type U = T;'],
  [
    "types of the context in a command",
    "src/cli/commands/k2.ts",
    'import type { T } from "../context.ts";\nexport type U = T;',
  ],
  [
    "a package loaded when needed",
    "src/node/k3.ts",
    'export const f = (): Promise<unknown> => import("chalk");',
  ],
  ["node: in src/node", "src/node/k4.ts", 'import { x } from "node:fs";\nx();'],
  ["the environment in io-process.ts", "src/node/io-process.ts", "export const t: unknown = process.env;"],
];

let root = "";
let found = new Map<string, Set<string>>();

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "pm-lint-"));
  for (const file of [".oxlintrc.json", "tsconfig.json"]) copyFileSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "junction");
  const helpers = [
    ["", "src/core/h5.ts", "export type T = 1;"],
    ["", "src/core/i2.ts", 'export { a as b } from "./i1.ts";'],
  ];
  for (const [, file = "", source = ""] of [...REFUSED, ...ALLOWED, ...helpers]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), source);
  }
  found = lint();
}, 30_000);

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function lint(): Map<string, Set<string>> {
  const args = [join(ROOT, "node_modules/oxlint/bin/oxlint"), "--type-aware", "--format=json"];
  let json: string;
  try {
    json = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  } catch (error) {
    json = (error as { stdout: string }).stdout;
  }
  const rules = new Map<string, Set<string>>();
  for (const { code, filename } of (JSON.parse(json) as Report).diagnostics) {
    const file = filename.replaceAll("\\", "/");
    rules.set(file, (rules.get(file) ?? new Set()).add(/\((.*)\)/.exec(code)?.[1] ?? code));
  }
  return rules;
}

test.each(REFUSED)("refuses %s", (_what, file, _source, rule) => {
  expect([...(found.get(file) ?? [])]).toContain(rule);
});

test.each(ALLOWED)("allows %s", (_what, file) => {
  expect([...(found.get(file) ?? [])]).toEqual([]);
});
