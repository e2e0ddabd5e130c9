import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { hasCode } from "../../../src/core/errors.ts";
import { openZip, type Zip, ZIP_LIMITS } from "../../../src/core/import/zip.ts";
import { describeWith } from "../../support/describe-with.ts";
import { partPath } from "../../support/parts.ts";
import { type ZipMember, type ZipShape, zipFile, zipOf } from "../../support/zip-file.ts";

const MIB = 1024 * 1024;
const TEXT: ZipMember = { name: "a.txt", bytes: utf8("some text, some text, some text") };

async function contents(zip: Zip): Promise<(readonly [string, Uint8Array | undefined])[]> {
  return await Promise.all(zip.names.map(async (name) => [name, await zip.read(name)] as const));
}

/** Opens it and reads everything in it: what it says of that, with its code. */
async function refusalOf(bytes: Uint8Array): Promise<string> {
  try {
    await contents(openZip(bytes));
    return "it is read";
  } catch (error) {
    if (hasCode(error, "usage")) return error.message;
    return hasCode(error, "limit") ? `limit: ${error.message}` : `another error: ${String(error)}`;
  }
}

describe("an archive", () => {
  test("gives the exact bytes of each file, packed or not; folders are no files", async () => {
    const members: ZipMember[] = [
      TEXT,
      { name: "files/", bytes: new Uint8Array(), stored: true },
      { name: "files/ä b.bin", bytes: Uint8Array.of(0, 255, 10, 13), stored: true },
      { name: "files/empty", bytes: new Uint8Array() },
    ];
    const zip = openZip(zipFile(members, { comment: "PK" }));
    expect(await contents(zip)).toEqual(
      members
        .filter(({ name }) => !name.endsWith("/"))
        .map(({ name, bytes }) => [name, new Uint8Array(bytes)]),
    );
    expect(await zip.read("files/other")).toBeUndefined();
  });

  test("may have its sizes, places and number of files in ZIP64 fields", async () => {
    const zip = openZip(zipFile([TEXT, { ...TEXT, name: "b", zip64: true }], { zip64: true }));
    expect(zip.names).toEqual(["a.txt", "b"]);
    expect(await zip.read("b")).toEqual(new Uint8Array(TEXT.bytes));
  });

  test("may be a view into a larger buffer", async () => {
    const bytes = zipOf({ a: "x" });
    const whole = new Uint8Array(bytes.length + 7);
    whole.set(bytes, 7);
    expect(await openZip(whole.subarray(7)).read("a")).toEqual(utf8("x"));
  });

  test("within an archive is a file like any other", async () => {
    const inner = zipOf({ a: "x" });
    expect(await openZip(zipOf({ "inner.zip": inner })).read("inner.zip")).toEqual(new Uint8Array(inner));
  });

  test("is refused wherever it is cut short", async () => {
    const whole = zipFile([TEXT, { ...TEXT, name: "b", stored: true }], { comment: "note" });
    for (let length = 0; length < whole.length; length++) {
      expect(await refusalOf(whole.subarray(0, length))).toMatch(/^the ZIP archive is damaged: /);
    }
  });

  test("with any byte changed is refused, or the same as before but for a name", async () => {
    const whole = zipFile([TEXT, { ...TEXT, name: "b" }]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Uint8Array.from(whole, (byte, n) => (n === at ? byte ^ change : byte));
        const refusal = await refusalOf(bytes);
        if (refusal !== "it is read") return !refusal.startsWith("another");
        const read = await contents(openZip(bytes));
        return read.every(([, content]) => Buffer.compare(content ?? new Uint8Array(), TEXT.bytes) === 0);
      }),
      { seed: 5, numRuns: 400 },
    );
  });
});

const BOMB = new Uint8Array(8 * MIB);

