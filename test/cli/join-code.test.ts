/** What phones join a network with: every character as it is, and a scanner reads it from the screen. */
import { expect, test } from "vitest";
import { joinCode } from "../../src/cli/join-code.ts";
import { showQr } from "../../src/cli/qr-screen.ts";
import { createOut } from "../../src/cli/output.ts";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { describeWith } from "../support/describe-with.ts";
import { plain, secret } from "../support/entries.ts";
import { modulesOfText, scan } from "../support/qr-scanner.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";

const ENTRY = { path: "wifi/home" };

test.each([
  ["Attic", "airwaves", "WIFI:S:Attic;T:WPA;P:airwaves;;"],
  ['a;b,c:d"e\\f', "x\\;y", String.raw`WIFI:S:a\;b\,c\:d\"e\\f;T:WPA;P:x\\\;y;;`],
])("%s with %s is %s", (ssid, password, code) => {
  expect(joinCode(ENTRY, [plain("ssid", ssid), secret("password", password)])).toBe(code);
});

test("a network without a password is open", () => {
  expect(joinCode(ENTRY, [plain("ssid", "Cafe")])).toBe("WIFI:S:Cafe;T:nopass;;");
});

/** What a scanner reads from what `showQr` puts on a terminal. */
async function readFromScreen(text: string): Promise<string> {
  const screen = createTestIo({ random: seededRandom("qr"), ttys: new Set(["stdout"]) });
  const out = createOut(screen.io, { quiet: false, color: () => "never" });
  await showQr({ io: screen.io, out }, utf8(text));
  return scan(modulesOfText((fromUtf8(screen.stdout()) ?? "").trimEnd()));
}

describeWith(["zbarimg"], "a scanner", () => {
  test.each(["p4ss word~!;", String.raw`WIFI:S:Attic;T:WPA;P:x\\\;y;;`, "otpauth://totp/x?secret=ABCDEFGH"])(
    "reads %s",
    async (text) => {
      expect(await readFromScreen(text)).toBe(text);
    },
  );
});
