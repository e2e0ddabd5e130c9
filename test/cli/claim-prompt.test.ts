/** Waiting until somebody else has typed the password. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimPrompt } from "../../src/cli/agent-call.ts";
import { connect, startAgentHere, until } from "../support/agent.ts";
import { temporaryDirectory } from "../support/process.ts";

test("who waits for another prompt is told so, and asks where that is given up", async () => {
  const home = temporaryDirectory();
  const vault = join(home, "vault.pm");
  writeFileSync(vault, "", { mode: 0o600 });
  const place = await startAgentHere(home);
  const notes: string[] = [];
  const out = { note: async (text: string) => void notes.push(text) };
  const [first, second] = [await connect(place), await connect(place)];
  expect(await claimPrompt({ out }, first, { vault })).toBe("yours");
  const waiting = claimPrompt({ out }, second, { vault, noteMs: 1 });
  await until("it is told", () => notes.length > 0);
  await first.request({ kind: "release", vault });
  expect(await waiting).toBe("yours");
  expect(notes).toEqual(["another pm asks for the password at this moment; waiting for the answer"]);
});
