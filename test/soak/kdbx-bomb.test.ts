import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildKdbx3, PASSWORD } from "../support/kdbx-builder.ts";
import { codeOf, importKdbx } from "../support/keepass.ts";

test("a file that unpacks to 300 MiB is refused, with the memory that pm takes for it bounded", async () => {
  const packed = gzipSync(Buffer.alloc(314_572_800, 0x20), { level: 1 });
  const before = process.memoryUsage().rss;
  expect(await codeOf(importKdbx(buildKdbx3({ content: "", packed }), PASSWORD))).toBe("limit");
  expect(process.memoryUsage().rss - before).toBeLessThan(900_000_000);
});
