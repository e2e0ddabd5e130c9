import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { bytesSource, openBody, readHeader } from "../../src/core/vault/format.ts";
import { readWholeContent } from "../../src/core/vault/layout.ts";
import { nextVersion, sealVersion } from "../../src/core/vault/revision.ts";
import { rootKeyId } from "../../src/core/crypto/keys.ts";
import type { KeyChange } from "../../src/core/vault/root.ts";
import { VaultDraft } from "../../src/core/vault/draft.ts";
import type { NewSlot, VaultSession } from "../../src/core/vault/session.ts";
import { makeSlot } from "../../src/core/vault/slot-book.ts";
import { unwrapWith } from "../../src/node/vault-store.ts";
import { creation } from "../support/draft-builder.ts";
import { codeOf, create, file, open, SECRET, store, useSessionHome } from "../support/session-home.ts";
import { contentOf, copyAt, filesOf } from "../support/vault-content.ts";

useSessionHome();

const HERE = "vault.pm";
const THERE = "other.pm";
const THERE_BEFORE = "other before.pm";
const PLAIN = { dryRun: false, strict: false };

const keyOf = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const machine = (n: number): NewSlot => ({ type: "machine", secret: keyOf(n), label: `machine ${n}` });
const passwordSlot = (text: string): NewSlot => ({
  type: "password",
  password: utf8(text),
  profile: "constrained",
  label: text,
});

type Key = { readonly token: Uint8Array } | { readonly password: Uint8Array };
const withToken = (n: number): Key => ({ token: keyOf(n) });
const withPassword = (text: string): Key => ({ password: utf8(text) });

/** Opens a copy by a key; each copy has a state of its own. */
async function openBy(name: string, credentials: Key): Promise<VaultSession> {
  return await open({ ...store(name, `state of ${name}`), credentials });
}

async function opens(name: string, credentials: Key): Promise<string> {
  return await codeOf(
    openBy(name, credentials).then((session) => {
      session[Symbol.dispose]();
    }),
  );
}

async function paths(session: VaultSession): Promise<readonly string[]> {
  return (await session.list({})).map(({ path }) => path);
}

/** Gives both machines one file; each forgets what it knew of another one. */
function share(from: string, to: string): void {
  fs.copyFileSync(file(from), file(to));
  for (const name of [from, to]) fs.rmSync(file(`state of ${name}`), { recursive: true, force: true });
}

let here: VaultSession;
let there: VaultSession;

/** Both are opened by the machine key 7 of {@link SECRET}. */
beforeEach(async () => {
  await create();
  fs.copyFileSync(file(HERE), file(THERE));
  [here, there] = [
    await openBy(HERE, { token: SECRET.slice() }),
    await openBy(THERE, { token: SECRET.slice() }),
  ];
  await here.edit([creation("here")]);
  await there.edit([creation("there")]);
});

