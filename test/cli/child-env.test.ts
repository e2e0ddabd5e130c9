import { expect, test } from "vitest";
import { childEnv, cleanEnv } from "../../src/cli/child-env.ts";

const CREDENTIALS = {
  PM_PASSWORD: "a",
  PM_PASSWORD_FD: "3",
  PM_PASSWORD_FILE: "f",
  PM_PASSWORD_COMMAND: "c",
  PM_KEY: "b",
  PM_KEY_FILE: "k",
  PM_REMOTE_SECRET: "r",
};

test("a child can't see what opens the vault, nor call the password command that it is", () => {
  expect(Object.keys(childEnv({ ...CREDENTIALS, PM_HOME: "/pm", PM_VAULT: "work", PATH: "y" }))).toEqual([
    "PM_HOME",
    "PM_VAULT",
    "PATH",
  ]);
});

test("a clean environment has what a program can hardly do without", () => {
  const plain = { PATH: "p", HOME: "h", TERM: "t", LANG: "l", LC_ALL: "c", TZ: "z", USER: "u", LOGNAME: "u" };
  const rest = { SHELL: "s", TMPDIR: "d" };
  const other = { ...CREDENTIALS, PM_HOME: "/pm", AWS_SECRET: "x", path: "q", LC_all: "x", XPATH: "x" };
  expect(cleanEnv({ ...plain, ...rest, ...other })).toEqual({ ...plain, ...rest });
  expect(cleanEnv({ Path: "p", SystemRoot: "r", SECRET: "x" })).toEqual({ Path: "p", SystemRoot: "r" });
});
