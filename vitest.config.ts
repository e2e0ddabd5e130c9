import type { ViteUserConfigFnObject } from "vitest/config";

const BINARY_SETUP = "test/support/on-binary.ts";
const ON_BINARY = [
  "test/e2e/*.test.ts",
  "test/node/clipboard*.test.ts",
  "test/{examples,completions}.test.ts",
];

const EXCLUDED: Readonly<Record<string, string[]>> = { soak: [], binary: ["test/e2e/binary.test.ts"] };

const config: ViteUserConfigFnObject = ({ mode }) => {
  // `npm run test:soak`: the same tests with more cases, and those of test/soak.
  const soak = mode === "soak";
  // `npm run test:binary`: those that run pm as processes, on the standalone binary.
  const binary = mode === "binary";
  return {
    test: {
      include: binary ? ON_BINARY : ["test/**/*.test.ts"],
      exclude: EXCLUDED[mode] ?? ["test/soak/**"],
      setupFiles: binary ? [BINARY_SETUP] : [],
      env: soak ? { SOAK: "1" } : {},
      globalSetup: [...(binary ? [BINARY_SETUP] : []), "test/support/global-setup.ts"],
      // Real processes and a real key derivation: forks keep their memory and their signals apart.
      pool: "forks",
      maxWorkers: 2,
      testTimeout: soak ? 600_000 : 20_000,
      hookTimeout: 60_000,
      teardownTimeout: 5_000,
      unstubEnvs: true,
      coverage: {
        provider: "v8",
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
