// What a machine remembers of a vault, across a new root key.
import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { VaultSession } from "../../src/core/vault/session.ts";
import {
  codeOf,
  create,
  file,
  login,
  open,
  SECRET,
  store,
  useSessionHome,
  warnings,
} from "../support/session-home.ts";
import { copyAt, filesOf } from "../support/vault-content.ts";

useSessionHome();

const keyOf = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const machine = (n: number): { type: "machine"; secret: Uint8Array; label: string } => ({
  type: "machine",
  secret: keyOf(n),
  label: `machine ${n}`,
});
const by = (n: number): Promise<VaultSession> => open({ ...store(), credentials: { token: keyOf(n) } });
const PLAIN = { dryRun: false, strict: false };

beforeEach(async () => {
  await create();
  using session = await open();
  await session.edit([login("a")]);
  fs.copyFileSync(file("vault.pm"), file("old.pm"));
  fs.cpSync(file("state"), file("old state"), { recursive: true });
});

function putBackState(): void {
  fs.rmSync(file("state"), { recursive: true });
  fs.cpSync(file("old state"), file("state"), { recursive: true });
}

/** Reads and writes with a key; warns of nothing. */
async function requireWorks(n: number): Promise<void> {
  using session = await by(n);
  expect((await session.list({})).map(({ path }) => path)).toContain("a");
  await session.edit([login("later")]);
  await session.verify();
  expect(warnings).toEqual([]);
}

describe("after the root key was renewed", () => {
  test("the file from before it is a rollback", async () => {
    using session = await open();
    await session.rekey([machine(1)]);
    fs.copyFileSync(file("old.pm"), file("vault.pm"));
    using old = await open();
    expect(await codeOf(old.list({}))).toBe("rollback");
    using writing = await open();
    const files = filesOf();
    expect(await codeOf(writing.edit([login("b")]))).toBe("rollback");
    expect(filesOf()).toEqual(files);
  });

  test.each<[what: string, change: () => void]>([
    ["as it was before it, as where the process was killed in between", putBackState],
    ["gone", (): void => fs.rmSync(file("state"), { recursive: true })],
  ])("the vault opens where the state is %s", async (_what, lose) => {
    using session = await open();
    await session.rekey([machine(1)]);
    lose();
    await requireWorks(1);
  });

  test("on two machines, the merged vault opens where either was killed before it wrote its state", async () => {
    fs.copyFileSync(file("vault.pm"), file("there.pm"));
    using here = await open();
    using there = await open({ ...store("there.pm", "state there"), credentials: { token: SECRET.slice() } });
    await here.rekey([machine(1)]);
    await there.rekey([machine(2)]);
    fs.copyFileSync(file("vault.pm"), file("copy.pm"));
    fs.cpSync(file("state"), file("state here"), { recursive: true });
    fs.cpSync(file("state there"), file("state before"), { recursive: true });
    await here.merge({ ...copyAt("there.pm"), credentials: { token: keyOf(2) } }, PLAIN);
    await there.merge({ ...copyAt("copy.pm"), credentials: { token: keyOf(1) } }, PLAIN);
    for (const [to, from] of [
      ["state", "state here"],
      ["state there", "state before"],
    ] as const) {
      fs.rmSync(file(to), { recursive: true });
      fs.cpSync(file(from), file(to), { recursive: true });
    }
    for (const place of [store(), store("there.pm", "state there")]) {
      const opened = await Promise.allSettled(
        [1, 2].map((n) => open({ ...place, credentials: { token: keyOf(n) } })),
      );
      const sessions = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      expect(sessions).toHaveLength(1);
      for (const session of sessions) {
        expect((await session.list({})).map(({ path }) => path)).toEqual(["a"]);
        session[Symbol.dispose]();
      }
    }
  });

  test("twice, the vault opens with the state from before", async () => {
    using session = await open();
    await session.rekey([machine(1)]);
    await session.rekey([machine(2)]);
    putBackState();
    await requireWorks(2);
  });

  test("the session that renewed it goes on", async () => {
    using session = await open();
    await session.rekey([machine(1)]);
    await session.edit([login("b")]);
    await session.addSlot(machine(2));
    expect((await session.info()).slots.map(({ label, current }) => [label, current])).toEqual([
      ["machine 1", true],
      ["machine 2", false],
    ]);
    await requireWorks(2);
  });

  test("a session that had the vault open reads on, and can't write", async () => {
    using session = await open();
    using other = await open();
    await other.list({});
    await session.rekey([machine(1)]);
    const files = filesOf();
    const writes = [
      () => other.edit([login("b")]),
      () => other.undo(1),
      () => other.addSlot(machine(3)),
      () => other.rekey([machine(3)]),
    ];
    for (const write of writes) expect(await codeOf(write())).toBe("locked");
    expect(filesOf()).toEqual(files);
    expect((await other.list({})).map(({ path }) => path)).toEqual(["a"]);
  });
});

async function rekeyElsewhere(n: number): Promise<void> {
  fs.copyFileSync(file("old.pm"), file("other.pm"));
  using there = await open(store("other.pm", "other"));
  await there.rekey([machine(n)]);
}

describe("after a merge that brought another root key", () => {
  test("the vault opens where the state is as it was before it", async () => {
    await rekeyElsewhere(1);
    using session = await open();
    await session.merge({ ...copyAt("other.pm"), credentials: { token: keyOf(1) } }, PLAIN);
    putBackState();
    await requireWorks(1);
  });
});
