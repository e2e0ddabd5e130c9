/** A person waits for an audit at a real terminal. */
import { expect, test } from "vitest";
import { onScreen } from "../node/fixtures/pty.ts";
import { createHome, openHome, PASSWORD } from "../support/home.ts";
import { PM, pmEnvironment } from "../support/process.ts";

test.skipIf(process.platform === "win32")("audit says how far it is, and Ctrl-C ends it there", async () => {
  const home = await createHome();
  {
    using session = await openHome(home);
    // Long ones, of which each takes zxcvbn a while.
    const text = (at: number): string => `${"größe 4@sun$hine ".repeat(5)}${at}`;
    await session.edit(
      Array.from({ length: 200 }, (_, at) => ({
        kind: "create",
        path: `web/${at}`,
        type: "login",
        tags: [],
        meta: {},
        existing: "refuse",
        fields: [{ name: "password", text: text(at), encoding: "utf8", concealed: true } as const],
      })),
    );
  }
  const script = `trap : INT; "$NODE" "$PM" audit --min-score 4; echo "exit $?"`;
  const env = { ...pmEnvironment({ home: home.directory }), NODE: process.execPath, PM };
  const shell = onScreen(["bash", "-c", script], env);
  await shell.see("Master password: ");
  shell.type(`${PASSWORD}\r`);
  await shell.see("judging the passwords, ");
  await shell.see(" of 200");
  shell.type("\u0003");
  await shell.see("exit 130");
  expect(await shell.end()).toBe(0);
  expect(shell.text()).not.toContain("findings");
});
