import fs from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { KDF_PROFILES } from "../../src/core/crypto/kdf.ts";
import { type ErrorCode, PmError } from "../../src/core/errors.ts";
import { readSettings, SETTINGS } from "../../src/node/settings.ts";
import { removeSetting, writeSetting } from "../../src/node/settings-writer.ts";
import { temporaryDirectory } from "../support/process.ts";
import { ON_WINDOWS } from "./fixtures/run.ts";

let paths = { settings: "" };

beforeEach(() => {
  paths = { settings: join(temporaryDirectory(), "config", "settings.json") };
});

function put(text: string): void {
  fs.mkdirSync(join(paths.settings, ".."), { recursive: true });
  fs.writeFileSync(paths.settings, text);
}

async function refusal(run: () => unknown): Promise<[ErrorCode, string]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof PmError) return [error.code, error.message.replace(paths.settings, "FILE")];
    throw error;
  }
  throw new Error("no refusal");
}

describe.skipIf(ON_WINDOWS)("reading", () => {
  test("a missing file gives no settings and stays missing", () => {
    expect(readSettings(paths)).toEqual({});
    expect(fs.existsSync(join(paths.settings, ".."))).toBe(false);
  });

  test("gives every setting by its name", () => {
    put(
      '{"vault":"/v.pm","clip-time":1,"length":1024,"color":"never","kdf":"strong","timeout":0,"lock-timeout":43200}',
    );
    expect(readSettings(paths)).toEqual({
      vault: "/v.pm",
      clipTime: 1,
      length: 1024,
      color: "never",
      kdf: "strong",
      timeout: 0,
      lockTimeout: 43_200,
    });
  });

  test.each([
    ['{"clip-time":0}', 'the setting "clip-time" in FILE expects a whole number from 1 to 86400'],
    ['{"clip-time":"45"}', 'the setting "clip-time" in FILE expects a whole number from 1 to 86400'],
    ['{"length":20.5}', 'the setting "length" in FILE expects a whole number from 1 to 1024'],
    ['{"color":"blue"}', 'the setting "color" in FILE expects auto, always or never'],
    ['{"kdf":null}', 'the setting "kdf" in FILE expects constrained, interactive, strong or paranoid'],
    [
      '{"vault":"vault.pm"}',
      'the setting "vault" in FILE expects an absolute path, or a name that pm config vault add has given',
    ],
    ['{"clipTime":45}', 'there is no setting "clipTime" in FILE'],
    ['{"__proto__":{}}', 'there is no setting "__proto__" in FILE'],
    ["[]", "the settings FILE are not a JSON object"],
    ["", "the settings FILE are not a JSON object"],
    ["{", "the settings FILE are not a JSON object"],
    [`{"color":"auto"${" ".repeat(65_536)}}`, "the settings FILE are not a JSON object"],
  ])("%s is a usage error that names it", async (text, message) => {
    put(text);
    expect(await refusal(() => readSettings(paths))).toEqual(["usage", message]);
  });

  test("the profiles are those of the key derivation", () => {
    expect(SETTINGS.kdf.rule).toEqual({ kind: "choice", choices: Object.keys(KDF_PROFILES) });
  });
});

describe.skipIf(ON_WINDOWS)("writing", () => {
  test("keeps the other settings, in a file and a folder for the owner only, under umask 000", async () => {
    const before = process.umask(0o000);
    try {
      await writeSetting(paths, "clip-time", "20");
      await writeSetting(paths, "color", "never");
    } finally {
      process.umask(before);
    }
    expect(readSettings(paths)).toEqual({ clipTime: 20, color: "never" });
    expect(fs.statSync(paths.settings).mode & 0o777).toBe(0o600);
    expect(fs.statSync(join(paths.settings, "..")).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(join(paths.settings, ".."))).toEqual(["settings.json"]);
  });

  test("removing goes back to the default", async () => {
    await writeSetting(paths, "clip-time", "20");
    await writeSetting(paths, "length", "30");
    await removeSetting(paths, "clip-time");
    await removeSetting(paths, "clip-time");
    expect(readSettings(paths)).toEqual({ length: 30 });
  });

  test("a setting that can't be used can be removed", async () => {
    put('{"kdf":"weak","length":30}');
    await removeSetting(paths, "kdf");
    expect(readSettings(paths)).toEqual({ length: 30 });
  });

  test("a broken file is not cleared", async () => {
    put("{");
    expect(await refusal(() => writeSetting(paths, "length", "30"))).toEqual([
      "usage",
      "the settings FILE are not a JSON object",
    ]);
    expect(fs.readFileSync(paths.settings, "utf8")).toBe("{");
  });

  test.each([
    ["no-such", "1", 'there is no setting "no-such"'],
    ["toString", "1", 'there is no setting "toString"'],
    ["length", "many", 'the setting "length" expects a whole number from 1 to 1024'],
    ["length", "1e3", 'the setting "length" expects a whole number from 1 to 1024'],
    ["length", "", 'the setting "length" expects a whole number from 1 to 1024'],
    [
      "vault",
      "~/v.pm",
      'the setting "vault" expects an absolute path, or a name that pm config vault add has given',
    ],
  ])("%s = %j writes nothing", async (key, text, message) => {
    expect(await refusal(() => writeSetting(paths, key, text))).toEqual(["usage", message]);
    expect(fs.existsSync(join(paths.settings, ".."))).toBe(false);
  });

  test("PM_CONFIG may name a file without an ending", async () => {
    paths = { settings: join(temporaryDirectory(), "pmrc") };
    await writeSetting(paths, "length", "30");
    expect(readSettings(paths)).toEqual({ length: 30 });
  });
});
