/** Databases that KeePassXC made, read; and databases that pm wrote, opened by KeePassXC. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildKdbx4, PASSWORD as CHEAP_PASSWORD } from "../../support/kdbx-builder.ts";
import { describeWith } from "../../support/describe-with.ts";
import { document, entryXml, fieldsOf, importKdbx, importXml, named, uuid } from "../../support/keepass.ts";
import { keepassxc } from "../../support/keepassxc.ts";
import { temporaryDirectory } from "../../support/process.ts";

const PASSWORD = "pässword";
const NOTES = "line one\n  line two\ttab";

function protectedString(key: string, value: string): string {
  return `<String><Key>${key}</Key><Value ProtectInMemory="True">${value}</Value></String>`;
}

/** What the commands of KeePassXC can't make stands in the database that they begin with; it writes all of it anew. */
function startingPoint(): string {
  const times = `<Times><CreationTime>2020-01-01T00:00:00Z</CreationTime><LastModificationTime>2021-01-01T00:00:00Z</LastModificationTime><Expires>True</Expires><ExpiryTime>2030-05-06T07:08:09Z</ExpiryTime></Times>`;
  const old = entryXml(
    { Title: "db", UserName: "root" },
    `${protectedString("Password", "before")}<Times><LastModificationTime>2020-06-01T00:00:00Z</LastModificationTime></Times>`,
  );
  const entry = entryXml(
    { Title: "db", UserName: "root", Plain: "open", Notes: NOTES },
    `<UUID>${uuid(3)}</UUID><Tags>a;b</Tags>${times}${protectedString("Password", "now &lt;&amp;&gt; ü")}${protectedString("Hidden", "shut")}<History>${old}</History>`,
  );
  return document(
    `<Group><UUID>${uuid(2)}</UUID><Name>Work</Name><Group><UUID>${uuid(4)}</UUID><Name>Servers</Name>${entry}</Group></Group>`,
  );
}

