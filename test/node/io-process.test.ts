import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/process.ts";
import { onScreen } from "./fixtures/pty.ts";
import { ended, ON_LINUX, ON_WINDOWS, fixture, line, lines, start, startFixture } from "./fixtures/run.ts";

const IO = `"${process.execPath}" "${fixture("io")}"`;

function shell(script: string): ReturnType<typeof ended> {
  return ended(start(["sh", "-c", script]));
}

describe.skipIf(ON_WINDOWS)("standard input", () => {
  test("is read to its end, exactly", async () => {
    const directory = temporaryDirectory();
    const bytes = randomBytes(300_000);
    fs.writeFileSync(join(directory, "in"), bytes);
    await shell(`cat "${directory}/in" | ${IO} copy 300000 > "${directory}/out"`);
    expect(Buffer.compare(fs.readFileSync(join(directory, "out")), bytes)).toBe(0);
  });

  test("over the limit is refused", async () => {
    const { stdout, stderr, status } = await shell(`printf 12345 | ${IO} copy 4`);
    expect([stdout, stderr, status]).toEqual(["", "limit: standard input is over the limit of 4 bytes\n", 1]);
  });

  test.each([
    ["nothing", "</dev/null"],
    ["a closed one", "<&-"],
  ])("that is %s is empty", async (_what, redirection) => {
    expect(await shell(`${IO} copy 4 ${redirection}`)).toEqual({ stdout: "", stderr: "", status: 0 });
  });

  test("that is a folder is an io error", async () => {
    const { stderr } = await shell(`${IO} copy 4 < /`);
    expect(stderr).toBe("io: can't read standard input: it is a directory\n");
  });
});

describe.skipIf(ON_WINDOWS)("standard output", () => {
  test("takes more than a pipe holds, to the last byte, from a slow reader", async () => {
    const { stdout } = await shell(`${IO} write 1000000 | (sleep 0.2; wc -c)`);
    expect(stdout.trim()).toBe("1000000");
  });

  test("may close early: the rest is dropped, and that is a success", async () => {
    const { stdout, stderr } = await shell(`(${IO} write 1000000; echo "status $?" >&2) | head -c 3`);
    expect([stdout, stderr]).toEqual(["xxx", "status 0\n"]);
  });

  test.skipIf(!ON_LINUX)("on a full disk is an io error", async () => {
    const { stderr, status } = await shell(`${IO} write 10 > /dev/full`);
    expect([stderr, status]).toEqual(["io: can't write to standard output: the disk is full\n", 1]);
  });

  test.skipIf(!ON_LINUX)("is what counts where messages can't be shown", async () => {
    for (const nowhere of ["/dev/full", "&-"]) {
      expect(await shell(`${IO} complain 2>${nowhere}`)).toEqual({ stdout: "done\n", stderr: "", status: 0 });
    }
  });
});

describe.skipIf(ON_WINDOWS)("the facts about the streams", () => {
  test("are those of pipes", async () => {
    expect((await shell(`${IO} facts < /dev/null`)).stdout).toBe("false,false,false 80\n");
  });

  test("are those of a terminal", async () => {
    const screen = onScreen([process.execPath, fixture("io"), "facts"]);
    await screen.see("true,true,true 100");
    expect(await screen.end()).toBe(0);
  });
});

test.skipIf(ON_WINDOWS)("a pipe needs neither streams nor terminals nor node:crypto", async () => {
  const { stdout } = await shell(`${IO} loaded`);
  const [facts, ...loaded] = stdout.trimEnd().split("\n");
  expect(facts).toBe("false 70000");
  const heavy = ["net", "tty", "crypto", "child_process", "readline"].map((name) => `NativeModule ${name}`);
  expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
});

describe.skipIf(ON_WINDOWS)("signals", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s aborts, cleans up and ends the process as itself",
    async (signal) => {
      const child = startFixture("io", ["wait"]);
      const printed = lines(child);
      await line(printed);
      child.kill(signal);
      const result = ended(child);
      expect([await line(printed), await line(printed)]).toEqual(["aborted interrupted", "undone"]);
      expect((await result).status).toBe(signal);
    },
  );

  test.each([
    ["TERM", 143],
    ["INT", 130],
    ["HUP", 129],
  ])("a shell sees SIG%s as status %i", async (signal, status) => {
    const child = start(["sh", "-c", `${IO} wait & echo $!; wait $!; echo "status $?"`]);
    const printed = lines(child);
    const pid = Number(await line(printed));
    expect(await line(printed)).toBe("waiting");
    process.kill(pid, `SIG${signal}`);
    for (const expected of ["aborted interrupted", "undone", `status ${status}`]) {
      expect(await line(printed)).toBe(expected);
    }
  });

  test("whoever handles one itself stays alive and ends when it wants", async () => {
    const child = startFixture("io", ["wait", "handle"]);
    const printed = lines(child);
    await line(printed);
    child.kill("SIGTERM");
    const result = ended(child);
    expect([await line(printed), await line(printed)]).toEqual(["aborted interrupted", "undone"]);
    expect((await result).status).toBe(7);
  });

  test("what was to be undone is undone at a plain exit too", async () => {
    expect((await shell(`${IO} exit`)).stdout).toBe("undone\n");
  });
});
