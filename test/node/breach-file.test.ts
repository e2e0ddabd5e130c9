/** A list of leaked passwords is searched by reading little of it. */
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import { BLOCK_BYTES, findHashes, findInFile, type RandomAccess } from "../../src/node/breach/hash-file.ts";

const COUNT = 50_000;

function hashOf(at: number): string {
  return createHash("sha1").update(`leaked ${at}`).digest("hex").toUpperCase();
}

const counts = new Map(Array.from({ length: COUNT }, (_, at) => [hashOf(at), at + 1]));
const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));

function textOf(newline: string): string {
  return sorted.map(([hash, count]) => `${hash}:${count}${newline}`).join("");
}

/** Counts what is read. */
function inMemory(text: string): RandomAccess & { readonly reads: () => number } {
  const bytes = utf8(text);
  let reads = 0;
  return {
    size: bytes.length,
    read: (position, length) => {
      reads++;
      return bytes.subarray(position, position + length);
    },
    reads: () => reads,
  };
}

const look = (hashes: readonly string[], file: RandomAccess) => findHashes(hashes, file, { name: "list" });

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "pm-breach-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe.each<[string, string]>([
  ["LF", "\n"],
  ["CRLF", "\r\n"],
])("a list with %s", (_name, newline) => {
  test("gives the count of each hash, the first and the last included, and none for others", async () => {
    const file = inMemory(textOf(newline));
    const some = sorted.filter((_, at) => at < 100 || at % 97 === 0 || at >= COUNT - 100);
    const absent = Array.from({ length: 300 }, (_, at) => hashOf(COUNT + at));
    const edges = ["0".repeat(40), "F".repeat(40)];
    const seen = await look([...some.map(([hash]) => hash), ...absent, ...edges], file);
    expect([...seen]).toEqual(some);
  });

  test("is read in ten blocks at most for a hash, of two megabytes", async () => {
    const text = textOf(newline);
    expect(text.length).toBeGreaterThan(2_000_000);
    for (const at of [1, COUNT >> 1, COUNT - 2]) {
      const file = inMemory(text);
      await look([sorted[at]?.[0] ?? ""], file);
      // 2^9 blocks, one for where it ends up, and the two ends.
      expect(file.reads()).toBeLessThanOrEqual(Math.ceil(Math.log2(text.length / BLOCK_BYTES)) + 3);
    }
  });

  test("may have no newline at the end, and small letters", async () => {
    const text = textOf(newline).toLowerCase().trimEnd();
    const [last = "", count] = sorted.at(-1) ?? [];
    expect(await look([last], inMemory(text))).toEqual(new Map([[last, count]]));
  });
});

test("a file of 40 gigabytes is searched where it has something", async () => {
  // Lines at both ends, a hole between: what is looked for stands in the first block.
  const path = join(directory, "sparse.txt");
  const fd = openSync(path, "w");
  const size = 40_000_000_000;
  const tail = `${"F".repeat(40)}:7\n`.padStart(BLOCK_BYTES, `${"E".repeat(38)}01:1\n`);
  const head = sorted
    .slice(0, 90)
    .map(([hash, count]) => `${hash}:${count}\n`)
    .join("");
  writeSync(fd, head, 0);
  ftruncateSync(fd, size - tail.length);
  writeSync(fd, `\n${"F".repeat(40)}:7\n`, size - 44);
  closeSync(fd);
  const file = { path, cwd: "/" };
  // The hole is no list, and that is found without reading it.
  await expect(findInFile([sorted[5]?.[0] ?? ""], file)).rejects.toMatchObject({ code: "corrupt" });
});

test.each<[string, string, ErrorCode]>([
  ["an empty file", "", "corrupt"],
  ["a text", "hello\nworld\n", "corrupt"],
  ["an archive", `7z\u00bc\u00af'\u001c${"x".repeat(9000)}`, "corrupt"],
  ["hashes of NTLM", `${"A".repeat(32)}:1\n${"B".repeat(32)}:2\n`, "usage"],
  ["hashes without counts", `${"A".repeat(40)}\n`, "corrupt"],
  ["lines out of order", `${"B".repeat(40)}:1\n${"A".repeat(40)}:2\n`, "corrupt"],
  ["a line twice", `${"B".repeat(40)}:1\n${"B".repeat(40)}:1\n`, "corrupt"],
  ["a list cut off within a line", `${"A".repeat(40)}:1\n${"B".repeat(20)}`, "corrupt"],
  ["an empty line at the end", `${"A".repeat(40)}:1\n\n`, "corrupt"],
])("%s is refused", async (_what, text, code) => {
  const path = join(directory, "foreign.txt");
  writeFileSync(path, text);
  await expect(findInFile(["A".repeat(40)], { path: "foreign.txt", cwd: directory })).rejects.toMatchObject({
    code,
  });
});

test("a list ordered by how often they were seen is refused", async () => {
  const text = [...counts].map(([hash, count]) => `${hash}:${count}\n`).join("");
  await expect(look([hashOf(0)], inMemory(text))).rejects.toMatchObject({ code: "corrupt" });
});

test("halves in the wrong order are noticed where they are read", async () => {
  const lines = sorted.map(([hash, count]) => `${hash}:${count}\n`);
  const half = COUNT >> 1;
  const text = [
    ...lines.slice(0, 100),
    ...lines.slice(half),
    ...lines.slice(100, half),
    ...lines.slice(-100),
  ].join("");
  const all = look(
    sorted.slice(200, 300).map(([hash]) => hash),
    inMemory(text),
  );
  await expect(all).rejects.toMatchObject({ code: "corrupt", message: "list is not sorted by hash" });
});

test.each([".", "none.txt"])("%j is no file to search", async (path) => {
  await expect(findInFile([hashOf(0)], { path, cwd: directory })).rejects.toMatchObject({
    code: path === "." ? "usage" : "io",
  });
});
