/**
 * V8's coverage, but for the files that vitest.config.ts lists as unmeasured: while V8 counts, it puts no function
 * into another one, so that a test that is all computation takes twice as long.
 */
import v8 from "@vitest/coverage-v8";
import type { CoverageProviderModule } from "vitest/node";

const provider: CoverageProviderModule = {
  // Under the name of the built-in one the workers would load that.
  getProvider: async () => Object.assign(await v8.getProvider(), { name: "custom" }),
  ...(process.env["UNMEASURED"] !== "1" && {
    startCoverage: (options) => v8.startCoverage?.(options),
    takeCoverage: (options) => v8.takeCoverage?.(options),
    stopCoverage: (options) => v8.stopCoverage?.(options),
  }),
};

export default provider;
