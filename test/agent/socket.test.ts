import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connectAgent } from "../../src/agent/client.ts";
import { agentPlace, type AgentPlace } from "../../src/agent/place.ts";
import { connect, placeIn, startAgentHere, until } from "../support/agent.ts";
import { temporaryDirectory } from "../support/process.ts";
import { connectRaw, greetRaw, startFakeAgent } from "../support/raw-agent.ts";

const REFUSAL = {
  id: 0,
  error: { code: "usage", message: "the message is not one of the agent's protocol" },
};
const CANARY = "hunter2-canary";
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

const hello = (protocol = 1): string =>
  `${JSON.stringify({ id: 1, kind: "hello", protocol, pid: 1, nonce: "bm9uY2U=" })}\n`;

/** What is said to who looks for an agent there. */
async function messageOf(place: AgentPlace): Promise<string> {
  return await connectAgent(place).then(
    (client) => (client === undefined ? "none" : "connected"),
    (error: Error) => error.message,
  );
}

describe("whoever has not proved that they can read the token", () => {
  test.each<[what: string, text: string]>([
    ["garbage", `${CANARY}\u0000\u0001\n`],
    ["a request before the greeting", `{"id":1,"kind":"status"}\n`],
    ["a request before the proof", `${hello()}{"id":2,"kind":"status"}\n`],
    ["a wrong proof", `${hello()}{"id":2,"kind":"proof","proof":"${CANARY}"}\n`],
    ["a second greeting", hello() + hello()],
    ["a long line", CANARY.repeat(1000)],
  ])("is cut off after %s, with no echo", async (_what, text) => {
    const place = await startAgentHere(temporaryDirectory());
    const raw = await connectRaw(place.socket);
    raw.send(text);
    let last = await raw.next();
    if (text.startsWith(hello())) last = await raw.next();
    expect(last).toMatchObject(REFUSAL);
    expect(JSON.stringify(last)).not.toContain(CANARY);
    expect(await raw.next()).toBeUndefined();
  });
});

describe("a client that has proved itself", () => {
  test("is cut off in the middle of a line of 10 MiB", async () => {
    const place = await startAgentHere(temporaryDirectory());
    const raw = await connectRaw(place.socket);
    await greetRaw(raw, readFileSync(place.token));
    await raw.next();
    raw.send(`{"id":3,"kind":"state","vault":"${CANARY.repeat(750_000)}"}\n`);
    expect(await raw.next()).toMatchObject(REFUSAL);
  });

  test("may take its time in the middle of a line", async () => {
    const place = await startAgentHere(temporaryDirectory());
    const raw = await connectRaw(place.socket);
    await greetRaw(raw, readFileSync(place.token));
    await raw.next();
    raw.send(`{"id":3,"ki`);
    const other = await connect(place);
    expect(await other.request({ kind: "status" })).toMatchObject({ vaults: [] });
    raw.send(`nd":"status"}\n`);
    expect(await raw.next()).toMatchObject({ id: 3, ok: { pid: process.pid } });
  });

  test("gets an error for what does not exist, and goes on", async () => {
    const home = temporaryDirectory();
    const client = await connect(await startAgentHere(home));
    const vault = join(home, "none.pm");
    await expect(client.request({ kind: "state", vault })).rejects.toMatchObject({
      code: "not-found",
      hint: "pm init",
    });
    await expect(client.request({ kind: "claim", vault })).rejects.toMatchObject({ code: "not-found" });
    expect(await client.request({ kind: "lock", vault })).toEqual({ locked: 0 });
  });
});