describe("of two copies with one root key", () => {
  test("every slot that either has opens the merged vault, but for those that one removed", async () => {
    await here.addSlot(machine(1));
    await there.addSlot(machine(2));
    const removed = await there.addSlot(machine(3));
    await here.merge(copyAt(THERE), PLAIN);
    await here.addSlot(machine(4));
    await there.removeSlot(removed.id);
    await here.merge(copyAt(THERE), PLAIN);
    expect(await Promise.all([2, 3, 4, 7].map((n) => opens(HERE, withToken(n))))).toEqual([
      "ok",
      "auth",
      "ok",
      "ok",
    ]);
    const { slots } = await here.info();
    expect(slots.map(({ label }) => label).toSorted()).toEqual(["ci", "machine 1", "machine 2", "machine 4"]);
  });

  test("both new passwords open the vault where both changed the one, and the old one does not", async () => {
    await here.addSlot(passwordSlot("old"));
    share(HERE, THERE);
    using one = await openBy(HERE, withPassword("old"));
    using two = await openBy(THERE, withPassword("old"));
    await one.changePassword(utf8("new here"), "constrained");
    await two.changePassword(utf8("new there"), "constrained");
    await one.merge(copyAt(THERE), PLAIN);
    const texts = ["old", "new here", "new there"];
    const codes = [];
    for (const text of texts) codes.push(await opens(HERE, withPassword(text)));
    expect(codes).toEqual(["auth", "ok", "ok"]);
  });

  test("more than four passwords are refused, and nothing is changed", async () => {
    for (const n of [1, 2, 3]) await here.addSlot(passwordSlot(`here ${n}`));
    for (const n of [1, 2]) await there.addSlot(passwordSlot(`there ${n}`));
    const files = filesOf();
    expect(await codeOf(here.merge(copyAt(THERE), PLAIN))).toBe("limit");
    expect(filesOf()).toEqual(files);
  });

  test("a merge that would leave no way in is refused, and nothing is changed", async () => {
    await here.addSlot(machine(1));
    const { slots } = await here.info();
    share(HERE, THERE);
    const [ci, added] = slots.map(({ id }) => id);
    using two = await openBy(THERE, withToken(1));
    await here.removeSlot(added ?? "");
    await two.removeSlot(ci ?? "");
    const files = filesOf();
    expect(await codeOf(here.merge(copyAt(THERE), PLAIN))).toBe("limit");
    expect(filesOf()).toEqual(files);
  });
});

describe("of two copies with different root keys", () => {
  test("the one that was renewed seals the merged vault, whichever is merged into the other", async () => {
    await here.addSlot(machine(1));
    await there.rekey([machine(2)]);
    const files = filesOf();
    expect(await codeOf(here.merge(copyAt(THERE), PLAIN))).toBe("locked");
    expect(await codeOf(here.merge({ ...copyAt(THERE), credentials: withToken(7) }, PLAIN))).toBe("auth");
    expect(filesOf()).toEqual(files);
    fs.copyFileSync(file(HERE), file("copy.pm"));
    const { report } = await here.merge({ ...copyAt(THERE), credentials: withToken(2) }, PLAIN);
    // That of the renewed vault was dropped by whoever renewed it, who knew it.
    expect(report.droppedSlots).toEqual(["machine 1"]);
    expect([await opens(HERE, withToken(7)), await opens(HERE, withToken(2))]).toEqual(["auth", "ok"]);
    expect(await paths(here)).toEqual(["here", "there"]);
    await here.edit([creation("later")]);
    await here.undo(1);

    expect(await codeOf(there.merge(copyAt("copy.pm"), PLAIN))).toBe("locked");
    await there.merge({ ...copyAt("copy.pm"), credentials: withToken(7) }, PLAIN);
    expect([await opens(THERE, withToken(7)), await opens(THERE, withToken(2))]).toEqual(["auth", "ok"]);
    expect(await contentOf(there)).toEqual(await contentOf(here));
    // From here on they have one key again.
    await there.merge(copyAt(HERE), PLAIN);
  });

  test("a copy from before two renewals is merged in", async () => {
    await there.rekey([machine(2)]);
    await there.rekey([machine(3)]);
    fs.copyFileSync(file(HERE), file("copy.pm"));
    await here.merge({ ...copyAt(THERE), credentials: withToken(3) }, PLAIN);
    await there.merge({ ...copyAt("copy.pm"), credentials: withToken(7) }, PLAIN);
    expect(await contentOf(there)).toEqual(await contentOf(here));
  });

  test("one is chosen where both were renewed, the same from either side", async () => {
    await here.rekey([machine(1)]);
    await there.rekey([machine(2)]);
    fs.copyFileSync(file(HERE), file("copy.pm"));
    fs.copyFileSync(file(THERE), file(THERE_BEFORE));
    await here.merge({ ...copyAt(THERE), credentials: withToken(2) }, PLAIN);
    await there.merge({ ...copyAt("copy.pm"), credentials: withToken(1) }, PLAIN);
    const codes = [];
    for (const name of [HERE, THERE]) {
      for (const n of [1, 2]) codes.push(await opens(name, withToken(n)));
    }
    expect([
      ["ok", "auth", "ok", "auth"],
      ["auth", "ok", "auth", "ok"],
    ]).toContainEqual(codes);
    expect(await contentOf(there)).toEqual(await contentOf(here));
    await there.merge(copyAt(HERE), PLAIN);
    // A copy that still has the other key brings its edits in, also after a further renewal.
    const [late, n] = codes[0] === "ok" ? [THERE_BEFORE, 2] : ["copy.pm", 1];
    await here.rekey([machine(3)]);
    await here.merge({ ...copyAt(late), credentials: withToken(n) }, PLAIN);
  });

  test.each<[what: string, epoch: number, history: (realId: string) => readonly KeyChange[]]>([
    ["that follows from none", 2, () => []],
    ["that names the real one", 2, (keyId) => [{ epoch: 1, keyId, mac: "00".repeat(32) }]],
    ["of the same epoch", 1, () => []],
  ])("a forged key %s is refused, and nothing is changed", async (_what, epoch, history) => {
    await forge(THERE, { epoch, history });
    const files = filesOf();
    const source = { ...copyAt(THERE), credentials: withToken(9) };
    expect(await codeOf(here.merge(source, PLAIN))).toBe("corrupt");
    expect(filesOf()).toEqual(files);
  });

  test("whose keys open no longer is told so, also where the other copy has merged it before", async () => {
    await here.rekey([machine(1)]);
    await there.rekey([machine(2)]);
    fs.copyFileSync(file(HERE), file("copy.pm"));
    await here.merge({ ...copyAt(THERE), credentials: withToken(2) }, PLAIN);
    const isHereKept = (await opens(HERE, withToken(1))) === "ok";
    if (!isHereKept) await there.merge({ ...copyAt("copy.pm"), credentials: withToken(1) }, PLAIN);
    const [name, n, kept, by] = isHereKept
      ? ([THERE, 2, HERE, 1] as const)
      : (["copy.pm", 1, THERE, 2] as const);
    using loser = await openBy(name, withToken(n));
    const { report } = await loser.merge({ ...copyAt(kept), credentials: withToken(by) }, PLAIN);
    expect(report.droppedSlots).toEqual([`machine ${n}`]);
    expect([await opens(name, withToken(n)), await opens(name, withToken(by))]).toEqual(["auth", "ok"]);
  });

  test("a forged key of an older epoch is refused, too", async () => {
    await forge(THERE, { epoch: 1, history: () => [] });
    await here.rekey([machine(1)]);
    const files = filesOf();
    expect(await codeOf(here.merge({ ...copyAt(THERE), credentials: withToken(9) }, PLAIN))).toBe("corrupt");
    expect(filesOf()).toEqual(files);
  });
});

