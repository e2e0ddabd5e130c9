// What the standalone binary runs: pm, or one of the processes that pm starts.
import { main } from "../src/cli/main.ts";
import { createProcessIo } from "../src/node/io-process.ts";
import { type OwnProcess, wordOf } from "../src/node/own-process.ts";

/** What git and docker call, as a link to the binary: the words that it stands for. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  "git-credential-pm": ["credential", "git"],
  "docker-credential-pm": ["credential", "docker"],
};

const OWN: Readonly<Record<OwnProcess, () => Promise<unknown>>> = {
  agent: () => import("../src/agent/main.ts"),
  "x11-owner": () => import("../src/node/clipboard/x11-owner.ts"),
  "clear-process": () => import("../src/node/clipboard/clear-process.ts"),
};

const args = process.argv.slice(2);
const called = /[^\\/]*$/.exec(process.argv0)?.[0].replace(/\.exe$/i, "") ?? "";
const own = (Object.keys(OWN) as OwnProcess[]).find((name) => wordOf(name) === args[0]);

if (own === undefined) {
  void main([...(LINKS[called] ?? []), ...args], createProcessIo()).then((status) => {
    process.exitCode = status;
  });
} else {
  process.argv.splice(2, 1);
  void OWN[own]();
}
