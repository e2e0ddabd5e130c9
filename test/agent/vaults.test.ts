/** What the agent does with the vaults that it holds open, and with what others do to them. */
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { agentClient, CALL, through, unlock } from "../support/agent-session.ts";
import { connect, placeIn } from "../support/agent.ts";
import {
  add,
  codeOf,
  create,
  file,
  homeDirectory,
  login,
  open,
  SECRET,
  useSessionHome,
} from "../support/session-home.ts";

useSessionHome();

const vault = (): string => file("vault.pm");
const LOCKED = { code: "locked", hint: "pm unlock" };

describe("an unlocked vault", () => {
  test("shows what other processes save, and saves on top of it", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    await add("by another");
    expect((await session.list({})).map(({ path }) => path)).toEqual(["by another"]);
    await session.edit([login("by the agent")]);
    await add("again");
    await session.edit([login("once more")]);
    using here = await open();
    expect((await here.list({})).map(({ path }) => path)).toEqual([
      "again",
      "by another",
      "by the agent",
      "once more",
    ]);
    expect((await here.log()).map(({ by }) => by)).toEqual(["test", "test", "test", "test"]);
  });

  test("serves many connections at the same time, each change once", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => connect(await placeIn(homeDirectory()))),
    );
    const all = [client, ...others].map((one) => through(one));
    await Promise.all(all.flatMap((one, n) => [one.edit([login(`entry ${n}`)]), one.list({}), one.verify()]));
    expect((await through(client).list({})).map(({ path }) => path)).toEqual(
      [0, 1, 2, 3, 4].map((n) => `entry ${n}`),
    );
  });

  test("is locked for all at once", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    const other = await connect(await placeIn(homeDirectory()));
    expect(await other.request({ kind: "lock" })).toEqual({ locked: 1 });
    await expect(through(client).list({})).rejects.toMatchObject(LOCKED);
    expect(await client.request({ kind: "state", vault: vault() })).toEqual({ state: "locked" });
  });

  test("is not locked in the middle of a save", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    const saved = through(client).edit([login("a")]);
    const other = await connect(await placeIn(homeDirectory()));
    const locked = other.request({ kind: "lock" });
    expect(await codeOf(saved)).toBe("ok");
    await locked;
    using here = await open();
    expect(await here.verify()).toMatchObject({ entries: 1 });
  });

  test("is locked when its root key was renewed elsewhere", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    using here = await open();
    await here.rekey([{ type: "machine", secret: SECRET, label: "new" }]);
    await expect(through(client).list({})).rejects.toMatchObject(LOCKED);
    expect(await client.request({ kind: "status" })).toMatchObject({ vaults: [] });
  });

  test("says that an older copy was put in its place, and not what stood in it", async () => {
    await create();
    copyFileSync(vault(), file("old.pm"));
    const client = await agentClient();
    await unlock(client);
    await through(client).edit([login("a")]);
    copyFileSync(file("old.pm"), vault());
    expect(await codeOf(through(client).list({}))).toBe("rollback");
    rmSync(vault());
    expect(await codeOf(through(client).list({}))).toBe("not-found");
  });

  test("stays as it is after a wrong key", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    const credentials = { token: new Uint8Array(32) };
    expect(await codeOf(client.request({ kind: "unlock", vault: vault(), credentials, limits: {} }))).toBe(
      "auth",
    );
    expect(await codeOf(through(client).list({}))).toBe("ok");
  });

  test("is found by other names of its file", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    symlinkSync(vault(), file("link.pm"));
    expect(await client.request({ kind: "state", vault: file("link.pm") })).toMatchObject({
      state: "unlocked",
    });
  });

  test("can be locked over links when its file is gone", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    for (const folder of ["links", "other"]) mkdirSync(file(folder));
    symlinkSync("../other", file("links/aside"));
    symlinkSync("aside/../vault.pm", file("links/vault.pm"));
    renameSync(vault(), file("gone.pm"));
    expect(await client.request({ kind: "lock", vault: file("links/vault.pm") })).toEqual({ locked: 1 });
  });

  test.each([{ only: [] }, { only: [""] }, { reads: 0 }, { lifeMs: 43_200_001 }, { idleMs: 0 }])(
    "can't have the limits %j",
    async (limits) => {
      await create();
      const client = await agentClient();
      expect(await codeOf(unlock(client, limits))).toBe("usage");
    },
  );
});

test("no method but those of a session is served", async () => {
  await create();
  const client = await agentClient();
  await unlock(client);
  for (const method of ["rekey", "constructor", "toString", "nothing"]) {
    const call = client.request({ kind: "call", vault: vault(), method, args: [], options: CALL });
    expect(await codeOf(call)).toBe("usage");
  }
});
