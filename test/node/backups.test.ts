import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { backupFolder, createBackup, isNamedAfter, listBackups } from "../../src/node/backups.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { create, file, homeDirectory, store, useSessionHome } from "../support/session-home.ts";
import { ON_WINDOWS } from "./fixtures/run.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

useSessionHome();

let directory = "";
let id = "";

beforeEach(async () => {
  directory = file("copies");
  await create();
  id = fs.readFileSync(file("vault.pm")).subarray(16, 32).toString("hex");
});

async function backUp(day: number, keep?: number): Promise<string> {
  const { random } = store();
  const options = { crypto: nativeBackend, random, path: file("vault.pm"), directory, keep };
  return (await createBackup({ ...options, now: () => START + day * DAY_MS })).path;
}

/** Another version of the same vault, as far as a header tells. */
function change(): void {
  const bytes = fs.readFileSync(file("vault.pm"));
  const last = bytes.length - 1;
  bytes[last] = ((bytes[last] ?? 0) + 1) % 256;
  fs.writeFileSync(file("vault.pm"), bytes);
}

test("the default folder is in the data folder, a named one is taken from the working directory", () => {
  expect(backupFolder({ data: "/d" }, "/w")).toBe(join("/d", "backups"));
  expect(backupFolder({ data: "/d" }, homeDirectory(), "x")).toBe(join(homeDirectory(), "x"));
});

describe("a list of copies", () => {
  test("is empty where there is no folder", () => {
    expect(listBackups(directory, id)).toEqual([]);
  });

  test("has the newest first by their names, whatever the times of the files", async () => {
    const old = await backUp(1);
    change();
    const recent = await backUp(2);
    fs.utimesSync(recent, 0, 0);
    const copies = listBackups(directory, id);
    expect(copies.map(({ path }) => path)).toEqual([recent, old]);
    expect(copies.map(({ time }) => (time - START) / DAY_MS)).toEqual([2, 1]);
    expect(copies[0]).toMatchObject({ vaultId: id, fileBytes: fs.statSync(recent).size });
    expect(copies.every((copy) => isNamedAfter(copy, "/elsewhere/vault.pm"))).toBe(true);
    expect(copies.some((copy) => isNamedAfter(copy, "/elsewhere/other.pm"))).toBe(false);
  });

  test("leaves out copies of other vaults", async () => {
    await backUp(1);
    expect(listBackups(directory, "00".repeat(16))).toEqual([]);
    expect(listBackups(directory, undefined)).toHaveLength(1);
  });

  test.skipIf(ON_WINDOWS)(
    "passes over links, FIFOs, folders, what is no vault and what is cut off",
    async () => {
      const copy = await backUp(1);
      const name = (digits: string): string => join(directory, `vault-20270101T000000Z-${digits}.pm`);
      fs.symlinkSync(copy, name("00000001"));
      execFileSync("mkfifo", [name("00000002")]);
      fs.mkdirSync(name("00000003"));
      fs.writeFileSync(name("00000004"), "no vault".repeat(1000));
      fs.writeFileSync(name("00000005"), fs.readFileSync(copy).subarray(0, 100));
      fs.writeFileSync(name("0000000G"), fs.readFileSync(copy));
      expect(listBackups(directory, undefined).map(({ path }) => path)).toEqual([copy]);
    },
  );
});

describe("a copy", () => {
  test("takes what a killed backup left an hour ago, and nothing younger or of another name", async () => {
    fs.mkdirSync(directory);
    const own = join(directory, `.vault-20260101T000000Z-00000000.pm.${"0".repeat(16)}.tmp`);
    const foreign = join(directory, `.mine.${"0".repeat(16)}.tmp`);
    for (const path of [own, foreign]) fs.writeFileSync(path, "");
    const { random } = store();
    const options = { crypto: nativeBackend, random, path: file("vault.pm"), directory, keep: undefined };
    await createBackup({ ...options, now: Date.now });
    expect([fs.existsSync(own), fs.existsSync(foreign)]).toEqual([true, true]);
    change();
    await createBackup({ ...options, now: () => Date.now() + 2 * 3_600_000 });
    expect([fs.existsSync(own), fs.existsSync(foreign)]).toEqual([false, true]);
  });

  test("never takes the place of another file", async () => {
    const copy = await backUp(1);
    const damaged = fs.readFileSync(copy).fill(0, 8000);
    fs.writeFileSync(copy, damaged);
    await expect(backUp(1)).rejects.toThrow(expect.objectContaining({ code: "conflict" }));
    expect(fs.readFileSync(copy).equals(damaged)).toBe(true);
  });

  test("keeps as many as were asked for", async () => {
    const paths: string[] = [];
    for (let day = 1; day <= 5; day++) {
      paths.unshift(await backUp(day));
      change();
    }
    const last = await backUp(6, 3);
    expect(listBackups(directory, id).map(({ path }) => path)).toEqual([last, ...paths.slice(0, 2)]);
  });
});
