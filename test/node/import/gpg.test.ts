/** What goes wrong with a store: each failure names the file, and nothing of the store is read in part. */
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasCode, PmError } from "../../../src/core/errors.ts";
import type { FolderHelp } from "../../../src/core/import/reader.ts";
import { gpgDecrypt } from "../../../src/node/import/gpg.ts";
import { MAX_STORED_BYTES } from "../../../src/node/import/pass-store.ts";
import { readEncryptedProton } from "../../../src/node/import/read-proton-pgp.ts";
import { readPassStore } from "../../../src/node/import/read-pass.ts";
import { utf8 } from "../../../src/core/bytes.ts";
import { fieldLines, readBytes } from "../../support/imported.ts";
import { bytesOf, data, item } from "../../support/proton-export.ts";
import { describeWith } from "../../support/describe-with.ts";
import { createGpgHome, type GpgHome } from "../../support/gpg-home.ts";

const SECRET = "s3cret-value";
/** Answers each line that gpg's agent sends: it has no terminal, or its user does not want to. */
const CANCELLING = `#!/bin/sh
echo OK
while read -r line; do
  case "$line" in
    GETPIN*) echo "ERR 83886179 canceled" ;;
    *) echo OK ;;
  esac
done
`;

describeWith(["gpg"], "a store that can't be opened", () => {
  let gpg: GpgHome;
  let stores = 0;

  beforeAll(() => {
    gpg = createGpgHome();
    gpg.makeKey("open@example.com", "");
    gpg.makeKey("locked@example.com", "correct horse");
    gpg.put(join(gpg.root, "sound.gpg"), SECRET, "open@example.com");
  });
  afterAll(() => gpg.remove());

  /** One with a few sound files before and after the one in question. */
  function storeWith(name: string, write: (path: string) => void): string {
    const store = join(gpg.root, `s${++stores}`);
    mkdirSync(store);
    for (const sound of ["a", "z"]) cpSync(join(gpg.root, "sound.gpg"), join(store, `${sound}.gpg`));
    write(join(store, name));
    return store;
  }

  async function refusalOf(store: string, help: FolderHelp = gpg.help): Promise<PmError> {
    const error: unknown = await readPassStore({ name: "store", path: store }, help).catch(
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof PmError)) throw new Error("was read");
    expect(`${error.message} ${error.hint}`).not.toContain(SECRET);
    return error;
  }

  test("without gpg: unavailable, with what to install", async () => {
    const store = storeWith("m.gpg", () => undefined);
    const error = await refusalOf(store, { ...gpg.help, env: { PATH: gpg.root } });
    expect([error.code, error.message, error.hint]).toEqual([
      "unavailable",
      "gpg was not found",
      "install GnuPG: apt install gnupg",
    ]);
  });

  test("without the secret key: auth", async () => {
    const other = createGpgHome();
    try {
      other.makeKey("other@example.com", "");
      const store = storeWith("work/m.gpg", (path) => other.put(path, SECRET, "other@example.com"));
      const error = await refusalOf(store);
      expect([error.code, error.message]).toEqual(["auth", 'no secret key here opens "work/m" in the store']);
    } finally {
      other.remove();
    }
  });

  test("whose passphrase nobody types: interrupted; typed in the agent, it opens", async () => {
    const store = storeWith("m.gpg", (path) => gpg.put(path, SECRET, "locked@example.com"));
    gpg.setPinentry(CANCELLING);
    expect(await refusalOf(store)).toMatchObject({
      code: "interrupted",
      message: '"m" in the store was not opened: cancelled',
    });
    gpg.setPinentry(CANCELLING.replace('"ERR 83886179 canceled"', '"D correct horse"; echo OK'));
    const { entries } = await readPassStore({ name: "store", path: store }, gpg.help);
    expect(entries.map(({ fields }) => fields[0]?.text)).toEqual([SECRET, SECRET, SECRET]);
  });

  test("where gpg's agent can't ask: locked", async () => {
    const store = storeWith("m.gpg", (path) => gpg.put(path, SECRET, "locked@example.com"));
    gpg.setPinentry("#!/bin/sh\nexit 1\n");
    expect(await refusalOf(store)).toMatchObject({ code: "locked" });
  });

  const DAMAGED: readonly (readonly [string, (path: string) => void])[] = [
    ["is empty", (path) => writeFileSync(path, "")],
    ["is no message", (path) => writeFileSync(path, "password\n")],
    [
      "is cut short",
      (path) => {
        gpg.put(path, randomBytes(10_000), "open@example.com");
        truncateSync(path, 600);
      },
    ],
  ];
  test.each(DAMAGED)("with a file that %s: usage", async (_, write) => {
    const error = await refusalOf(storeWith("m.gpg", write));
    expect([error.code, error.message]).toEqual([
      "usage",
      '"m" in the store is damaged, or no message of gpg',
    ]);
  });

  test("with a file that is too large: limit, before it is read", async () => {
    const store = storeWith("m.gpg", (path) => {
      writeFileSync(path, "");
      truncateSync(path, MAX_STORED_BYTES + 1);
    });
    expect(await refusalOf(store)).toMatchObject({
      code: "limit",
      message: '"m" in the store is over 64 MiB',
    });
  });

  test("with a small file of a large content: limit, and no more of it is kept", async () => {
    const path = join(gpg.root, "bomb.gpg");
    gpg.put(path, new Uint8Array(1_000_001), "open@example.com");
    const call = { ...gpg.help, what: '"m" in the store', limit: 1_000_000 };
    await expect(gpgDecrypt(readFileSync(path), call)).rejects.toMatchObject({
      code: "limit",
      message: 'with "m" in the store the import is over its limit',
    });
    expect(await gpgDecrypt(readFileSync(path), { ...call, limit: 1_000_001 })).toHaveLength(1_000_001);
  });

  test("whose import is interrupted: interrupted", async () => {
    const store = storeWith("m.gpg", () => undefined);
    const signal = AbortSignal.abort(new PmError("interrupted", "interrupted"));
    const call = readPassStore({ name: "store", path: store }, { ...gpg.help, signal });
    await expect(call).rejects.toSatisfy((error) => hasCode(error, "interrupted"));
  });

  test("a message of a password opens with it, and with no other", async () => {
    const how = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "right", "--s2k-count", "65536"];
    const message = gpg.run("gpg", [...how, "--symmetric", "--armor"], SECRET);
    const open = (passphrase: string) =>
      gpgDecrypt(message, {
        ...gpg.help,
        what: "the export",
        limit: 1000,
        passphrase: new TextEncoder().encode(passphrase),
      });
    expect(new TextDecoder().decode(await open("right"))).toBe(SECRET);
    await expect(open("wrong")).rejects.toMatchObject({
      code: "auth",
      message: "the password does not open the export",
    });
  });

  test("an export of Proton Pass with a password opens as one without", async () => {
    const how = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "right", "--s2k-count", "65536"];
    const content = bytesOf(data([item("login", { content: { password: SECRET } })]));
    const message = gpg.run("gpg", [...how, "--symmetric", "--armor"], content);
    const read = async (password: string) =>
      await readBytes(readEncryptedProton, message, { env: gpg.env, password: utf8(password) });
    expect(fieldLines((await read("right")).entries[0])).toEqual([`password (secret): ${SECRET}`]);
    await expect(read("wrong")).rejects.toMatchObject({ code: "auth" });
  });
});
