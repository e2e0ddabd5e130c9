/** What becomes of what a KeePass database holds; the formats themselves are under test/core/kdbx. */
import { describe, expect, test } from "vitest";
import { document, entryXml, fieldsOf, importSingle, importXml, uuid } from "../../support/keepass.ts";

describe("strings", () => {
  test("the five of KeePass have pm's names, all others keep theirs", async () => {
    const entry = await importSingle(
      entryXml(
        {
          Notes: "a\nb",
          Server: "db1",
          UserName: "joe",
          URL: "https://x.y",
          Title: "T",
          token: "t",
          Password: "p",
        },
        `<String><Key>Hidden</Key><Value ProtectInMemory="True">h</Value></String>`,
      ),
    );
    expect(entry.title).toBe("T");
    expect(entry.type).toBe("login");
    expect(Object.entries(fieldsOf(entry))).toEqual([
      ["username", "joe"],
      ["password*", "p"],
      ["url", "https://x.y"],
      ["notes", "a\nb"],
      ["Server", "db1"],
      ["token*", "t"],
      ["Hidden*", "h"],
    ]);
  });

  test("values are taken as they are", async () => {
    const entry = await importSingle(
      entryXml({ Password: " &lt;&amp;&gt;&#xD;\n\t é́ 🔑 ", Notes: "<![CDATA[<b>]]>" }),
    );
    expect(fieldsOf(entry)).toEqual({ "password*": " <&>\r\n\t é́ 🔑 ", notes: "<b>" });
  });

  test("notes alone are a note; an entry with nothing is a login", async () => {
    expect((await importSingle(entryXml({ Title: "n", Notes: "text", Password: "" }))).type).toBe("note");
    const empty = await importSingle(entryXml({ Title: "" }));
    expect([empty.type, empty.title, empty.fields]).toEqual(["login", "", []]);
  });

  test("a passkey stays, its private key concealed", async () => {
    const entry = await importSingle(
      entryXml({
        KPEX_PASSKEY_USERNAME: "joe",
        KPEX_PASSKEY_PRIVATE_KEY_PEM: "-----BEGIN",
        KPEX_PASSKEY_RELYING_PARTY: "x.y",
      }),
    );
    expect(fieldsOf(entry)).toEqual({
      KPEX_PASSKEY_USERNAME: "joe",
      "KPEX_PASSKEY_PRIVATE_KEY_PEM*": "-----BEGIN",
      KPEX_PASSKEY_RELYING_PARTY: "x.y",
    });
  });

  test("what KeePass keeps beside the strings becomes fields", async () => {
    const autoType = `<AutoType><Enabled>False</Enabled><DefaultSequence>{PASSWORD}{ENTER}</DefaultSequence><Association><Window>Fire*</Window><KeystrokeSequence>{USERNAME}</KeystrokeSequence></Association></AutoType>`;
    const data = `<CustomData><Item><Key>plugin</Key><Value>v</Value></Item><Item><Key>_LAST_MODIFIED</Key><Value>x</Value></Item></CustomData>`;
    const more = `${autoType}${data}<OverrideURL>cmd://x</OverrideURL><QualityCheck>False</QualityCheck>`;
    expect(fieldsOf(await importSingle(entryXml({ Password: "p" }, more)))).toEqual({
      "password*": "p",
      "auto-type": "disabled\n{PASSWORD}{ENTER}\nFire*: {USERNAME}",
      "override-url": "cmd://x",
      "quality-check": "off",
      plugin: "v",
    });
  });
});

test("times and tags: of KDBX 3.1 and of KDBX 4", async () => {
  const iso = `<Tags>a;b, c;</Tags><Times><CreationTime>2020-02-29T12:00:00Z</CreationTime><Expires>True</Expires><ExpiryTime>2027-12-31T23:59:59Z</ExpiryTime></Times>`;
  const entry = await importSingle(entryXml({ Title: "x" }, iso));
  expect([entry.created, entry.expires, entry.tags]).toEqual([
    1_582_977_600_000,
    "2027-12-31",
    ["a", "b", "c"],
  ]);
  // Seconds since the year 1, as KeePassXC writes 2023-11-14T22:13:20Z.
  const binary = `<Times><CreationTime>AOjl3A4AAAA=</CreationTime><Expires>False</Expires><ExpiryTime>AOjl3A4AAAA=</ExpiryTime></Times>`;
  const other = await importSingle(entryXml({ Title: "x" }, binary));
  expect([other.created, other.expires]).toEqual([1_700_000_000_000, undefined]);
  const bad = `<Times><CreationTime>yesterday</CreationTime><Expires>True</Expires><ExpiryTime>0001-01-01T00:00:00Z</ExpiryTime></Times>`;
  const none = await importSingle(entryXml({ Title: "x" }, bad));
  expect([none.created, none.expires]).toEqual([undefined, undefined]);
});

