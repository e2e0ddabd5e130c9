/** Databases of kpcli and pykeepass read by pm, and those of pm opened by KeePassXC and pykeepass. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../../support/describe-with.ts";
import { buildKdbx3, buildKdbx4, PASSWORD } from "../../support/kdbx-builder.ts";
import { CREATED, source, text, value, write, WRITER_PASSWORD } from "../../support/kdbx-writer.ts";
import { document, fieldsOf, importKdbx, importXml, named } from "../../support/keepass.ts";
import { keepassxc, pykeepass } from "../../support/keepassxc.ts";
import { partPath } from "../../support/parts.ts";
import { temporaryDirectory } from "../../support/process.ts";
import { startOnPty } from "../../support/pty.ts";
import { until } from "../fixtures/run.ts";

const ERASE_LINE = "\u0015";
const POLLS_PER_PRESS = 30;

/** An empty database, with what other programs expect in one. */
const START = document(
  "",
  "<MasterKeyChanged>2020-01-01T00:00:00Z</MasterKeyChanged><MemoryProtection><ProtectPassword>True</ProtectPassword></MemoryProtection><Binaries/>",
);

describeWith(["kpcli"], "a database of kpcli, KDBX 3", () => {
  test("arrives field by field", async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, "data.bin"), Uint8Array.of(0, 1, 2, 255));
    const kpcli = startOnPty(partPath("kpcli"), ["--histfile=/dev/null"], {
      home: folder,
      env: { LC_ALL: "C.UTF-8" },
    });
    const say = async (prompt: RegExp, answer: string): Promise<void> => {
      await kpcli.see(prompt);
      kpcli.type(`${answer}\r`);
    };
    // It takes a key without Enter only some time after it has asked for it, and drops what came before.
    const press = async (prompt: RegExp, key: string, next: RegExp): Promise<void> => {
      await kpcli.see(prompt);
      let polls = 0;
      await until(String(next), () => {
        if (polls++ % POLLS_PER_PRESS === 0) kpcli.type(key);
        return next.test(kpcli.screen().slice(kpcli.screen().lastIndexOf("inish? "))) ? true : undefined;
      });
      kpcli.type(ERASE_LINE);
    };
    await say(/kpcli:\/> $/, "mkdir Web");
    await say(/kpcli:\/> $/, "new Web/github");
    await say(/Username: $/, "joe");
    await say(/Password: $/, "s3cret ü");
    await say(/Retype to verify: $/, "s3cret ü");
    await say(/URL: $/, "https://github.com/?a&b");
    await say(/\| $/, "line one");
    await say(/\| $/, "line two");
    await say(/\| $/, ".");
    await say(/kpcli:\/> $/, "attach Web/github");
    await press(/inish\? $/, "a", /file: /);
    await say(/file: /, "data.bin");
    await press(/data\.bin \([^]*inish\? $/, "F", /kpcli:\/> /);
    await say(/kpcli:\/> /, "saveas made.kdbx");
    await say(/master password: $/, PASSWORD);
    await say(/Retype to verify: $/, PASSWORD);
    await say(/kpcli:\/> $/, "quit");
    await kpcli.exit();

    const imported = await importKdbx(new Uint8Array(readFileSync(join(folder, "made.kdbx"))), PASSWORD);
    const github = named(imported, "github");
    expect(fieldsOf(github)).toEqual({
      username: "joe",
      "password*": "s3cret ü",
      url: "https://github.com/?a&b",
      notes: "line one\nline two",
    });
    expect(github.folders).toEqual(["Web"]);
    expect(github.attachments).toEqual([{ name: "data.bin", bytes: Uint8Array.of(0, 1, 2, 255) }]);
    // What kpcli puts into every new database.
    expect(imported.skipped.map(({ what }) => what)).toEqual([
      "group eMail",
      "group Internet",
      "notes of group Database",
    ]);
  });
});

