/** A vault with everything in it that an entry can have, so that an export has nowhere to hide a loss. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../../src/core/bytes.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import type { Field } from "../../src/core/vault/model.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { openVault } from "../../src/node/local-session.ts";
import { binary, plain, secret } from "./entries.ts";
import { createHome, type Home, openOptions } from "./home.ts";

type Create = Extract<Edit, { kind: "create" }>;

function entry(
  path: string,
  type: Create["type"],
  fields: readonly Field[],
  more: Partial<Create> = {},
): Create {
  return { kind: "create", path, type, fields, tags: [], meta: {}, existing: "refuse", ...more };
}

const DAY = 86_400_000;
const THEN = Date.UTC(2024, 1, 3, 4, 5, 6, 789);

const PUBLIC_LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHN1Y2ggYSBrZXkgaXMgbm9uZSBhdCBhbGwgISEh mara@host";
const KIND = "OPENSSH PRIVATE KEY";
const PRIVATE_KEY = `-----BEGIN ${KIND}-----\nAAAA\n-----END ${KIND}-----\n`;

const ENTRIES: readonly Create[] = [
  entry(
    "web/full",
    "login",
    [
      plain("username", 'mara "m"'),
      secret("password", "  hun,ter\t2 "),
      plain("url", "https://example.com/?a=b"),
      plain("url2", "https://example.org"),
      secret("otp", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"),
      plain("notes", 'first line\r\n"second", line\n'),
      plain("region", "=1+1"),
      secret("answer", "a name: no, é 😀"),
    ],
    {
      tags: ["work", "shared by two"],
      meta: { favourite: true, expires: "2031-01-02", recipe: "length=24" },
      created: THEN,
      history: [
        { field: "password", value: secret("", "first"), written: THEN },
        { field: "username", value: plain("", "old name"), written: THEN + DAY },
        { field: "password", value: secret("", "second"), written: THEN + 2 * DAY },
      ],
    },
  ),
  entry("bank/card", "card", [
    plain("holder", "Mara Doe"),
    plain("number", "4111111111111111"),
    plain("expiry", "03/2031"),
    secret("cvv", "123"),
    secret("pin", "0042"),
  ]),
  entry("bank/other card", "card", [plain("number", "4222"), plain("expiry", "3/31")]),
  entry("me", "identity", [
    plain("name", "Mara Anna van Doe"),
    plain("email", "mara@example.com"),
    plain("phone", "+1 555 0100"),
    plain("address", "Street 1\n12345 Town"),
  ]),
  entry("ssh/host", "ssh-key", [
    secret("private", PRIVATE_KEY),
    plain("public", PUBLIC_LINE),
    secret("passphrase", "open sesame"),
  ]),
  entry("ssh/half", "ssh-key", [secret("private", PRIVATE_KEY)]),
  entry("ci/api", "api-key", [secret("key", "AK"), secret("secret", "SK")]),
  entry("home/wifi", "wifi", [plain("ssid", "net"), secret("password", "wpa-key")]),
  entry("home/door", "custom", [secret("code", "1234")]),
  entry("home/text", "note", [plain("notes", "remember")]),
  entry("odd/bytes", "login", [secret("password", "x"), binary("blob", "/wD+")]),
  entry("odd/empty", "login", [secret("password", ""), plain("hint", "")]),
  entry("odd/shown", "login", [plain("password", "no secret"), secret("username", "hidden")]),
  entry("odd/gaps", "login", [
    secret("password", "x"),
    plain("url5", "https://a.example"),
    plain("url9", "b,c"),
  ]),
  entry("odd/files", "login", [secret("password", "x")], {
    attachments: [
      { name: "a file.bin", bytes: Uint8Array.of(0, 1, 255) },
      { name: "note.txt", bytes: utf8("text\n") },
    ],
  }),
  entry('odd/=name, "quoted"', "login", [
    secret("password", "a\u0000b"),
    plain("notes", "\u001b[31mred\u0001"),
    plain("a: b", "c"),
    secret("long", "x".repeat(70_000)),
  ]),
  entry("ci/guarded", "login", [secret("password", "for programs")], { meta: { useOnly: true } }),
  entry("old/gone", "login", [secret("password", "in the trash")], { tags: ["old"] }),
  entry("old/both", "login", [secret("password", "undecided"), plain("region", "x")]),
];

/** Two devices write to one field; the session sees both values from then on. */
async function divide(session: VaultSession, home: Home, id: string): Promise<void> {
  const path = join(home.directory, "other.pm");
  copyFileSync(home.vault, path);
  const change = (text: string): Edit => ({
    kind: "update",
    id,
    set: [secret("password", text)],
    unset: [],
    addTags: [],
    removeTags: [],
    meta: {},
  });
  using other = await openVault({ ...openOptions(home), path, stateDir: join(home.directory, "other") });
  await other.edit([change("there")]);
  await session.edit([change("here")]);
  await session.merge({ path }, { dryRun: false, strict: false });
}

/** A home whose vault has it all. */
export async function createRichHome(directory: string): Promise<Home> {
  const home = await createHome(directory);
  using session = await openVault(openOptions(home));
  const { ids } = await session.edit(ENTRIES);
  const idOf = (path: string): string => ids[ENTRIES.findIndex((one) => one.path === path)] ?? "";
  await session.edit([{ kind: "trash", id: idOf("old/gone") }]);
  await divide(session, home, idOf("old/both"));
  return home;
}
