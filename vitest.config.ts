import type { ViteUserConfigFnObject } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Tests whose coverage is not measured (test/support/coverage.ts): they run pm as processes of their own, or
 * the same code thousands of times. What they reach counts only where another test reaches it, too.
 */
const UNMEASURED = [
  "test/{completions,examples,package,readme,startup}.test.ts",
  "test/e2e/**/*.test.ts",
  "test/cli/parsers.test.ts",
  "test/core/audit/{scorer,strong}.test.ts",
  "test/core/generate/{distribution,pronounceable,rules,strength}.test.ts",
  "test/core/vault/{damage,merge-laws,vectors}.test.ts",
];

/** Short files that run for long: without an earlier run to go by, the order is that of the sizes. */
const LONG =
  /\/test\/(?:script|examples|core\/vault\/merge-laws|e2e\/(?:faults|loop|parallel|tab))\.test\.ts$/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const BINARY_SETUP = "test/support/on-binary.ts";
const ON_BINARY = [
  "test/e2e/*.test.ts",
  "test/node/clipboard*.test.ts",
  "test/{examples,completions}.test.ts",
];

const config: ViteUserConfigFnObject = ({ mode }) => {
  // `npm run test:soak`: the same tests with more cases, and those of test/soak.
  const soak = mode === "soak";
  // `npm run test:binary`: those that run pm as processes, on the standalone binary.
  const binary = mode === "binary";
  const exclude = soak ? [] : ["test/soak/**"];
  // In the order of their names.
  const projects = [
    { test: { name: "apart", include: UNMEASURED, exclude, env: { UNMEASURED: "1" } } },
    { test: { name: "measured", include: ["test/**/*.test.ts"], exclude: [...UNMEASURED, ...exclude] } },
  ];
  return {
    test: {
      ...(binary ? { include: ON_BINARY, exclude: ["test/e2e/binary.test.ts"] } : { projects }),
      sequence: { sequencer: LongFirst },
      env: soak ? { SOAK: "1" } : {},
      setupFiles: ["test/support/put-back.ts", ...(binary ? [BINARY_SETUP] : [])],
      globalSetup: [...(binary ? [BINARY_SETUP] : []), "test/support/global-setup.ts"],
      // Real processes and a real key derivation: forks keep their memory and their signals apart.
      pool: "forks",
      // Nothing is mocked, and no module keeps what a test did: a process for each file would only load it all again.
      isolate: false,
      // One more than the cores of a small machine: one of the three mostly waits, for a disk or for a process.
      maxWorkers: 3,
      testTimeout: soak ? 600_000 : 20_000,
      hookTimeout: 60_000,
      teardownTimeout: 5_000,
      unstubEnvs: true,
      coverage: {
        provider: "custom",
        customProviderModule: "test/support/coverage.ts",
        include: ["src/**/*.ts"],
        reporter: ["text-summary", "json-summary"],
        thresholds: {
          lines: 90,
          branches: 85,
          // What a file format and a cipher do with every input is known, or it is not.
          "src/core/vault/{header,slot,layout}.ts": { branches: 100 },
          "src/core/crypto/**": { branches: 100 },
        },
      },
    },
  };
};

export default config;
