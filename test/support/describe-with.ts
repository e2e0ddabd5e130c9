import { describe, test } from "vitest";
import { findPart, PARTS, type PartName } from "./parts.ts";

/**
 * `describe` for tests that need programs from outside npm. Where one is missing the tests are skipped
 * aloud; under CI=true, on a platform that must have it, that is a failure.
 */
export function describeWith(names: readonly PartName[], title: string, body: () => void): void {
  const missing = names.filter((name) => findPart(name) === undefined);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = `${missing.join(", ")} missing`;
  if (
    process.env["CI"] === "true" &&
    missing.some((name) => PARTS[name].required.includes(process.platform))
  ) {
    describe(title, () => {
      test("finds its parts", () => {
        throw new Error(`${reason}: node scripts/parts.ts says how to install`);
      });
    });
    return;
  }
  process.stderr.write(`skipped: ${title}: ${reason}\n`);
  describe.skip(`${title} (${reason})`, body);
}
