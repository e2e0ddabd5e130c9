/** The log of what the agent gave out. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { agentClient, through, unlock } from "../support/agent-session.ts";
import { add, create, file, login, open, useSessionHome } from "../support/session-home.ts";

useSessionHome();

describe("the access log", () => {
  test("has what was given out, and no value of it, and no clear text", async () => {
    await create();
    await add("web/secret place");
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    const [row] = await session.list({});
    await session.entry(row?.id ?? "", "use");
    await session.edit([login("b")]);
    const lines = await session.accessLog();
    expect(lines.map(({ command, purpose, path }) => [command, purpose, path])).toEqual([
      ["test", "edit", undefined],
      ["test", "use", "web/secret place"],
      ["unlock", "unlock", undefined],
    ]);
    expect(lines[0]).toMatchObject({ pid: process.pid, at: expect.any(Number) as number });
    expect(await session.accessLog(1)).toHaveLength(1);
    using here = await open();
    expect(await here.accessLog()).toEqual(lines);
    const name = readdirSync(file("state")).find((one) => one.startsWith("access-")) ?? "";
    expect(readFileSync(file(`state/${name}`), "latin1")).not.toMatch(/secret place|unlock/);
  });

  test("has one line for a call that looks for the secrets of all entries", async () => {
    await create();
    await add("web/a");
    await add("web/b");
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    for (const { id } of await session.list({})) await session.entry(id, "search");
    expect((await session.accessLog()).map(({ purpose, path }) => [purpose, path])).toEqual([
      ["search", undefined],
      ["unlock", undefined],
    ]);
  });

  test.skipIf(process.platform === "win32")("is not waited for where it is no file", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    await session.accessLog();
    const name = readdirSync(file("state")).find((one) => one.startsWith("access-")) ?? "";
    rmSync(file(`state/${name}`));
    execFileSync("mkfifo", [file(`state/${name}`)]);
    await session.edit([login("a")]);
    expect(await session.accessLog()).toMatchObject([{ purpose: "edit" }]);
  });

  test("is written before the key is forgotten", async () => {
    await create();
    const client = await agentClient();
    await unlock(client);
    await client.request({ kind: "lock" });
    using here = await open();
    expect(await here.accessLog()).toMatchObject([{ purpose: "unlock" }]);
  });
});
