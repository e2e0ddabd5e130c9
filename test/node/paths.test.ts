import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPrivateDirectory, resolvePaths } from "../../src/node/paths.ts";
import { temporaryDirectory } from "../support/process.ts";
import { ON_WINDOWS } from "./fixtures/run.ts";

describe.skipIf(ON_WINDOWS)("paths", () => {
  test.each(["linux", "darwin"] as const)("PM_HOME moves everything on %s", (platform) => {
    const env = { PM_HOME: "/p", XDG_DATA_HOME: "/x", XDG_RUNTIME_DIR: "/r" };
    expect(resolvePaths(env, platform, "/home/u")).toEqual({
      config: "/p/config",
      data: "/p/data",
      state: "/p/state",
      run: "/p/run",
      vault: "/p/data/vault.pm",
      settings: "/p/config/settings.json",
    });
  });

  test("Linux has them where the XDG variables say", () => {
    const env = {
      XDG_CONFIG_HOME: "/c",
      XDG_DATA_HOME: "/d",
      XDG_STATE_HOME: "/s",
      XDG_RUNTIME_DIR: "/run/user/1",
    };
    expect(resolvePaths(env, "linux", "/home/u")).toEqual({
      config: "/c/pm",
      data: "/d/pm",
      state: "/s/pm",
      run: "/run/user/1/pm",
      vault: "/d/pm/vault.pm",
      settings: "/c/pm/settings.json",
    });
  });

  test.each([{}, { PM_HOME: "", XDG_CONFIG_HOME: "relative", XDG_DATA_HOME: "", XDG_RUNTIME_DIR: "r" }])(
    "Linux has them in the home directory with %j",
    (env) => {
      expect(resolvePaths(env, "linux", "/home/u")).toEqual({
        config: "/home/u/.config/pm",
        data: "/home/u/.local/share/pm",
        state: "/home/u/.local/state/pm",
        run: "/home/u/.local/state/pm/run",
        vault: "/home/u/.local/share/pm/vault.pm",
        settings: "/home/u/.config/pm/settings.json",
      });
    },
  );

  test("macOS has them in the Library", () => {
    expect(resolvePaths({ XDG_DATA_HOME: "/d" }, "darwin", "/Users/u")).toEqual({
      config: "/Users/u/Library/Preferences/pm",
      data: "/Users/u/Library/Application Support/pm",
      state: "/Users/u/Library/Application Support/pm/state",
      run: "/Users/u/Library/Application Support/pm/run",
      vault: "/Users/u/Library/Application Support/pm/vault.pm",
      settings: "/Users/u/Library/Preferences/pm/settings.json",
    });
  });

  test("Windows has them in AppData", () => {
    const env = { APPDATA: String.raw`C:\Roaming` };
    expect(resolvePaths(env, "win32", String.raw`C:\u`)).toEqual({
      config: String.raw`C:\Roaming\pm\Config`,
      data: String.raw`C:\u\AppData\Local\pm\Data`,
      state: String.raw`C:\u\AppData\Local\pm\State`,
      run: String.raw`C:\u\AppData\Local\pm\Run`,
      vault: String.raw`C:\u\AppData\Local\pm\Data\vault.pm`,
      settings: String.raw`C:\Roaming\pm\Config\settings.json`,
    });
  });

  test("PM_CONFIG moves the settings alone, and a relative path starts in the working directory", () => {
    const { settings, vault } = resolvePaths({ PM_CONFIG: "my.json", PM_HOME: "h" }, "linux", "/home/u");
    expect(settings).toBe(join(process.cwd(), "my.json"));
    expect(vault).toBe(join(process.cwd(), "h", "data", "vault.pm"));
  });
});

describe.skipIf(ON_WINDOWS)("a private folder", () => {
  test("is created with all that leads to it for the owner only, whatever the umask", () => {
    const home = temporaryDirectory();
    const before = process.umask(0o000);
    try {
      createPrivateDirectory(join(home, "a", "b"));
    } finally {
      process.umask(before);
    }
    for (const path of ["a", "a/b"]) expect(fs.statSync(join(home, path)).mode & 0o777).toBe(0o700);
  });

  test("that exists keeps its mode", () => {
    const home = temporaryDirectory();
    fs.mkdirSync(join(home, "a"), { mode: 0o750 });
    createPrivateDirectory(join(home, "a"));
    expect(fs.statSync(join(home, "a")).mode & 0o777).toBe(0o750);
  });

  test("that can't be there is an io error", () => {
    const home = temporaryDirectory();
    fs.writeFileSync(join(home, "a"), "");
    const refused = expect.objectContaining({
      code: "io",
      message: expect.stringContaining("can't create the folder"),
    });
    expect(() => createPrivateDirectory(join(home, "a", "b"))).toThrow(refused);
  });

  test.runIf(process.platform === "linux")("where the system takes no folders is an io error, too", () => {
    expect(() => createPrivateDirectory("/proc/pm/b")).toThrow(expect.objectContaining({ code: "io" }));
  });
});
