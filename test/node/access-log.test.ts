import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Access } from "../../src/core/vault/session.ts";
import { AccessLog, accessLogFile } from "../../src/node/access-log.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { temporaryDirectory } from "../support/process.ts";

const ROOT_KEY = new Uint8Array(32).fill(1);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

let file = "";
beforeEach(() => {
  file = join(temporaryDirectory(), "access-0.log");
});

const line = (at: number): Access => ({ at, pid: 1, program: "sh", command: "get", purpose: "show" });
const lines = (count: number, from = 0): Access[] => Array.from({ length: count }, (_, n) => line(from + n));
const timesIn = (log: AccessLog): number[] => log.read().map(({ at }) => at);

function openLog(rootKey = ROOT_KEY): AccessLog {
  return new AccessLog(nativeBackend, file, rootKey);
}

test("the file stands beside the state of the vault, private", () => {
  expect(accessLogFile("/s/vault-00ff.json")).toBe("/s/access-00ff.log");
  openLog().append(lines(1), random);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("what was added is there, also for another process", () => {
  const log = openLog();
  log.append(lines(2), random);
  log.append([line(2)], random);
  expect(timesIn(openLog())).toEqual([0, 1, 2]);
  openLog().append([line(3)], random);
  log.append([line(4)], random);
  expect(timesIn(log)).toEqual([0, 1, 2, 3, 4]);
});

describe("of a damaged file the rest is there, and it can be written on", () => {
  test.each<[what: string, damage: () => void, left: readonly number[]]>([
    ["cut off in the last segment", () => truncateSync(file, statSync(file).size - 5), [0]],
    ["with half a length at the end", () => appendFileSync(file, "xy"), [0, 1]],
    ["with a length beyond the end", () => appendFileSync(file, Buffer.alloc(40, 0xff)), [0, 1]],
    ["changed in the last segment", () => changeLastByte(), [0]],
    ["empty", () => writeFileSync(file, ""), []],
    ["of another kind", () => writeFileSync(file, "something else, which is long enough"), []],
  ])("%s", (_what, damage, left) => {
    openLog().append([line(0)], random);
    openLog().append([line(1)], random);
    damage();
    expect(timesIn(openLog())).toEqual(left);
    openLog().append([line(9)], random);
    expect(timesIn(openLog())).toEqual([...left, 9]);
  });
});

function changeLastByte(): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(file, bytes);
}

test("a new root key begins a new log", () => {
  openLog().append(lines(3), random);
  const renewed = openLog(new Uint8Array(32).fill(2));
  expect(timesIn(renewed)).toEqual([]);
  renewed.append([line(7)], random);
  expect(timesIn(renewed)).toEqual([7]);
  expect(timesIn(openLog())).toEqual([]);
});

test("of more than 10,000 lines the newest stay", () => {
  const log = openLog();
  log.append(lines(10_000), random);
  expect(log.read()).toHaveLength(10_000);
  log.append([line(10_000)], random);
  const times = timesIn(openLog());
  expect([times.length, times[0], times.at(-1)]).toEqual([9000, 1001, 10_000]);
});

test("nothing is written where the folder is gone", () => {
  const folder = join(temporaryDirectory(), "state");
  mkdirSync(folder);
  file = join(folder, "access-0.log");
  rmSync(folder, { recursive: true });
  expect(() => openLog().append(lines(1), random)).toThrow("can't write");
  expect(existsSync(folder)).toBe(false);
});
