/** Every example of a command's help, run by bash as it is printed. */
import { describe, expect, test } from "vitest";
import { ROWS } from "../src/cli/registry.ts";
import { bash, byMachineKey, inCopy, useExampleVault } from "./support/example-vault.ts";

const EXAMPLES = (
  await Promise.all(
    ROWS.map(async ({ name, load }) => (await load()).examples.map(({ command }) => ({ name, command }))),
  )
).flat();

const CSV = "printf 'Name,Pass,username\\nexample.org,x,mara\\n' > list.csv";
const CHROME =
  "printf 'name,url,username,password,note\\nexample.org,https://example.org,mara,x,\\n' > passwords.csv";

/** What an example takes for granted, where the vault of all of them does not have it so. */
const BEFORE: Readonly<Record<string, string>> = {
  "pm agent status": "pm agent start",
  "pm agent status --json": "pm agent start",
  "pm undo": "pm rm -y web/bank",
  "pm undo -n 2 -y": "pm rm -y web/bank; pm rm -y web/login",
  "pm init --password-file master.txt": "rm vault.pm*",
  "pm init --password-fd 3 --token-file recovery.txt 3< master.txt": "rm vault.pm*",
  "printf '%s\\n' \"$TOKEN\" | pm add ci/deploy -t api-key": "pm rm -y ci/deploy",
  "pm add web/github -u mara --url https://github.com -g": "pm rm -y web/github",
  "pm add ssh/host -t ssh-key private=@id_ed25519 public=@id_ed25519.pub": "pm rm -y ssh/host",
  "pm get web/github --rev -1": "printf two | pm set web/github password=-",
  "pm rotate web/bank --with ./set-password --resume":
    "printf '#!/bin/sh\n' >set-password; chmod +x set-password; ! pm rotate web/bank --with 'sh -c \"exit 130\"'",
  "pm rotate web/bank --abort": "! pm rotate web/bank --with 'sh -c \"exit 130\"'",
  "pm trash restore web/github": "pm rm -y web/github",
  "pm key add machine --label ci --token-file ci.key": "rm ci.key",
  "pm bundle make --only 'ci/*' --fields key -o ci.pm --token-file ci.key": "rm ci.key",
  "pm bundle refresh --all": "pm bundle --only 'ci/*' -o ci.pm",
  "pm bundle refresh ci --expires 90d": "pm bundle --only 'ci/*' -o ci.pm",
  "pm bundle rm ci -y": "pm bundle --only 'ci/*' -o ci.pm",
  "pm import passwords.csv --dry-run": CHROME,
  "pm import passwords.csv": CHROME,
  "pm import csv list.csv --map 'title=Name,password=Pass'": CSV,
  "pm init --from passwords.csv": `${CHROME}; rm vault.pm*`,
  "pm attach get ssh/host id_ed25519.pub -o host.pub": "pm attach add ssh/host id_ed25519.pub",
  "pm attach get ssh/host id_ed25519.pub | wc -c": "pm attach add ssh/host id_ed25519.pub",
  "pm attach rm ssh/host id_ed25519.pub": "pm attach add ssh/host id_ed25519.pub",
  "pm ssh-agent -- ssh-add -l":
    "ssh-keygen -q -t ed25519 -N '' -f new; pm add ssh/new -t ssh-key private=@new",
};

/** What can't end with 0 without a person. */
const EXITS: Readonly<Record<string, number>> = {
  "pm init": 7,
  "pm get wifi/home --qr": 12,
  'pm get "$(pm pick)"': 2,
  'pm show "$(pm pick --type card)"': 2,
  "pm pick mail work --id": 12,
  "pm passwd": 4,
  "pm rekey": 4,
  "pm rekey --no-machine --kit kit.html": 4,
  // The vault of the examples has the cheapest key derivation there is.
  "pm doctor": 11,
  "pm doctor --deep --json": 11,
  "pm doctor --fix": 11,
  // The values of the examples are easy to guess.
  "pm audit": 11,
  "pm audit web --only weak,reused": 11,
  "pm audit --json --old 730": 11,
  "pm key rm 3fa9c1": 3,
  // None of its fields holds several values.
  "pm resolve web/shared": 3,
  "pm resolve web/shared password --pick 2": 3,
  "pm key combine": 5,
  // There is no repository.
  "pm ssh-agent --only 'work/**' -- git push": 128,
  "cp vault.pm.bak vault.pm && pm restore --accept-rollback": 4,
};

/** What nobody would type with the agent turned off. */
const ABOUT_AGENT = /^pm (?:unlock|lock|agent)\b/;
/** What is about the password that opened the vault. */
const BY_PASSWORD = ["pm passwd --upgrade-kdf --kdf strong"];

useExampleVault();

describe.skipIf(process.platform === "win32")("examples", () => {
  test.concurrent.each(EXAMPLES)("$name: $command", async ({ command }) => {
    await inCopy(async (home) => {
      const needsAgent = ABOUT_AGENT.test(command);
      const key = {
        ...(BY_PASSWORD.includes(command) ? {} : byMachineKey()),
        ...(needsAgent ? { PM_AGENT: "on" } : {}),
      };
      const before = BEFORE[command];
      if (before !== undefined) expect(await bash(home, before, key)).toMatchObject({ exit: 0 });
      const { exit, output } = await bash(home, command, key);
      if (needsAgent) await bash(home, "pm agent stop");
      expect({ exit, output }).toEqual({ exit: EXITS[command] ?? 0, output });
    });
  });
});
