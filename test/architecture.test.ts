/** Who may import whom. The budgets and the forbidden globals are the linter's (test/lint.test.ts). */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

type Kind = "value" | "type" | "lazy";

interface Import {
  readonly from: string;
  /** A path from the root for a file of the project, else the specifier as it stands. */
  readonly to: string;
  readonly kind: Kind;
}

/** Layers by the beginning of the path, the narrowest first, and what each may take values from. */
const LAYERS: readonly (readonly [layer: string, mayImport: readonly string[]])[] = [
  ["src/cli/commands/", ["src/cli/", "src/core/"]],
  ["src/core/", ["src/core/"]],
  ["src/node/", ["src/node/", "src/core/"]],
  ["src/agent/", ["src/agent/", "src/node/", "src/core/"]],
  ["src/cli/", ["src/cli/", "src/agent/", "src/node/", "src/core/"]],
];

const FILES: readonly string[] = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .toSorted();
const IMPORTS: readonly Import[] = FILES.flatMap(importsOf);
const VALUES: readonly Import[] = IMPORTS.filter(({ kind }) => kind !== "type");

function importsOf(from: string): Import[] {
  const source = readFileSync(join(ROOT, from), "utf8");
  const toImport = (specifier: string, kind: Kind): Import => ({
    from,
    to: specifier.startsWith(".") ? normalize(join(dirname(from), specifier)) : specifier,
    kind,
  });
  const fixed = source.matchAll(/^(?:import|export)\b(\s+type\b)?(?:[^;"]*?\bfrom\b)?\s*"([^"]+)"/gm);
  const lazy = source.matchAll(/\bimport\(\s*"([^"]+)"\s*\)(\.)?/g);
  return [
    ...Array.from(fixed, ([, type, specifier = ""]) =>
      toImport(specifier, type === undefined ? "value" : "type"),
    ),
    ...Array.from(lazy, ([, specifier = ""]) => toImport(specifier, "lazy")),
  ];
}

function show({ from, to }: Import): string {
  return `${from} -> ${to}`;
}

/** The name of the package that a specifier means. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isPackage(to: string): boolean {
  return !to.startsWith("src/") && !to.startsWith("node:");
}

/** Everything that is loaded with `entry`, before any of its functions runs. */
function loadedWith(entry: string): Set<string> {
  const loaded = new Set([entry]);
  for (const file of loaded) {
    for (const { from, to, kind } of IMPORTS) if (from === file && kind === "value") loaded.add(to);
  }
  return loaded;
}

test("every import of a file of the project names a file that exists", () => {
  const files = new Set([...FILES, "package.json"]);
  const broken = IMPORTS.filter(({ to }) => to.startsWith("src/") && !files.has(to));
  expect(broken.map(show)).toEqual([]);
});

describe.each(LAYERS)("%s", (layer, mayImport) => {
  const narrower = LAYERS.filter(([other]) => other !== layer && other.startsWith(layer));
  const isHere = (path: string): boolean =>
    path.startsWith(layer) && !narrower.some(([other]) => path.startsWith(other));

  test(`imports only ${mayImport.join(", ")}`, () => {
    const foreign = VALUES.filter(
      ({ from, to }) =>
        isHere(from) && to.startsWith("src/") && !mayImport.some((allowed) => to.startsWith(allowed)),
    );
    expect(foreign.map(show)).toEqual([]);
  });
});

test("the core takes not even types from outside", () => {
  const foreign = IMPORTS.filter(
    ({ from, to }) => from.startsWith("src/core/") && /^src\/(?!core\/)/.test(to),
  );
  expect(foreign.map(show)).toEqual([]);
});

test("only src/node and the agent, a process of its own, import node: modules", () => {
  const elsewhere = VALUES.filter(
    ({ from, to }) => to.startsWith("node:") && !/^src\/(node|agent)\//.test(from),
  );
  expect(elsewhere.map(show)).toEqual([]);
});

test("a command imports no command, no package and not the context", () => {
  const forbidden = VALUES.filter(
    ({ from, to }) =>
      from.startsWith("src/cli/commands/") &&
      (to.startsWith("src/cli/commands/") || to === "src/cli/context.ts" || isPackage(to)),
  );
  expect(forbidden.map(show)).toEqual([]);
});

describe("packages", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };

  test.each(Object.keys(dependencies))("%s is imported by exactly one file", (name) => {
    const users = VALUES.filter(({ to }) => isPackage(to) && packageOf(to) === name).map(({ from }) => from);
    expect([...new Set(users)]).toHaveLength(1);
  });

  test("only dependencies are imported", () => {
    const undeclared = VALUES.filter(
      ({ to }) => isPackage(to) && !Object.hasOwn(dependencies, packageOf(to)),
    );
    expect(undeclared.map(show)).toEqual([]);
  });

  const entries = ["src/cli/main.ts", ...FILES.filter((file) => file.startsWith("src/cli/commands/"))];
  test.each(entries)("none is loaded with %s, only when it is needed", (entry) => {
    expect([...loadedWith(entry)].filter(isPackage)).toEqual([]);
  });
});

test("no file imports itself in a circle", () => {
  const circles = FILES.filter((file) =>
    IMPORTS.some(({ from, to, kind }) => from === file && kind === "value" && loadedWith(to).has(file)),
  );
  expect(circles).toEqual([]);
});

test("only src/core/index.ts passes on what others export", () => {
  const barrels = FILES.filter(
    (file) =>
      file !== "src/core/index.ts" &&
      /^export\b[^;=(]*\bfrom\s+"/m.test(readFileSync(join(ROOT, file), "utf8")),
  );
  expect(barrels).toEqual([]);
});

test("the time comes from Io", () => {
  const offenders = FILES.filter(
    (file) =>
      !file.startsWith("src/node/io") &&
      /\bnew Date\(\)|\bDate\.now\b/.test(readFileSync(join(ROOT, file), "utf8")),
  );
  expect(offenders).toEqual([]);
});
