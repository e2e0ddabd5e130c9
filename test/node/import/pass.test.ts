/** Stores that pass itself has made. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Imported, ImportedEntry } from "../../../src/core/import/imported.ts";
import { isGopassStore, isPassStore } from "../../../src/node/import/pass-store.ts";
import { readPassStore } from "../../../src/node/import/read-pass.ts";
import { describeWith } from "../../support/describe-with.ts";
import { createGpgHome, type GpgHome } from "../../support/gpg-home.ts";
import { fieldLines } from "../../support/imported.ts";

const BINARY = Uint8Array.from({ length: 300 }, (_, n) => n % 256);

describeWith(["gpg", "pass"], "a store of pass", () => {
  let gpg: GpgHome;
  let store: string;
  let imported: Imported;

  beforeAll(async () => {
    gpg = createGpgHome();
    store = join(gpg.root, ".password-store");
    gpg.makeKey("mara@example.com", "");
    gpg.run("pass", ["init", "mara@example.com"]);
    const insert = (name: string, text: string | Uint8Array) => gpg.run("pass", ["insert", "-m", name], text);
    insert("plain", "s3cret\n");
    insert(
      "work/dev/github",
      "pass word \nlogin: mara\nURL: https://github.com\n\nDo not forget this: it stays\n\nlast\n",
    );
    insert("work/2fa", "otpauth://totp/x?secret=ABC\n");
    insert("files/photo.jpg", BINARY);
    gpg.run("pass", ["generate", "generated", "24"]);
    gpg.run("pass", ["cp", "plain", "ünï cödé/copy"]);
    mkdirSync(join(store, ".git"));
    writeFileSync(join(store, ".git", "config"), "");
    writeFileSync(join(store, "README"), "not a secret");
    symlinkSync("plain.gpg", join(store, "alias.gpg"));
    symlinkSync("/etc/passwd", join(store, "outside.gpg"));
    symlinkSync("..", join(store, "circle"));
    imported = await readPassStore({ name: "store", path: store }, gpg.help);
  });
  afterAll(() => gpg.remove());

  const entry = (title: string): ImportedEntry | undefined =>
    imported.entries.find((one) => one.title === title);

  test("is recognised", async () => {
    expect([await isPassStore(store), await isGopassStore(store), await isPassStore(gpg.root)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("comes whole, with its folders", () => {
    const names = imported.entries.map(({ folders, title }) => [...folders, title].join("/"));
    expect(names).toEqual([
      "alias",
      "files/photo.jpg",
      "generated",
      "plain",
      "work/2fa",
      "work/dev/github",
      "ünï cödé/copy",
    ]);
  });

  test("says what it left out", () => {
    expect(imported.skipped).toEqual([
      { what: "README", why: "it is not encrypted by gpg" },
      { what: "circle", why: "it is a link that leads out of the store, to a folder or nowhere" },
      { what: "outside.gpg", why: "it is a link that leads out of the store, to a folder or nowhere" },
    ]);
  });

  test("keeps each field as pass shows it", () => {
    expect(fieldLines(entry("github"))).toEqual([
      "username: mara",
      "password (secret): pass word ",
      "url: https://github.com",
      String.raw`notes: Do not forget this: it stays\n\nlast`,
    ]);
    expect(fieldLines(entry("plain"))).toEqual(["password (secret): s3cret"]);
    expect(fieldLines(entry("copy"))).toEqual(fieldLines(entry("alias")));
    expect(fieldLines(entry("2fa"))).toEqual(["otp (secret): otpauth://totp/x?secret=ABC"]);
    const generated = gpg.run("pass", ["show", "generated"]).toString().replace(/\n$/, "");
    expect(fieldLines(entry("generated"))).toEqual([`password (secret): ${generated}`]);
  });

  test("keeps what is no text as an attachment, byte for byte", () => {
    expect(entry("photo.jpg")).toMatchObject({ type: "custom", fields: [] });
    expect(entry("photo.jpg")?.attachments.map(({ name, bytes }) => [name, [...bytes]])).toEqual([
      ["photo.jpg", [...gpg.run("pass", ["show", "files/photo.jpg"])]],
    ]);
  });

  test("is not written to", () => {
    expect(readdirSync(store).sort()).toEqual(
      [
        ".git",
        ".gpg-id",
        "README",
        "alias.gpg",
        "circle",
        "files",
        "generated.gpg",
        "outside.gpg",
        "plain.gpg",
        "work",
        "ünï cödé",
      ].sort(),
    );
  });
});
