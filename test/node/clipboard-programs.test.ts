import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { clip } from "../../src/cli/clip.ts";
import { createContext } from "../../src/cli/context.ts";
import { toGlobals } from "../../src/cli/globals.ts";
import { clear } from "../../src/node/clipboard/clear.ts";
import { copyToClipboard } from "../../src/node/clipboard/copy.ts";
import { clearOrder } from "../../src/node/clipboard/order.ts";
import { seededRandom } from "../support/random.ts";
import { PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";
import { createTestIo } from "../support/test-io.ts";
import { type ProgramFolder, programFolder } from "./fixtures/program-folder.ts";
import { ON_WINDOWS, until } from "./fixtures/run.ts";

const LATE_MS = 600_000;

let here: ProgramFolder;
beforeEach(() => {
  here = programFolder();
});

/** As commands reach it. */
async function clipWith(env: Record<string, string>, seconds: number): Promise<string> {
  const world = createTestIo({
    env: { PM_AGENT: "off", PATH: here.path, ...env },
    cwd: here.folder,
    random: seededRandom("clip"),
    ttys: new Set(["stderr"] as const),
  });
  await using context = createContext(world.io, toGlobals({}, {}));
  await clip(context, utf8("ü a secret"), seconds);
  return world.stderr();
}

describe.skipIf(ON_WINDOWS)("PM_CLIP_COMMAND", () => {
  test("gets the value exactly, and an empty one when the time is over", async () => {
    here.program("copy", 'cat > value; printf "%s," "$@" "$(wc -c < value)" >> calls; env > environment');
    const said = await clipWith(
      { PM_CLIP_COMMAND: "./copy 'to here' ${WHERE}", WHERE: "there", PM_KEY: "canary" },
      0.1,
    );
    expect(here.contents("value")).toBe("ü a secret");
    expect(here.contents("environment")).not.toMatch(/canary|a secret/);
    expect(said).toMatch(/copied by PM_CLIP_COMMAND; it is given an empty value in 0\.1 s/);
    await until("the second call", () =>
      here.contents("calls") === "to here,there,11,to here,there,0," ? true : undefined,
    );
    expect(here.contents("value")).toBe("");
  });

  test.each([
    ["fails", "false", "unavailable", /did not copy: it ended with exit status 1$/],
    ["is killed", "sh -c 'kill -9 $$'", "unavailable", /did not copy: it was ended by SIGKILL$/],
    ["is not there", "/nowhere/copy", "unavailable", /did not copy: it can't be started$/],
    ["has an empty name", "''", "usage", /^PM_CLIP_COMMAND can't be split into words: it names no command$/],
    ["has an argument that is too long", "copy ${LONG}${LONG}", "unavailable", /it can't be started$/],
    ["is no command", "'copy", "usage", /^PM_CLIP_COMMAND can't be split/],
  ] as const)("that %s is said", async (_what, command, code, message) => {
    const error: unknown = await clipWith({ PM_CLIP_COMMAND: command, LONG: "a".repeat(100_000) }, 600).catch(
      (thrown: unknown) => thrown,
    );
    if (!hasCode(error, code)) throw error;
    expect(error.message).toMatch(message);
  });

  test("is what clears, too", async () => {
    here.program("copy", 'cat > value; echo "$WHERE" > environment');
    const env = { PATH: here.path, WHERE: "there" };
    await clear({ way: "command", argv: ["./copy"], cwd: here.folder, afterMs: 0 }, env);
    expect([here.contents("value"), here.contents("environment")]).toEqual(["", "there\n"]);
  });

  test("may leave its input unread", async () => {
    await clipWith({ PM_CLIP_COMMAND: "true" }, 0.1);
  });
});

/** As wl-copy and wl-paste behave; what they hold is a file. */
function programs({ help = "", keeps = "cat > held" } = {}): void {
  const copy = `echo "$* $TMPDIR" >> calls\ncase "$*" in\n--help) echo '${help}';;\n--clear) rm -f held;;\n*) ${keeps};;\nesac`;
  here.program("wl-copy", copy);
  here.program("wl-paste", 'test -e held || exit 1\ncat held\ntest "$1" = --no-newline || echo');
}

describe.skipIf(ON_WINDOWS)("a Wayland clipboard", () => {
  const copy = (text: string, clearAfterMs: number) => {
    const env = {
      PATH: here.path,
      WAYLAND_DISPLAY: "wayland-0",
      XDG_RUNTIME_DIR: here.folder,
      TMPDIR: "/elsewhere",
    };
    return copyToClipboard({ bytes: utf8(text), clearAfterMs, env });
  };

  test.each([
    ["marks the value as sensitive where wl-copy can", "--sensitive  Hint", "--sensitive --type text/plain"],
    ["copies without a mark where it can't", "", "--type text/plain"],
  ])("%s, in memory, and is cleared", async (_what, help, call) => {
    programs({ help });
    expect(await copy(" ü a secret\n", 1)).toBe("wayland");
    expect(here.contents("calls")).toContain(`${call} ${here.folder}\n`);
    await until("an empty clipboard", () => (here.contents("held") === undefined ? true : undefined));
  });

  test.each([
    ["emptied where it holds the value", "a secret", undefined],
    ["left alone where it holds something else", "a secret\n", "a secret\n"],
  ])("is %s", async (_what, held, left) => {
    programs();
    writeFileSync(join(here.folder, "held"), held);
    const env = { PATH: here.path, WAYLAND_DISPLAY: "wayland-0" };
    await clear({ ...clearOrder(utf8("a secret"), 0), way: "readable" }, env);
    expect(here.contents("held")).toBe(left);
  });

  test.each([
    ["reports success and holds something else", { keeps: "tr a b > held" }, /did not take the value$/],
    ["fails", { keeps: "exit 3" }, /wl-copy did not copy: it ended with exit status 3$/],
  ])("that %s is said, and nothing stays copied", async (_what, behaviour, message) => {
    programs(behaviour);
    const error: unknown = await copy("a secret", LATE_MS).catch((thrown: unknown) => thrown);
    if (!hasCode(error, "unavailable")) throw error;
    expect(error.message).toMatch(message);
    expect(here.contents("held")).toBeUndefined();
  });

  test("that takes its time is not asked over and over whether it holds the value", async () => {
    programs();
    here.program("wl-paste", "echo >> pastes; sleep 0.3");
    await expect(copy("a secret", LATE_MS)).rejects.toThrow("did not take the value");
    expect(here.contents("pastes")?.length).toBeLessThan(4);
  });

  test("is cleared also where pm is interrupted while it reads back", async () => {
    programs();
    here.program("wl-paste", `echo >> pastes; until test -e interrupted; do sleep 0.05; done; cat held`);
    const home = temporaryDirectory();
    const env = { PATH: here.path, WAYLAND_DISPLAY: "wayland-0", XDG_RUNTIME_DIR: here.folder };
    const pm = spawn(process.execPath, [PM, "gen", "--pin", "4", "-c1"], {
      env: pmEnvironment({ home, env }),
    });
    const ended = new Promise((resolve) => pm.once("exit", (_code, signal) => resolve(signal)));
    await until("the first look", () => here.contents("pastes"));
    expect(here.contents("held")).toMatch(/^[0-9]{4}$/);
    writeFileSync(join(here.folder, "interrupted"), "");
    pm.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    await until("an empty clipboard", () => (here.contents("held") === undefined ? true : undefined));
  });
});