describeWith(["pykeepass"], "a database of pykeepass", () => {
  test.each([
    ["KDBX 3.1", buildKdbx3({ content: START })],
    ["KDBX 4", buildKdbx4({ content: START })],
    ["KDBX 4, ChaCha20, not packed", buildKdbx4({ content: START, cipher: "chacha20", compression: 0 })],
  ])("arrives field by field: %s", async (_, start) => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, "a.kdbx"), start);
    writeFileSync(join(folder, "raw.key"), Buffer.alloc(32, 5));
    await pykeepass(
      folder,
      `
kp = PyKeePass('a.kdbx', password='${PASSWORD}')
group = kp.add_group(kp.root_group, 'Wörk')
entry = kp.add_entry(group, 'title', 'user', 'first', url='https://a.b', notes='l1\\nl2', tags=['x', 'y'], expiry_time=datetime(2027, 3, 4, 5, 6, 7, tzinfo=timezone.utc))
entry.set_custom_property('Custom', 'v <&>')
entry.save_history()
entry.password = 'second'
entry.add_attachment(kp.add_binary(b'binary\\x00data'), 'b.bin')
kp.keyfile = 'raw.key'
kp.save()
`,
    );
    const bytes = new Uint8Array(readFileSync(join(folder, "a.kdbx")));
    const imported = await importKdbx(bytes, PASSWORD, new Uint8Array(Buffer.alloc(32, 5)));
    const entry = named(imported, "title");
    expect(fieldsOf(entry)).toEqual({
      username: "user",
      "password*": "second",
      url: "https://a.b",
      notes: "l1\nl2",
      Custom: "v <&>",
    });
    expect([entry.folders, entry.tags, entry.expires]).toEqual([["Wörk"], ["x", "y"], "2027-03-04"]);
    expect(entry.history.map(({ field, value: old }) => [field, old.text])).toEqual([["password", "first"]]);
    expect(entry.attachments).toEqual([
      { name: "b.bin", bytes: new Uint8Array(Buffer.from("binary\0data")) },
    ]);
    expect(imported.skipped).toEqual([]);
  });
});

const SOURCE = source("Web & more/mail <1>", {
  fields: [
    text("username", "joe"),
    text("password", "  p <&> ü\r\n", true),
    text("url", "https://x.y/?a&b"),
    text("notes", "one\ntwo"),
    text("Own", "v"),
    text("Hidden", "h", true),
    text("otp", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", true),
  ],
  tags: ["a", "b"],
  expires: "2027-12-31",
  history: [{ field: "password", value: value("old", true), written: CREATED - 5000 }],
  written: { password: CREATED },
  attachments: [{ name: "k.bin", bytes: Uint8Array.of(0, 1, 2, 255) }],
});

describeWith(["keepassxc-cli"], "what pm writes, in KeePassXC", () => {
  test("is all there", async () => {
    const folder = temporaryDirectory();
    const { bytes, losses } = await write([SOURCE, source("gone", { trashed: true })]);
    expect(losses).toEqual([]);
    writeFileSync(join(folder, "pm.kdbx"), bytes);
    const kxc = async (command: string, ...args: string[]): Promise<Buffer> =>
      (await keepassxc(folder, [command, "-q", ...args], [WRITER_PASSWORD])).stdout;
    expect(
      (await kxc("ls", "-R", "-f", "pm.kdbx"))
        .toString()
        .split("\n")
        .filter((line) => line !== "")
        .toSorted(),
    ).toEqual(["Recycle Bin/", "Recycle Bin/gone", "Web & more/", "Web & more/mail <1>"]);
    const path = "/Web & more/mail <1>";
    const shown = (await kxc("show", "-s", "--all", "pm.kdbx", path)).toString();
    expect(shown).toContain(
      "UserName: joe\nPassword:   p <&> ü\r\n\nURL: https://x.y/?a&b\nNotes: one\ntwo\n",
    );
    expect(shown).toContain("Tags: a,b\nHidden: h\nOwn: v\n");
    // With --stdout it would make text of it.
    await kxc("attachment-export", "pm.kdbx", path, "k.bin", "k.bin");
    expect([...readFileSync(join(folder, "k.bin"))]).toEqual([0, 1, 2, 255]);
    const xml = named(await importXml(new Uint8Array(await kxc("export", "pm.kdbx"))), "mail <1>");
    expect(xml.history).toEqual([{ field: "password", value: value("old", true), written: CREATED - 5000 }]);
    expect([xml.expires, xml.created]).toEqual(["2027-12-31", CREATED]);
  });
});

describeWith(["pykeepass"], "what pm writes, in pykeepass", () => {
  test("is all there", async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, "pm.kdbx"), (await write([SOURCE])).bytes);
    const { stdout } = await pykeepass(
      folder,
      `
import json
entry = PyKeePass('pm.kdbx', password='${WRITER_PASSWORD}').find_entries(title='mail <1>', first=True)
print(json.dumps([entry.username, entry.password, entry.url, entry.notes, entry.custom_properties, entry.otp, entry.tags, entry.expires, str(entry.expiry_time), str(entry.ctime), [version.password for version in entry.history], [[file.filename, list(file.data)] for file in entry.attachments]]))
`,
    );
    expect(JSON.parse(stdout.toString())).toEqual([
      "joe",
      "  p <&> ü\r\n",
      "https://x.y/?a&b",
      "one\ntwo",
      { Own: "v", Hidden: "h" },
      "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
      ["a", "b"],
      true,
      "2027-12-31 12:00:00+00:00",
      "2023-11-14 22:13:20+00:00",
      ["old"],
      [["k.bin", [0, 1, 2, 255]]],
    ]);
  });
});