describeWith(["keepassxc-cli"], "a database of KeePassXC", () => {
  test("arrives field by field, from KDBX and from XML", async () => {
    const folder = temporaryDirectory();
    const kxc = (...args: string[]): Promise<unknown> => keepassxc(folder, args, [CHEAP_PASSWORD, "second"]);
    writeFileSync(join(folder, "a.kdbx"), buildKdbx4({ content: startingPoint() }));
    writeFileSync(join(folder, "key.bin"), Uint8Array.of(0, 1, 2, 255));
    await kxc("add", "-q", "-u", "joe", "--url", "https://x.y", "-p", "a.kdbx", "mail");
    await kxc("edit", "-q", "-u", "jim", "a.kdbx", "mail");
    await kxc("attachment-import", "-q", "a.kdbx", "mail", "id_ed25519", "key.bin");
    await kxc("add", "-q", "a.kdbx", "gone");
    await kxc("rm", "-q", "a.kdbx", "gone");
    const imported = await importKdbx(new Uint8Array(readFileSync(join(folder, "a.kdbx"))), CHEAP_PASSWORD);

    const db = named(imported, "db");
    expect(fieldsOf(db)).toEqual({
      username: "root",
      "password*": "now <&> ü",
      notes: NOTES,
      Plain: "open",
      "Hidden*": "shut",
    });
    expect([db.folders, db.tags, db.expires, db.trashed]).toEqual([
      ["Work", "Servers"],
      ["a", "b"],
      "2030-05-06",
      false,
    ]);
    expect(db.created).toBe(1_577_836_800_000);
    expect(db.history).toEqual([
      {
        field: "password",
        value: { text: "before", encoding: "utf8", concealed: true },
        written: 1_590_969_600_000,
      },
    ]);
    const mail = named(imported, "mail");
    expect(fieldsOf(mail)).toEqual({ username: "jim", "password*": "second", url: "https://x.y" });
    expect(mail.history.map(({ field, value }) => [field, value.text])).toEqual([["username", "joe"]]);
    expect(mail.attachments).toEqual([{ name: "id_ed25519", bytes: Uint8Array.of(0, 1, 2, 255) }]);
    expect(mail.folders).toEqual([]);
    expect([named(imported, "gone").trashed, named(imported, "gone").folders]).toEqual([true, []]);
    expect(imported.skipped).toEqual([]);

    const { stdout } = await keepassxc(folder, ["export", "-q", "a.kdbx"], [CHEAP_PASSWORD]);
    const xml = await importXml(new Uint8Array(stdout));
    // KeePassXC leaves attachments out of XML, and says nothing of it.
    expect(xml.skipped.map(({ what }) => what)).toEqual(["attachment id_ed25519 of mail"]);
    const withoutFiles = imported.entries.map((entry) => ({ ...entry, attachments: [] }));
    expect(xml.entries).toEqual(withoutFiles);
  });

  test("that it created itself opens, with the key derivation that it chose", async () => {
    const folder = temporaryDirectory();
    await keepassxc(folder, ["db-create", "-q", "-t", "100", "-p", "new.kdbx"], [PASSWORD, PASSWORD]);
    const database = new Uint8Array(readFileSync(join(folder, "new.kdbx")));
    expect((await importKdbx(database, PASSWORD)).entries).toEqual([]);
  });

  test("opens with a key file of each kind, alone and with a password", async () => {
    const folder = temporaryDirectory();
    const text = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
    const hex = "0123456789abcdef".repeat(4);
    const version1 = `<?xml version="1.0"?><KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>${Buffer.alloc(32, 6).toString("base64")}</Data></Key></KeyFile>`;
    // KeePass's own example of version 2.
    const version2 = `<?xml version="1.0" encoding="utf-8"?><KeyFile><Meta><Version>2.0</Version></Meta><Key><Data Hash="FE2949B8">\n\tA7007945 D07D54BA 28DF6434 1B4500FC\n\t9750DFB1 D36ADA2D 9C32DC19 4C7AB01B\n</Data></Key></KeyFile>`;
    writeFileSync(join(folder, "raw.key"), Buffer.alloc(32, 5));
    writeFileSync(join(folder, "hex.key"), hex);
    writeFileSync(join(folder, "v1.key"), version1);
    writeFileSync(join(folder, "v2.key"), version2);
    writeFileSync(join(folder, "any.key"), "any file");
    const kinds = ["raw", "hex", "v1", "v2", "any"];
    // KeePassXC keeps the cost of a database that it changes: this one takes no time.
    const cheap = buildKdbx4({ content: document("") });
    for (const kind of [...kinds, "both"]) writeFileSync(join(folder, `${kind}.kdbx`), cheap);
    const edit = (name: string, ...args: string[]): Promise<unknown> =>
      keepassxc(folder, ["db-edit", "-q", ...args, name], [CHEAP_PASSWORD, PASSWORD, PASSWORD]);
    await Promise.all(
      kinds.map((kind) => edit(`${kind}.kdbx`, "--unset-password", "--set-key-file", `${kind}.key`)),
    );
    for (const kind of kinds) {
      const [database, keyFile] = [text(`${kind}.kdbx`), text(`${kind}.key`)];
      expect((await importKdbx(database, undefined, keyFile)).entries).toEqual([]);
      // Beside a key file an empty password is none, as in KeePassXC's own dialog.
      expect((await importKdbx(database, "", keyFile)).entries).toEqual([]);
    }
    await edit("both.kdbx", "--set-password", "--set-key-file", "raw.key");
    await importKdbx(text("both.kdbx"), PASSWORD, text("raw.key"));
    await expect(importKdbx(text("both.kdbx"), PASSWORD)).rejects.toThrow("does not open");
    await expect(importKdbx(text("both.kdbx"), undefined, text("raw.key"))).rejects.toThrow("does not open");
    const damagedKey = Buffer.from(version2.replace("A7007945", "A7007946"));
    await expect(importKdbx(text("v2.kdbx"), undefined, damagedKey)).rejects.toThrow(
      "the key file is damaged",
    );
  });
});