/** Seals a copy that the machine key 7 opens under another root key, which the machine key 9 opens. */
async function forge(
  name: string,
  { epoch, history }: { epoch: number; history: (realId: string) => readonly KeyChange[] },
): Promise<void> {
  const tools = store(name);
  const { crypto, random } = tools;
  const bytes = new Uint8Array(fs.readFileSync(file(name)));
  const source = bytesSource(bytes);
  const header = readHeader(crypto, source);
  const { rootKey } = await unwrapWith(crypto, header, { token: SECRET.slice() });
  using body = openBody(crypto, source, { header, rootKey: rootKey.bytes });
  const draft = new VaultDraft(readWholeContent(body));
  const forged = keyOf(99);
  const vault = { kind: header.kind, vaultId: header.vaultId, rootKey: forged };
  const slot = await makeSlot({ crypto, random, profiles: tools.kdfProfiles }, vault, machine(9));
  const keyHistory = history(rootKeyId(crypto, rootKey.bytes));
  const current = { header, draft, hash: new Uint8Array(32), rootKey: rootKey.bytes };
  const next = nextVersion(tools, current, {
    replica: "9".repeat(16),
    by: "forge",
    change: () => ({ slots: [slot], renewal: { rootKey: forged, epoch, keyHistory } }),
  });
  fs.writeFileSync(file(name), sealVersion(tools, next).bytes);
}
