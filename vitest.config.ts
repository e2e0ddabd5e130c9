import type { ViteUserConfigFnObject } from "vitest/config";

const config: ViteUserConfigFnObject = ({ mode }) => {
  // `npm run test:soak`: the same tests with more cases, and those of test/soak.
  const soak = mode === "soak";
  return {
    test: {
      include: ["test/**/*.test.ts"],
      exclude: soak ? [] : ["test/soak/**"],
      env: soak ? { SOAK: "1" } : {},
      globalSetup: ["test/support/global-setup.ts"],
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
