/**
 * Stores as gopass lays them out (docs/backends/ondisk.md, docs/secrets.md and docs/backends/age.md of gopasspw/gopass),
 * encrypted by a real gpg: no package of npm or Debian has gopass itself (Debian's "gopass" is another program: debian-gopass.test.ts).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isGopassStore, isPassStore } from "../../../src/node/import/pass-store.ts";
import { readGopassStore } from "../../../src/node/import/read-pass.ts";
import { describeWith } from "../../support/describe-with.ts";
import { createGpgHome, type GpgHome } from "../../support/gpg-home.ts";
import { fieldLines } from "../../support/imported.ts";

const USER = "mara@example.com";

describeWith(["gpg"], "a store of gopass", () => {
  let gpg: GpgHome;
  let store: string;

  beforeAll(() => {
    gpg = createGpgHome();
    store = join(gpg.root, "store");
    gpg.makeKey(USER, "");
    gpg.put(join(store, "websites/github.gpg"), "pw\nuser: mara\n---\nurl: https://github.com\n", USER);
    gpg.put(join(store, "old.gpg"), "GOPASS-SECRET-1.0\nPassword: old\n\nbody\n", USER);
    const file =
      '\nContent-Disposition: attachment; filename="a.bin"\nContent-Transfer-Encoding: Base64\nAP8=';
    gpg.put(join(store, "file.gpg"), file, USER);
    writeFileSync(join(store, ".gpg-id"), `${USER}\n`);
    mkdirSync(join(store, ".public-keys"));
    writeFileSync(join(store, ".public-keys", "0xABC"), "a key");
  });
  afterAll(() => gpg.remove());

  test("is recognised by the keys that it keeps", async () => {
    expect([await isPassStore(store), await isGopassStore(store)]).toEqual([true, true]);
  });

  test("comes whole, each format of it", async () => {
    const { entries, skipped } = await readGopassStore({ name: "store", path: store }, gpg.help);
    expect(skipped).toEqual([]);
    expect(entries.map((entry) => [...entry.folders, entry.title, ...fieldLines(entry)])).toEqual([
      ["file"],
      ["old", "password (secret): old", "notes: body"],
      ["websites", "github", "username: mara", "password (secret): pw", "url: https://github.com"],
    ]);
    expect(entries[0]?.attachments).toEqual([{ name: "a.bin", bytes: Uint8Array.of(0, 255) }]);
  });

  test.each([".age-recipients", "secret.age"])(
    "with %s is refused: it is encrypted with age",
    async (name) => {
      const other = join(gpg.root, name.slice(1));
      mkdirSync(other);
      writeFileSync(join(other, name), "age1abc\n");
      await expect(readGopassStore({ name: "store", path: other }, gpg.help)).rejects.toMatchObject({
        code: "usage",
        message: "the store is encrypted with age, which pm does not read",
      });
    },
  );

  test("with folders without end is refused", async () => {
    const deep = join(gpg.root, "deep");
    mkdirSync(join(deep, "x/".repeat(40)), { recursive: true });
    await expect(readGopassStore({ name: "store", path: deep }, gpg.help)).rejects.toMatchObject({
      code: "limit",
    });
  });
});