test("earlier versions are earlier values: each once, oldest first, none that still holds", async () => {
  const version = (day: number, strings: Record<string, string>): string =>
    entryXml(
      strings,
      `<Times><LastModificationTime>2024-01-0${day}T00:00:00Z</LastModificationTime></Times>`,
    );
  const history = [
    // As a file may have them: the newest first.
    version(4, { Title: "new", Password: "c", Pin: "1", UserName: "joe" }),
    version(1, { Title: "old", Password: "a", Pin: "1", UserName: "joe" }),
    version(2, { Title: "old", Password: "a", Pin: "1", UserName: "joe" }),
    version(3, { Title: "new", Password: "b", Pin: "1", UserName: "joe" }),
  ].join("");
  const entry = await importSingle(
    entryXml({ Title: "new", Password: "b", UserName: "joe" }, `<History>${history}</History>`),
  );
  const day = (number: number): number => 1_704_067_200_000 + (number - 1) * 86_400_000;
  expect(
    entry.history.map(({ field, value, written }) => [field, value.text, value.concealed, written]),
  ).toEqual([
    ["Title", "old", false, day(1)],
    ["password", "a", true, day(1)],
    ["Pin", "1", true, day(1)],
    ["password", "b", true, day(3)],
    ["password", "c", true, day(4)],
  ]);
});

describe("groups", () => {
  const group = (number: number, name: string, content: string): string =>
    `<Group><UUID>${uuid(number)}</UUID><Name>${name}</Name>${content}</Group>`;
  const entry = (title: string, more = ""): string => entryXml({ Title: title }, more);
  const previous = (number: number): string => `<PreviousParentGroup>${uuid(number)}</PreviousParentGroup>`;

  test("are folders, the recycle bin is the trash, and tags of groups are of their entries", async () => {
    const bin = group(
      9,
      "Recycle Bin",
      `${entry("thrown")}${entry("from Web", previous(2))}${group(8, "Gone", `${previous(2)}${entry("inner")}`)}`,
    );
    const web = group(
      2,
      "Web",
      `<Tags>g</Tags>${entry("a/b", "<Tags>own</Tags>")}${group(3, "", entry("deep"))}`,
    );
    const xml = document(`${entry("top")}${web}${bin}`, `<RecycleBinUUID>${uuid(9)}</RecycleBinUUID>`);
    const { entries, skipped } = await importXml(xml);
    expect(entries.map(({ title, folders, trashed, tags }) => [title, folders, trashed, tags])).toEqual([
      ["top", [], false, []],
      ["a/b", ["Web"], false, ["g", "own"]],
      ["deep", ["Web", ""], false, ["g"]],
      ["thrown", [], true, []],
      ["from Web", ["Web"], true, []],
      ["inner", ["Web", "Gone"], true, []],
    ]);
    expect(skipped).toEqual([]);
  });

  test("what pm has no place for is said", async () => {
    const more = "<Notes>n</Notes><DefaultAutoTypeSequence>x</DefaultAutoTypeSequence>";
    const data = "<CustomData><Item><Key>KeeShare/Reference</Key><Value>secret</Value></Item></CustomData>";
    const look = "<IconID>3</IconID><ForegroundColor>#fff</ForegroundColor>";
    const file = `<Binary><Key>gone.txt</Key><Value Ref="7"/></Binary>`;
    const old = `<History>${entryXml({}, `<Binary><Key>old.txt</Key><Value>aGk=</Value></Binary>`)}</History>`;
    const xml = document(
      `${group(2, "Web", `${more}${data}`)}${entry("x", `${look}${file}${old}`)}`,
      `<DatabaseDescription>d</DatabaseDescription><CustomData><Item><Key>K</Key><Value>v</Value></Item></CustomData>`,
    );
    const { skipped } = await importXml(xml);
    expect(skipped.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "group Web: it is empty",
      "notes of group Web: a folder of pm has none",
      "auto-type of group Web: a folder of pm has none",
      "settings (KeeShare/Reference) of group Web: a folder of pm has none",
      "attachment gone.txt of x: the file does not hold it",
      "earlier attachment old.txt of x: pm keeps no earlier versions of attachments",
      "icons of 1 entry: pm shows none",
      "colours of 1 entry: pm shows none",
      "description of the database: a vault has none",
      "settings of the database: K: they are of the other program",
    ]);
  });
});

test("files of KDBX 3.1: in the pool, packed, and in place", async () => {
  const packed = "H4sIAAAAAAAAA8vIBACsKpPYAgAAAA==";
  const pool = `<Binaries><Binary ID="0">aGVsbG8=</Binary><Binary ID="1" Compressed="True">${packed}</Binary></Binaries>`;
  const files = `<Binary><Key>a</Key><Value Ref="0"/></Binary><Binary><Key>b</Key><Value Ref="1"/></Binary><Binary><Key>c</Key><Value>aW4gcGxhY2U=</Value></Binary>`;
  const { entries } = await importXml(document(entryXml({ Title: "x" }, files), pool));
  const texts = entries[0]?.attachments.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]);
  expect(texts).toEqual([
    ["a", "hello"],
    ["b", "hi"],
    ["c", "in place"],
  ]);
});
