/** Archives and stores through the command: once, again, and where they can't be read. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { createGpgHome, type GpgHome } from "../support/gpg-home.ts";
import { callHere, contentsOf, createHome, type Home, openHome, PASSWORD } from "../support/home.ts";
import { account, item, onePux, section } from "../support/onepux-export.ts";
import { bytesOf, data, item as protonItem } from "../support/proton-export.ts";
import { zipOf } from "../support/zip-file.ts";

const FILE = Uint8Array.from({ length: 256 }, (_, n) => n);

async function call(home: Home, words: readonly string[], env: GpgHome["env"] = {}): Promise<string> {
  const given = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return await callHere(words, home.directory, { ...Object.fromEntries(given), PM_PASSWORD: PASSWORD });
}

async function attachmentOf(home: Home, path: string, name: string): Promise<Uint8Array> {
  using session = await openHome(home);
  const found = await session.resolve(path);
  if (found.kind !== "found") throw new Error(`${path} is ${found.kind}`);
  return new Uint8Array((await session.attachment(found.row.id, name)).bytes);
}

describe("an archive", () => {
  const document = { documentId: "d1", fileName: "scan.bin", decryptedSize: 256 };
  const sections = [section("Files", { f: ["scan", { file: document }] })];
  const login = {
    loginFields: [{ value: "s3cret", name: "password", fieldType: "P", designation: "password" }],
    passwordHistory: [{ value: "0ld", time: 1_600_000_000 }],
  };
  const items = [item("001", { details: { sections, ...login }, overview: { title: "site" } })];
  const pux = onePux({ accounts: [account("Mara", { Personal: items })] }, { "files/d1__scan.bin": FILE });
  const note = protonItem("note", { files: ["a.1f.bin"], metadata: { name: "memo", note: "text" } });
  const proton = zipOf({
    "Proton Pass/data.json": bytesOf(data([note])),
    "Proton Pass/files/a.1f.bin": FILE,
  });

  test.each([
    ["1PUX", pux, "Personal/site", "password", "s3cret", "scan.bin"],
    ["Proton Pass", proton, "Personal/memo", "notes", "text", "a.1f.bin"],
  ])(
    "of %s comes with its files, and a second time changes nothing",
    async (_, bytes, path, field, value, file) => {
      const home = await createHome();
      writeFileSync(join(home.directory, "export"), bytes);
      await call(home, ["import", "export"]);
      expect(await call(home, ["get", path, field])).toBe(`${value}\n`);
      expect(await attachmentOf(home, path, file)).toEqual(FILE);
      const before = readFileSync(home.vault);
      expect(await call(home, ["import", "export"])).toBe("same  1  entries\n");
      expect(readFileSync(home.vault).equals(before)).toBe(true);
    },
  );

  test("that is damaged changes nothing", async () => {
    const home = await createHome();
    const at = Buffer.from(pux).indexOf("export.data") + 20;
    const broken = Uint8Array.from(pux, (byte, n) => (n === at ? byte ^ 1 : byte));
    writeFileSync(join(home.directory, "export"), broken);
    const before = contentsOf(home.directory);
    await expect(call(home, ["import", "export"])).rejects.toThrow(
      /ended with 2: .*the ZIP archive is damaged/,
    );
    expect(contentsOf(home.directory)).toEqual(before);
  });
});

describeWith(["gpg"], "a store", () => {
  let gpg: GpgHome;
  let store: string;

  beforeAll(() => {
    gpg = createGpgHome();
    store = join(gpg.root, "store");
    gpg.makeKey("mara@example.com", "");
    gpg.put(join(store, "web/site.gpg"), "s3cret\nuser: mara\n", "mara@example.com");
    writeFileSync(join(store, ".gpg-id"), "mara@example.com\n");
  });
  afterAll(() => gpg.remove());

  test("is recognised and comes once; init --from makes a vault of it", async () => {
    const home = await createHome();
    await call(home, ["import", store], gpg.env);
    expect(await call(home, ["get", "web/site", "username"])).toBe("mara\n");
    expect(await call(home, ["import", "pass", store], gpg.env)).toBe("same  1  entries\n");
    await call(
      home,
      ["init", "--no-recovery", "--vault", join(home.directory, "other.pm"), "--from", store],
      gpg.env,
    );
    expect(await call(home, ["--vault", join(home.directory, "other.pm"), "get", "web/site"])).toBe(
      "s3cret\n",
    );
  });

  test("with one file that can't be opened changes nothing", async () => {
    const home = await createHome();
    const other = join(gpg.root, "other");
    cpSync(store, other, { recursive: true });
    writeFileSync(join(other, "web", "broken.gpg"), "no message");
    const before = contentsOf(home.directory);
    await expect(call(home, ["import", other], gpg.env)).rejects.toThrow(
      /ended with 2: .*"web\/broken" in the store/,
    );
    expect(contentsOf(home.directory)).toEqual(before);
  });
});
