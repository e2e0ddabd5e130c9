/** A reader in another language, written from docs/format.md alone, finds in a vault what pm put there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Attachment } from "../../src/core/vault/model.ts";
import { describeWith } from "../support/describe-with.ts";
import { callHere, createHome, type Home, PASSWORD } from "../support/home.ts";
import { temporaryDirectory } from "../support/process.ts";
import {
  python,
  PYTHON_TESTS,
  type ReadEntry,
  readVault,
  readWith,
  type Value,
} from "../support/python-reader.ts";

/** What `pm show --json --reveal --all` prints, as far as both say it. */
interface ShownValue {
  readonly value: string;
  readonly encoding?: "base64";
  readonly concealed: boolean;
}

/** Each call with its standard input, where it has any. */
const CALLS: readonly (readonly [argv: readonly string[], input?: string | Uint8Array])[] = [
  [
    [
      "add",
      "web/github",
      "-u",
      "mara",
      "--url",
      "https://github.com",
      "--tag",
      "dev,b",
      "--expires",
      "2031-02-28",
    ],
    "first",
  ],
  [["set", "web/github", "password=-", "--fav"], "second\n\n"],
  [["gen", "web/github", "-w", "5", "--cap"]],
  [["set", "web/github", "otp=-", "answer:secret=@binary"], "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"],
  [["unset", "web/github", "otp"]],
  [["attach", "add", "web/github", "binary"]],
  [["attach", "add", "web/github", "-", "--name", "Größe.bin"], new Uint8Array(1_048_577).fill(7)],
  [["set", "web/github", "username=someone else", "--tag", "-b,+c"]],
  [
    ["add", "Grüße/日本語 🔑", "-t", "note"],
    "first line\n\tsecond\r\n\u0000\u001b[31m \u{1f469}\u200d\u{1f467}",
  ],
  [["add", "binary", "--keep-newline"], Uint8Array.from({ length: 256 }, (_, i) => i)],
  [["add", "largest", "-t", "custom"], new Uint8Array(262_144).fill(0x7a)],
  [["add", "card", "-t", "card", "holder=Mara Lind", "expiry=2031-01", "number=-"], "4111111111111111"],
  [["add", "me", "-t", "identity", "name=Mara Lind", "email=m@example.com", "--no-secret"]],
  [["add", "ssh", "-t", "ssh-key"], "-----BEGIN KEY-----\nabc\n-----END KEY-----\n"],
  [["add", "api", "-t", "api-key"], "k-123"],
  [["add", "home", "-t", "wifi", "ssid=Attic"], "wpa"],
  [["add", "trashed"], "in the trash"],
  [["rm", "trashed", "-y"]],
  [["add", "erased"], "gone for ever"],
  [["rm", "erased", "-y", "--purge"]],
  [["cp", "web/github", "web/copy"]],
  [["mv", "web/copy", "web/moved"]],
];

/** In a home with every kind of slot that the command line makes, the files of the keys by the reader's options. */
async function everything(directory: string): Promise<{ home: Home; keys: Record<string, string> }> {
  const home = await createHome(directory);
  const key = (name: string) => join(home.directory, name);
  writeFileSync(key("binary"), Uint8Array.of(0, 255, 128, 10));
  for (const [argv, input] of CALLS) {
    const { exit, stderr } = await home.pm(argv, { input: input ?? "" });
    expect({ argv, exit, stderr }).toEqual({ argv, exit: 0, stderr: "" });
  }
  await callHere(["key", "add", "keyfile", key("keyfile"), "--label", "Schlüssel"], home.directory);
  await callHere(["key", "add", "recovery", "--token-file", key("recovery")], home.directory);
  writeFileSync(key("password"), `${PASSWORD}\n`);
  writeFileSync(key("token"), home.token);
  return {
    home,
    keys: {
      "--password-file": key("password"),
      "--key-file": key("keyfile"),
      "--recovery-file": key("recovery"),
      "--token-file": key("token"),
    },
  };
}

