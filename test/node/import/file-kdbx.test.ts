/** Databases of Perl's File::KDBX read by pm, and one of pm read by File::KDBX. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toHex } from "../../../src/core/bytes.ts";
import { CREATED, source, text, value, write, WRITER_PASSWORD } from "../../support/kdbx-writer.ts";
import { describeWith } from "../../support/describe-with.ts";
import { fieldsOf, importKdbx, named } from "../../support/keepass.ts";
import { fileKdbx } from "../../support/keepassxc.ts";
import { temporaryDirectory } from "../../support/process.ts";

const MADE_PASSWORD = "pw ü";
/** It writes the sequence that KeePass has unless told otherwise into every entry. */
const AUTO_TYPE = { "auto-type": "{USERNAME}{TAB}{PASSWORD}{ENTER}" };
/** What a header begins with before its version, and the names of ciphers and key derivations in it. */
const MAGIC = "03d9a29a67fb4bb5";
const AES = "31c1f2e6bf714350be5805216afc5aff";
const CHACHA20 = "d6038a2b8b6f4cb5a524339a31dbb59a";
const AES_KDF = "c9d9f39a628a4460bf740d08c18a4fea";
const ARGON2ID = "9e298b1956db4773b23dfc3ec6f0a1e6";
const HEADER_BYTES = 300;
const USE_ARGON2 = `$kdbx->headers->{+HEADER_KDF_PARAMETERS} = {
  KDF_PARAM_UUID() => KDF_UUID_ARGON2ID, KDF_PARAM_ARGON2_SALT() => "s" x 32, KDF_PARAM_ARGON2_PARALLELISM() => 2,
  KDF_PARAM_ARGON2_MEMORY() => 1 << 20, KDF_PARAM_ARGON2_ITERATIONS() => 3, KDF_PARAM_ARGON2_VERSION() => 0x13 };
$kdbx->cipher_id(CIPHER_UUID_AES256);
$kdbx->encryption_iv("i" x 16);`;

describeWith(["file-kdbx"], "a database of File::KDBX", () => {
  test.each([
    ["KDBX 3.1", "KDBX_VERSION_3_1", "", [MAGIC + "01000300", AES], []],
    ["KDBX 4.0, ChaCha20", "KDBX_VERSION_4_0", "", [MAGIC + "00000400", CHACHA20, AES_KDF], []],
    ["KDBX 4.0, Argon2id, AES", "KDBX_VERSION_4_0", USE_ARGON2, [MAGIC + "00000400", AES, ARGON2ID], []],
    [
      "KDBX 4.1",
      "KDBX_VERSION_4_1",
      "$group->tags('team');",
      [MAGIC + "01000400", CHACHA20, AES_KDF],
      ["team"],
    ],
  ])("arrives field by field: %s", async (_, version, more, header, groupTags) => {
    const folder = temporaryDirectory();
    await fileKdbx(
      folder,
      `
my $kdbx = File::KDBX->new(version => ${version});
my $group = $kdbx->add_group(name => 'Wörk')->add_group(name => 'a/b');
my $entry = $group->add_entry(title => 'mail', username => 'joe', password => 'first', url => 'https://a.b/?c&d', notes => "l1\\nl2", tags => 'x;y');
$entry->creation_time(scalar gmtime(${CREATED / 1000}));
$entry->begin_work; $entry->password('s3cret <&> ü'); $entry->commit;
$entry->begin_work; $entry->password('third'); $entry->username('joe2'); $entry->commit;
$entry->string('Own', 'v <&>');
$entry->string('PIN', value => '1234', protect => 1);
$entry->string('otp', value => 'otpauth://totp/a?secret=JBSWY3DPEHPK3PXP', protect => 1);
$entry->binary('k.bin', "\\x00\\x01\\x02\\xff");
$entry->expires(1);
$entry->expiry_time(scalar gmtime(1804136767));
$group->add_entry(title => 'twin', url => 'https://twin', password => '{REF:P@T:mail}')->binary('k.bin', "\\x00\\x01\\x02\\xff");
$kdbx->add_entry(title => 'gone', password => 'old')->recycle;
${more}
$kdbx->dump_file('made.kdbx', '${MADE_PASSWORD}');
`,
    );
    const bytes = new Uint8Array(readFileSync(join(folder, "made.kdbx")));
    const beginning = toHex(bytes.subarray(0, HEADER_BYTES));
    expect(header.filter((part) => !beginning.includes(part))).toEqual([]);
    const imported = await importKdbx(bytes, MADE_PASSWORD);
    const mail = named(imported, "mail");
    expect(fieldsOf(mail)).toEqual({
      username: "joe2",
      "password*": "third",
      url: "https://a.b/?c&d",
      notes: "l1\nl2",
      "otp*": "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
      Own: "v <&>",
      "PIN*": "1234",
      ...AUTO_TYPE,
    });
    expect([mail.type, mail.folders, mail.tags]).toEqual([
      "login",
      ["Wörk", "a/b"],
      [...groupTags, "x", "y"],
    ]);
    expect([mail.expires, mail.created]).toEqual(["2027-03-04", CREATED]);
    expect(mail.history.map(({ field, value: old }) => [field, old.text, old.concealed])).toEqual([
      ["password", "first", true],
      ["username", "joe", false],
      ["password", "s3cret <&> ü", true],
    ]);
    const twin = named(imported, "twin");
    expect(fieldsOf(twin)).toEqual({ "password*": "third", url: "https://twin", ...AUTO_TYPE });
    for (const { attachments } of [mail, twin])
      expect(attachments).toEqual([{ name: "k.bin", bytes: Uint8Array.of(0, 1, 2, 255) }]);
    const gone = named(imported, "gone");
    expect(fieldsOf(gone)).toEqual({ "password*": "old", ...AUTO_TYPE });
    expect([mail.trashed, twin.trashed, gone.trashed]).toEqual([false, false, true]);
    expect(imported.entries).toHaveLength(3);
    expect(imported.skipped.map(({ what }) => what)).toEqual([
      "notes of group Root",
      "reference in password of Wörk/a/b/twin",
    ]);
  });
});

const SOURCE = source("Web & more/mail", {
  fields: [
    text("username", "joe"),
    text("password", "  p <&> ü", true),
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

describeWith(["file-kdbx"], "what pm writes, in File::KDBX", () => {
  test("is all there", async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, "pm.kdbx"), (await write([SOURCE])).bytes);
    const { stdout } = await fileKdbx(
      folder,
      `
my $kdbx = File::KDBX->load_file('pm.kdbx', '${WRITER_PASSWORD}');
$kdbx->unlock;
my ($entry) = $kdbx->entries->grep(title => 'mail')->each;
print encode_json([$entry->group->name, $entry->username, $entry->password, $entry->url, $entry->notes,
  { map { $_ => $entry->string_value($_) } qw(Own Hidden otp) }, $entry->string('Hidden')->{protect} ? 1 : 0, $entry->tags,
  $entry->expires ? $entry->expiry_time->datetime : '', $entry->creation_time->datetime,
  [map { $_->password } @{$entry->history}], [unpack 'C*', $entry->binary_value('k.bin')]]);
`,
    );
    expect(JSON.parse(stdout.toString())).toEqual([
      "Web & more",
      "joe",
      "  p <&> ü",
      "https://x.y/?a&b",
      "one\ntwo",
      { Own: "v", Hidden: "h", otp: "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP" },
      1,
      "a;b",
      "2027-12-31T12:00:00",
      "2023-11-14T22:13:20",
      ["old"],
      [0, 1, 2, 255],
    ]);
  });
});
