/** Where a completion is installed. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { completionPlace } from "../../src/cli/completion-install.ts";
import { runPm, temporaryDirectory } from "../support/process.ts";

describe("the place", () => {
  test.each<[shell: string, env: Record<string, string>, path: string]>([
    ["bash", { HOME: "/h" }, "/h/.local/share/bash-completion/completions/pm"],
    ["bash", { HOME: "/h", XDG_DATA_HOME: "/d" }, "/d/bash-completion/completions/pm"],
    ["bash", { BASH_COMPLETION_USER_DIR: "/b" }, "/b/completions/pm"],
    ["zsh", { HOME: "/h" }, "/h/.local/share/zsh/site-functions/_pm"],
    ["fish", { HOME: "/h" }, "/h/.config/fish/completions/pm.fish"],
    ["fish", { HOME: "/h", XDG_CONFIG_HOME: "/c" }, "/c/fish/completions/pm.fish"],
    ["fish", { HOME: "/h", XDG_CONFIG_HOME: "not/absolute" }, "/h/.config/fish/completions/pm.fish"],
  ])("of %s with %j is %s", (shell, env, path) => {
    expect(completionPlace(shell, env).path).toBe(path);
  });

  test("is unknown without HOME", () => {
    const place = (): unknown => completionPlace("fish", {});
    expect(place).toThrow(expect.objectContaining({ code: "unavailable" }));
  });

  test("of zsh comes with the line for ~/.zshrc", () => {
    expect(completionPlace("zsh", { XDG_DATA_HOME: "/it's here" }).advice.join("\n")).toContain(
      String.raw`fpath=('/it'\''s here/zsh/site-functions' $fpath)`,
    );
  });
});

describe.each(["bash", "zsh", "fish"])("pm completion %s --install", (shell) => {
  test("writes what it would print, over an older file, and is silent in a script", async () => {
    const home = temporaryDirectory();
    const printed = await runPm(["completion", shell], { home });
    for (const run of [
      await runPm(["completion", shell, "--install"], { home }),
      await runPm(["completion", shell, "--install"], { home }),
    ]) {
      expect({ ...run, stdout: run.stdout.toString() }).toEqual({ exit: 0, stdout: "", stderr: "" });
    }
    const { path } = completionPlace(shell, { HOME: home });
    expect(readFileSync(path)).toEqual(printed.stdout);
  });

  test("says with --json where it is", async () => {
    const home = temporaryDirectory();
    const { stdout } = await runPm(["completion", shell, "--install", "--json"], { home });
    expect(JSON.parse(stdout.toString())).toEqual({
      v: 1,
      shell,
      path: completionPlace(shell, { HOME: home }).path,
    });
  });
});

test("a file in the way is exit 9, and stays", async () => {
  const home = temporaryDirectory();
  const env = { XDG_CONFIG_HOME: join(home, "file") };
  writeFileSync(env.XDG_CONFIG_HOME, "mine");
  const run = await runPm(["completion", "fish", "--install"], { home, env });
  expect(run.exit).toBe(9);
  expect(statSync(env.XDG_CONFIG_HOME).size).toBe(4);
});