function asRead({ value, encoding, concealed }: ShownValue): Value {
  return encoding === "base64" ? { base64: value, concealed } : { text: value, concealed };
}

function withoutTime({ field, text, base64, concealed }: ReadEntry["history"][number]): unknown {
  return { field, concealed, ...(text === undefined ? { base64 } : { text }) };
}

/** An entry as `pm show` has it, in the reader's words: history oldest first, tags in any order. */
async function shownAsRead(home: Home, id: string): Promise<unknown> {
  const { stdout } = await home.pm(["show", `id:${id}`, "--json", "--reveal", "--all"]);
  const shown = JSON.parse(stdout.toString());
  const { path, type, trashed, tags, expires, favourite, useOnly, recipe, conflicts, fields, history } =
    shown;
  const attachments = shown.attachments.map(({ name, size, sha256 }: Attachment) => [name, [size, sha256]]);
  const values = fields.map((field: ShownValue & { name: string }) => [field.name, asRead(field)]);
  return {
    id,
    path,
    type,
    trashed,
    erased: false,
    attachments: Object.fromEntries(attachments),
    tags: tags.toSorted(),
    expires,
    favourite,
    useOnly,
    recipe,
    concurrent: conflicts,
    fields: Object.fromEntries(values),
    history: history
      .map((item: ShownValue & { field: string }) => ({ field: item.field, ...asRead(item) }))
      .toReversed(),
  };
}

describeWith(["python3"], "the Python reader", () => {
  let world: Awaited<ReturnType<typeof everything>>;
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), "pm-python-"));
    world = await everything(directory);
    return () => rmSync(directory, { recursive: true });
  });

  test("reads every entry as pm shows it", { timeout: 60_000 }, async () => {
    const { home, keys } = world;
    const { entries } = await readVault(home, ["--token-file", keys["--token-file"] ?? ""]);
    expect(entries.filter(({ erased }) => erased)).toMatchObject([{ path: "", fields: {}, history: [] }]);
    const whole = entries.filter(({ erased }) => !erased);
    expect(whole.map(({ path }) => path)).toHaveLength(11);
    expect(whole.find(({ path }) => path === "web/github")?.history.length).toBeGreaterThanOrEqual(4);
    for (const entry of whole) {
      const { history, tags, ...rest } = entry;
      expect({ ...rest, tags: tags.toSorted(), history: history.map(withoutTime) }).toEqual(
        await shownAsRead(home, entry.id),
      );
    }
  });

  test.each(["--password-file", "--key-file", "--recovery-file", "--token-file"])(
    "opens the vault with %s",
    { timeout: 60_000 },
    async (option) => {
      const { home, keys } = world;
      const { slots } = await readVault(home, [option, keys[option] ?? ""]);
      expect(slots.map(({ type }) => type)).toEqual([1, 5, 2, 4]);
      expect(slots.filter(({ opened }) => opened)).toHaveLength(1);
      expect(slots[2]?.label).toBe("Schlüssel");
    },
  );

  test("refuses a wrong password and a flipped bit", { timeout: 60_000 }, async () => {
    const { home, keys } = world;
    const file = join(home.directory, "wrong");
    writeFileSync(file, "wrong\n");
    const wrong = await readWith(home, ["--password-file", file]);
    expect([wrong.exit, wrong.stdout.length]).toEqual([1, 0]);
    expect(wrong.stderr).toContain("auth");
    const bytes = readFileSync(home.vault);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(`${home.vault}.bad`, bytes);
    const bad = { ...home, vault: `${home.vault}.bad` };
    const damaged = await readWith(bad, ["--token-file", keys["--token-file"] ?? ""]);
    expect([damaged.exit, damaged.stdout.length]).toEqual([1, 0]);
    expect(damaged.stderr).toContain("body-corrupt");
  });

  test("passes its own tests", { timeout: 120_000 }, async () => {
    const run = await python(["-m", "unittest", "discover", "-s", PYTHON_TESTS], temporaryDirectory());
    expect(run.stderr).toMatch(/\nOK\n$/);
    expect(run.exit).toBe(0);
  });
});
