/** Exports of rows of several types: docs/import.md names where each is documented. Recognised, and read field by field. */
import { describe, expect, test } from "vitest";
import { readCsv, showImported } from "../../support/import-csv.ts";

const CASES: readonly (readonly [name: string, csv: string, ...entries: (readonly string[])[]])[] = [
  [
    "dashlane-csv",
    "username,username2,username3,title,password,note,url,category,otpUrl\nmara,m2,,A,pw,n,https://a.example,Work,otpauth://x\n",
    [
      "Work/A login",
      "username=mara",
      "username2=m2",
      "*password=pw",
      "notes=n",
      "*otp=otpauth://x",
      "url=https://a.example",
    ],
  ],
  [
    "dashlane-payments",
    "type,account_name,account_holder,cc_number,code,expiration_month,expiration_year,routing_number,account_number,country,issuing_bank\ncredit_card,Visa,Mara,4111,123,05,2030,,,AT,Bank\n",
    [
      "Visa card",
      "holder=Mara",
      "*number=4111",
      "*cvv=123",
      "country=AT",
      "issuing_bank=Bank",
      "expiry=05/2030",
    ],
  ],
  [
    "dashlane-ids",
    "type,number,name,issue_date,expiration_date,place_of_issue,state\npassport,P1,Mara M,2020-1-2,2030-1-2,Wien,\n",
    [
      "Mara M passport identity",
      "kind=passport",
      "number=P1",
      "name=Mara M",
      "issue_date=2020-1-2",
      "expiration_date=2030-1-2",
      "place_of_issue=Wien",
    ],
  ],
  [
    "dashlane-personal",
    "type,title,first_name,middle_name,last_name,login,email,item_name,phone_number\nname,MS,Mara,,M,mm,,,\n",
    ["Mara M identity", "kind=name", "title=MS", "first_name=Mara", "last_name=M", "login=mm"],
  ],
  ["dashlane-notes", "title,note\nN,text\n", ["N note", "*notes=text"]],
  [
    "nordpass-csv",
    "name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,pin,expirydate,zipcode,folder,full_name,phone_number,email,address1,address2,city,country,state,type,custom_fields\n" +
      'A,https://a.example,"[""https://b.example""]",mara,pw,n,,,,,,,Work,,,,,,,,,password,"[{""type"":""hidden"",""label"":""K"",""value"":""v""}]"\n' +
      "C,,,,,,Mara,4111,123,9999,05/30,1010,,,,,,,,,,credit_card,\n",
    [
      "Work/A login",
      "username=mara",
      "*password=pw",
      "notes=n",
      "url=https://a.example",
      "url2=https://b.example",
      "*K=v",
    ],
    ["C card", "holder=Mara", "*number=4111", "*cvv=123", "*pin=9999", "expiry=05/30", "zip=1010"],
  ],
  [
    "roboform-csv",
    "Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\n" +
      'A,https://a.example,https://a.example,mara,pw,n,/Work,"User ID$,,,txt,mara","K,id,,pwd,s3","TOTP KEY$,,,txt,AAAA"\n',
    [
      "Work/A login",
      "username=mara",
      "*password=pw",
      "notes=n",
      "url=https://a.example",
      "*K=s3",
      "*otp=AAAA",
    ],
  ],
  [
    "enpass-csv",
    "Title,Field,*Field,Note\n" +
      "Booking,Username,,E-mail,m@example.org,*Password,pw,Website,https://a.example,Website,https://b.example\n" +
      "MyNote,Some text\n" +
      "Visa,Cardholder,Mara,*Number,4111,*CVC,123,Expiry date,01/30,trailing\n",
    [
      "Booking login",
      "email=m@example.org",
      "*password=pw",
      "url=https://a.example",
      "url2=https://b.example",
    ],
    ["MyNote note", "*notes=Some text"],
    ["Visa card", "holder=Mara", "*number=4111", "*cvv=123", "expiry=01/30", "notes=trailing"],
  ],
  ["enpass-csv", 'A,Username,mara,*Password,"p,w"\n', ["A login", "username=mara", "*password=p,w"]],
  [
    "keeper-csv",
    "Work\\Web,A,mara,pw,https://a.example,n,,TFC:Keeper,otpauth://x,Pin,1234\n,N,,,,text,Shared\n",
    [
      "Work/Web/A login",
      "username=mara",
      "*password=pw",
      "url=https://a.example",
      "notes=n",
      "*otp=otpauth://x",
      "*Pin=1234",
    ],
    ["Shared/N note", "*notes=text"],
  ],
  [
    "buttercup-csv",
    "!group_id,!group_name,title,username,password,URL,note,id,extra\n1,General,A,mara,pw,https://a.example,n,e1,x\n",
    ["General/A login", "username=mara", "*password=pw", "notes=n", "extra=x", "url=https://a.example"],
  ],
  [
    "enpass-json",
    JSON.stringify({
      folders: [
        { uuid: "f", title: "Web", parent_uuid: "g" },
        { uuid: "g", title: "Work", parent_uuid: "" },
      ],
      items: [
        {
          title: "A",
          favorite: 1,
          note: "n",
          template_type: "login.default",
          folders: ["f"],
          createdAt: 1577934245,
          attachments: [{ name: "bad", data: "%%" }],
          fields: [
            { label: "Username", type: "username", value: "mara", sensitive: 0 },
            { label: "E-mail", type: "email", value: "m@example.org", sensitive: 0 },
            { label: "Password", type: "password", value: "pw", sensitive: 1 },
            { label: "Old password", type: "password", value: "pw0", sensitive: 1 },
            { label: "Website", type: "url", value: "https://a.example", sensitive: 0 },
            { label: "Gone", type: "text", value: "x", sensitive: 0, deleted: 1 },
          ],
        },
        {
          title: "C",
          template_type: "creditcard.default",
          fields: [{ label: "N", type: "ccNumber", value: "4111" }],
        },
      ],
    }),
    [
      "Work/Web/A login",
      "username=mara",
      "E-mail=m@example.org",
      "*password=pw",
      "*Old password=pw0",
      "url=https://a.example",
      "notes=n",
      "attachment bad=%%",
      "favourite",
      "2020-01-02T03:04:05.000Z",
    ],
    ["C card", "*number=4111"],
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
