/** A store that Debian's gopass has made: aviau/gopass, which keeps what pass does with code of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isGopassStore, isPassStore } from "../../../src/node/import/pass-store.ts";
import { readPassStore } from "../../../src/node/import/read-pass.ts";
import { describeWith } from "../../support/describe-with.ts";
import { createGpgHome, type GpgHome } from "../../support/gpg-home.ts";
import { fieldLines } from "../../support/imported.ts";
import { partPath } from "../../support/parts.ts";
import { startOnPty } from "../../support/pty.ts";

const BINARY = Uint8Array.from({ length: 300 }, (_, n) => n % 256);
const OTP = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP";

describeWith(["gpg", "git", "gopass"], "a store of Debian's gopass", () => {
  let gpg: GpgHome;
  let store: string;

  /** Its editor is "tee": the text of the secret is what it is given. */
  const gopass = (args: readonly string[], text: string | Uint8Array = ""): Buffer =>
    gpg.run("env", ["EDITOR=tee", `TMPDIR=${gpg.root}`, partPath("gopass"), ...args], text);

  beforeAll(() => {
    gpg = createGpgHome();
    store = join(gpg.root, ".password-store");
    gpg.makeKey("mara@example.com", "");
    writeFileSync(join(gpg.root, ".gitconfig"), "[user]\nname = Mara\nemail = mara@example.com\n");
    gopass(["init", "mara@example.com"]);
    // It makes no folders.
    for (const folder of ["work/dev", "ünï cödé"]) mkdirSync(join(store, folder), { recursive: true });
    gopass(["insert", "-m", "work/dev/github"], "p wörd \nlogin: mara\nURL: https://x.y\n\nfirst\n\nlast\n");
    gopass(["insert", "-m", "work/2fa"], `pw\n${OTP}\n`);
    gopass(["insert", "-m", "work/photo.jpg"], BINARY);
    gopass(["generate", "generated", "24"]);
    gopass(["insert", "-m", "first"], "before\n");
    gopass(["edit", "first"], "äfter\n");
    gopass(["mv", "first", "ünï cödé/moved"]);
    gopass(["cp", "work/2fa", "ünï cödé/copy"]);
  });
  afterAll(() => gpg.remove());

  test("arrives field by field", async () => {
    const terminal = startOnPty(partPath("gopass"), ["insert", "plain"], {
      home: gpg.root,
      env: { GNUPGHOME: gpg.env["GNUPGHOME"] ?? "" },
    });
    await terminal.see(/Enter password:/);
    terminal.type("s3cret ü\r");
    await terminal.see(/Enter confirmation:/);
    terminal.type("s3cret ü\r");
    expect(await terminal.exit()).toBe(0);

    expect([await isPassStore(store), await isGopassStore(store)]).toEqual([true, false]);
    const { entries, skipped } = await readPassStore({ name: "store", path: store }, gpg.help);
    expect(skipped).toEqual([]);
    const generated = gopass(["show", "generated"]).toString().replace(/\n$/, "");
    expect(generated).toHaveLength(24);
    expect(entries.map((entry) => [[...entry.folders, entry.title].join("/"), ...fieldLines(entry)])).toEqual(
      [
        ["generated", `password (secret): ${generated}`],
        ["plain", "password (secret): s3cret ü"],
        ["work/2fa", "password (secret): pw", `otp (secret): ${OTP}`],
        [
          "work/dev/github",
          "username: mara",
          "password (secret): p wörd ",
          "url: https://x.y",
          String.raw`notes: first\n\nlast`,
        ],
        ["work/photo.jpg"],
        ["ünï cödé/copy", "password (secret): pw", `otp (secret): ${OTP}`],
        ["ünï cödé/moved", "password (secret): äfter"],
      ],
    );
    expect(entries[4]?.attachments).toEqual([{ name: "photo.jpg", bytes: BINARY }]);
  });
});