describe("a client", () => {
  test("gives nothing of value to a socket that can't prove itself", async () => {
    const place = await placeIn(temporaryDirectory());
    const fake = await startFakeAgent(place, ({ id }) => ({
      id,
      ok: { protocol: 1, pid: 1, nonce: "AAAA", proof: "AAAA" },
    }));
    expect(await messageOf(place)).toBe(`what listens at ${place.socket} is not pm's agent, and is not used`);
    const sent = fake.received().trim().split("\n");
    expect(sent.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ kind: "hello" }),
      expect.objectContaining({ kind: "hello" }),
    ]);
  });

  test("asks an agent of another version to end, and then finds none", async () => {
    const place = await placeIn(temporaryDirectory());
    const fake = await startFakeAgent(place, ({ id, kind }) =>
      kind === "hello" ? { id, ok: { protocol: 2 } } : { id, ok: null, end: true },
    );
    expect(await messageOf(place)).toBe("none");
    expect(fake.received()).toContain('"kind":"quit"');
  });

  test("of another version makes the agent end", async () => {
    const place = await startAgentHere(temporaryDirectory());
    const raw = await connectRaw(place.socket);
    raw.send(hello(99));
    expect(await raw.next()).toEqual({ id: 1, ok: { protocol: 1 } });
    raw.send(`{"id":2,"kind":"quit","more":true}\n`);
    expect(await raw.next()).toEqual({ id: 2, ok: null });
    await until("the socket is gone", () => !existsSync(place.socket));
  });

  test.each<[what: string, spoil: (place: AgentPlace) => void, message: RegExp]>([
    [
      "a folder that is open to others",
      ({ directory }) => chmodSync(directory, 0o755),
      /is open to other users/,
    ],
    ["a token that is open to others", ({ token }) => chmodSync(token, 0o644), /is open to other users/],
    ["a link in the place of the token", ({ token }) => linkInPlace(token), /can't read .*token|none/],
    ["a file in the place of the socket", ({ socket }) => fileInPlace(socket), /is not a socket of yours/],
  ])("does not use %s", async (_what, spoil, message) => {
    const place = await startAgentHere(temporaryDirectory());
    spoil(place);
    expect(await messageOf(place)).toMatch(message);
    rmSync(place.socket, { force: true });
  });

  test.skipIf(!isRoot).each<[what: "directory" | "socket" | "token", message: RegExp]>([
    ["directory", /belongs to another user/],
    ["socket", /is not a socket of yours/],
    ["token", /is not a file of yours/],
  ])("does not use the %s of another user", async (what, message) => {
    const place = await startAgentHere(temporaryDirectory());
    chownSync(place[what], NOBODY, NOBODY);
    expect(await messageOf(place)).toMatch(message);
    rmSync(place.socket, { force: true });
  });
});

function linkInPlace(path: string): void {
  writeFileSync(`${path}-other`, new Uint8Array(32), { mode: 0o600 });
  rmSync(path);
  symlinkSync(`${path}-other`, path);
}

function fileInPlace(path: string): void {
  rmSync(path);
  writeFileSync(path, "");
}

describe("the socket", () => {
  test("and its token are the user's alone", async () => {
    const place = await startAgentHere(temporaryDirectory());
    const modes = [place.directory, place.socket, place.token].map((path) => lstatSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  test("that nobody listens on any more is replaced", async () => {
    const home = temporaryDirectory();
    const place = await placeIn(home);
    mkdirSync(place.directory, { mode: 0o700 });
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(`${place.socket}.dead`, resolve));
    renameSync(`${place.socket}.dead`, place.socket);
    await new Promise((resolve) => dead.close(resolve));
    expect(await messageOf(place)).toBe("none");
    expect(await messageOf(await startAgentHere(home))).toBe("connected");
  });

  test("of a running agent is left alone by a second one", async () => {
    const home = temporaryDirectory();
    const place = await startAgentHere(home);
    const { ino } = lstatSync(place.socket);
    await startAgentHere(home);
    expect(lstatSync(place.socket).ino).toBe(ino);
  });

  test("takes the agent with it when it vanishes", async () => {
    const place = await startAgentHere(temporaryDirectory());
    const client = await connect(place);
    rmSync(place.socket);
    await client.ended;
  });

  test("stands elsewhere where its path would be too long, or nowhere", async () => {
    const long = `/${"x".repeat(120)}`;
    const short = await agentPlace({ run: `${long}/run` }, { PM_HOME: long, XDG_RUNTIME_DIR: "/run/user/1" });
    expect(short.socket).toMatch(/^\/run\/user\/1\/pm\/[0-9a-f]{16}\.sock$/);
    await expect(agentPlace({ run: `${long}/run` }, { PM_HOME: long })).rejects.toMatchObject({
      code: "unavailable",
      hint: expect.stringContaining("XDG_RUNTIME_DIR") as string,
    });
  });
});
