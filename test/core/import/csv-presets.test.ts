/** Exports by their header: docs/import.md names where each is documented. Recognised, and read field by field. */
import { describe, expect, test } from "vitest";
import { readCsv, showImported } from "../../support/import-csv.ts";

const CASES: readonly (readonly [name: string, csv: string, ...entries: (readonly string[])[]])[] = [
  [
    "chrome-csv",
    'name,url,username,password,note\nexample.org,https://example.org/,mara,"a,""b""",hi\n',
    ["example.org login", "username=mara", '*password=a,"b"', "notes=hi", "url=https://example.org/"],
  ],
  [
    "chrome-csv",
    "name,url,username,password\r\nApp,android://hash@com.example/,mara,pw\r\n",
    ["App login", "username=mara", "*password=pw", "url=android://hash@com.example/"],
  ],
  [
    "firefox-csv",
    '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed","timePasswordChanged"\n' +
      '"https://example.org","mara","pw","Intranet","","{1b2}","1577934245000","1600000000000","1600000000000"\n',
    [
      " login",
      "username=mara",
      "*password=pw",
      "http realm=Intranet",
      "url=https://example.org",
      "2020-01-02T03:04:05.000Z",
    ],
  ],
  [
    "safari-csv",
    'Title,URL,Username,Password,Notes,OTPAuth\nExample (mara),https://example.org/,mara,pw,"n",otpauth://totp/x?secret=AA\n',
    [
      "Example (mara) login",
      "username=mara",
      "*password=pw",
      "notes=n",
      "*otp=otpauth://totp/x?secret=AA",
      "url=https://example.org/",
    ],
  ],
  [
    "1password-csv",
    'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nA,https://a.example,mara,pw,,true,false,"work;home",n\nB,,,x,,false,true,,\n',
    [
      "A login",
      "username=mara",
      "*password=pw",
      "notes=n",
      "url=https://a.example",
      "#work",
      "#home",
      "favourite",
    ],
    ["B login", "*password=x", "#archived"],
  ],
  [
    "lastpass-csv",
    "url,username,password,totp,extra,name,grouping,fav\n" +
      "https://a.example,mara,pw,AAAA,line,A,Work\\Web,1\n" +
      'http://sn,,,,"plain, note",N,,0\n' +
      'http://sn,,,,"NoteType:Credit Card\nLanguage:en-US\nName on Card:Mara\nType:Visa\nNumber:4111\nSecurity Code:123\nStart Date:,\nExpiration Date:May,2030\nNotes:one\ntwo: three",C,Cards,0\n' +
      'http://sn,,,,"NoteType:SSH Key\nLanguage:en-US\nBit Strength:4096\nPassphrase:pp\nPrivate Key:-----BEGIN\nxyz\n-----END\nPublic Key:ssh-rsa A\nNotes:",K,,0\n',
    [
      "Work/Web/A login",
      "username=mara",
      "*password=pw",
      "*otp=AAAA",
      "notes=line",
      "url=https://a.example",
      "favourite",
    ],
    ["N note", "*notes=plain, note"],
    [
      "Cards/C card",
      "note type=Credit Card",
      "holder=Mara",
      "Type=Visa",
      "*number=4111",
      "*cvv=123",
      "Start Date=,",
      "expiry=May,2030",
      "notes=one\ntwo: three",
    ],
    [
      "K ssh-key",
      "note type=SSH Key",
      "Bit Strength=4096",
      "*passphrase=pp",
      "*private=-----BEGIN\nxyz\n-----END",
      "public=ssh-rsa A",
    ],
  ],
  [
    "bitwarden-csv",
    "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n" +
      'Work/Web,1,login,A,,"PIN: 1\nno name",1,"https://a.example/?q=1,2,https://b.example",mara,pw,AAAA\n' +
      ",,note,N,text,,0,,,,\n",
    [
      "Work/Web/A login",
      "username=mara",
      "*password=pw",
      "*otp=AAAA",
      "url=https://a.example/?q=1,2",
      "url2=https://b.example",
      "*PIN=1",
      "field=no name",
      "#reprompt",
      "favourite",
    ],
    ["N note", "*notes=text"],
  ],
  [
    "keepassxc-csv",
    '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"\n"Root/Web","A","mara","pw","https://a.example","n","otpauth://x","0","2024-01-01T00:00:00Z","2020-01-02T03:04:05Z"\n',
    [
      "Web/A login",
      "username=mara",
      "*password=pw",
      "notes=n",
      "*otp=otpauth://x",
      "url=https://a.example",
      "2020-01-02T03:04:05.000Z",
    ],
  ],
  [
    "proton-csv",
    "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\nlogin,A,https://a.example,m@example.org,mara,pw,n,AAAA,1577934245,1600000000,Personal\n",
    [
      "Personal/A login",
      "email=m@example.org",
      "username=mara",
      "*password=pw",
      "notes=n",
      "*otp=AAAA",
      "url=https://a.example",
      "2020-01-02T03:04:05.000Z",
    ],
  ],
  [
    "csv",
    "Account;Login;Secret;Website;Shoe size\nA;mara;pw;a.example;42\n",
    ["A login", "username=mara", "*password=pw", "Shoe size=42", "url=a.example"],
  ],
];

describe("a header is recognised, and its rows are read", () => {
  const cases = CASES.map(([name, csv, ...entries]) => ({ name, csv, entries }));
  test.each(cases)("$name", async ({ name, csv, entries }) => {
    const found = await readCsv(csv);
    expect(found.name).toBe(name);
    expect(found.imported.entries.map(showImported)).toEqual(entries);
  });
});

test("the line of a quote is that in which it was opened, whatever stands before it", async () => {
  const head = "name,url,username,password\n";
  await expect(readCsv(`${head}"a\nb",,,x\nc,,,"x\nd,,,y\n`)).rejects.toThrow(
    "line 4 of export.csv has a quote",
  );
  await expect(readCsv(`${head}a,,,"x"y\n`)).rejects.toThrow("line 2 of export.csv has a quote");
});