const REFUSED: readonly (readonly [string, readonly ZipMember[], string, ZipShape?])[] = [
  ["an encrypted file", [{ ...TEXT, flags: 0x0801 }], "the ZIP archive is encrypted"],
  ["another method", [{ ...TEXT, method: 14 }], '"a.txt" in the ZIP archive is packed by method 14'],
  ["two files of one name", [TEXT, TEXT], "two files in it have the same name"],
  ["another name before the content", [{ ...TEXT, localName: "b.txt" }], "it names a file in two ways"],
  ["a longer name before the content", [{ ...TEXT, localName: "a.txt2" }], "it names a file in two ways"],
  [
    "files that share content",
    [TEXT, { ...TEXT, sharedWith: 0, name: "a.tx2" }],
    "it names a file in two ways",
  ],
  ["more bytes than it says", [{ ...TEXT, bytes: BOMB, size: 100 }], "a file in it is larger than it says"],
  ["fewer bytes than it says", [{ ...TEXT, size: 100 }], "a file in it is smaller than it says"],
  ["a size that can't be", [{ ...TEXT, size: 100_000_000 }], "a file in it is smaller than it says"],
  [
    "an unpacked file of two sizes",
    [{ ...TEXT, stored: true, size: 5 }],
    "a file in it is larger than it says",
  ],
  ["other bytes than it says", [{ ...TEXT, crc: 1 }], "the content of a file in it has changed"],
  ["no packed bytes", [{ ...TEXT, bytes: utf8("\xff\xff"), stored: true, method: 8 }], "can't be unpacked"],
  [
    "a size beyond the file",
    [{ ...TEXT, packedSize: 1_000_000 }],
    "the content of a file in it is cut short",
  ],
  ["a folder with content", [{ ...TEXT, name: "a/" }], "a folder in it has content"],
  ["a count that can't be", [TEXT], "its directory does not fit in it", { count: 60_000 }],
  ["a count that is wrong", [TEXT, { ...TEXT, name: "b" }], "another length than it says", { count: 1 }],
];

describe("it is refused with", () => {
  test.each(REFUSED.map((row) => ({ title: row[0], row })))("$title", async ({ row }) => {
    const [, members, message, shape] = row;
    expect(await refusalOf(zipFile(members, shape))).toContain(message);
  });

  test.each(["../a", "a/../../b", "/etc/passwd", "a//b", "./a", "C:/a", "a\\..\\b", "a\0b", "", ".."])(
    "the path %j",
    async (name) => {
      const refusal = await refusalOf(zipFile([{ ...TEXT, name }]));
      expect(refusal).toBe("the ZIP archive has a file whose path leads out of it");
    },
  );

  test("content that is used twice", async () => {
    const names = ["a", "b"].map((name) => ({ ...TEXT, name, localName: "a" }));
    const [first, second] = names as [ZipMember, ZipMember];
    const bytes = zipFile([first, { ...second, localName: "b", packedSize: 20 }]);
    // The first says that its content goes on to the end of the second's.
    const at = Buffer.from(bytes).indexOf("PK\x01\x02", 0, "latin1");
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at + 20, 60, true);
    expect(await refusalOf(bytes)).toBe("the ZIP archive is damaged: files in it overlap");
  });

  test("over 256 MiB in all, by what it says alone", async () => {
    const claim = { bytes: new Uint8Array(MIB), size: 100 * MIB, packedSize: MIB, stored: true, method: 8 };
    const members = ["a", "b", "c"].map((name) => ({ ...claim, name }));
    expect(await refusalOf(zipFile(members))).toBe("limit: the ZIP archive holds over 256 MiB");
  });

  test("more files than the limit, by what it says alone", () => {
    const bytes = zipOf({ a: "", b: "", c: "" });
    expect(() => openZip(bytes, { ...ZIP_LIMITS, entries: 2 })).toThrow("the ZIP archive has over 2 entries");
  });
});

const PYTHON = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("Proton Pass/data.json", '{"a": 1}' * 1000)
    with z.open("large", "w", force_zip64=True) as f: f.write(bytes(range(256)) * 300)
    z.writestr(zipfile.ZipInfo("stored.bin"), bytes(1000))
`;

describeWith(["python3"], "an archive of another program", () => {
  test("is read: ZIP64 headers, data descriptors, both methods", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pm-zip-"));
    try {
      execFileSync(partPath("python3"), ["-c", PYTHON, join(folder, "a.zip")]);
      const zip = openZip(readFileSync(join(folder, "a.zip")));
      expect(await zip.read("Proton Pass/data.json")).toEqual(utf8('{"a": 1}'.repeat(1000)));
      expect(await zip.read("large")).toEqual(Uint8Array.from({ length: 76_800 }, (_, n) => n % 256));
      expect(await zip.read("stored.bin")).toEqual(new Uint8Array(1000));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
