/** An agent that does not answer, and a client that does not read. */
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connectAgent } from "../../src/agent/client.ts";
import { connect, placeIn, startAgentHere } from "../support/agent.ts";
import { temporaryDirectory } from "../support/process.ts";
import { connectRaw, greetRaw } from "../support/raw-agent.ts";

const STATUS = `{"id":3,"kind":"status"}\n`;
const MANY = 200_000;

test("a client does not wait for ever for an agent that was stopped", async () => {
  const place = await placeIn(temporaryDirectory());
  mkdirSync(place.directory, { recursive: true, mode: 0o700 });
  const mask = process.umask(0o077);
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(place.socket, resolve));
  process.umask(mask);
  onTestFinished(() => void server.close());
  await expect(connectAgent(place, 20)).rejects.toMatchObject({
    code: "unavailable",
    message: `what listens at ${place.socket} does not answer`,
    hint: `rm ${place.socket}`,
  });
});

test("a client that reads no answers fills no memory, and keeps nobody from an answer", async () => {
  const place = await startAgentHere(temporaryDirectory());
  const raw = await connectRaw(place.socket);
  await greetRaw(raw, readFileSync(place.token));
  raw.send(STATUS.repeat(MANY));
  const other = await connect(place);
  for (let n = 0; n < 300; n++) await other.request({ kind: "status" });
  expect(raw.socket.writableLength).toBeGreaterThan(0);
});

test("an agent that can't write its token says why it does not start", async () => {
  const home = temporaryDirectory();
  const { directory, token } = await placeIn(home);
  mkdirSync(token, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  await expect(startAgentHere(home)).rejects.toMatchObject({
    code: "unavailable",
    message: `can't write ${token}: it is a directory`,
  });
});

test("an agent whose token is gone ends, for nobody could lock it any longer", async () => {
  const place = await startAgentHere(temporaryDirectory());
  const client = await connect(place);
  rmSync(place.token);
  await client.ended;
});
