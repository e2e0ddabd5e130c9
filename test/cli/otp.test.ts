/** One-time codes: what comes out of pictures and exports, what a machine key gets, and what the agent. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import type { Pixels } from "../../src/node/image/pixels.ts";
import { startAgentHere } from "../support/agent.ts";
import { type Answer, type CallOptions, type Caller, createCaller } from "../support/entry-calls.ts";
import { account, migrationUri } from "../support/migration.ts";
import { draw, jpegOf, pngOf } from "../support/pictures.ts";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // not-a-secret
const URI = `otpauth://totp/Example:mara?secret=${SECRET}&issuer=Example`;
const EXPORT = migrationUri([
  account({ secret: "12345678901234567890", name: "mara", issuer: "Example", type: 2 }),
  account({ secret: "abcdefghij", name: "ada@example.com", issuer: "Example", type: 2 }),
  account({ secret: "klmnopqrst", name: "ada@example.com", type: 1, counter: 5 }),
]);

let caller: Caller;

async function pm(line: string, options: CallOptions = {}): Promise<Answer> {
  return await caller.run(line.split(" "), options);
}

function write(name: string, content: Uint8Array | string): void {
  writeFileSync(join(caller.directory, name), content);
}

beforeAll(async () => {
  caller = await createCaller();
  await pm("key add machine --token-file ci.key");
  await pm("add a --no-secret");
});

afterAll(() => caller[Symbol.dispose]());

async function secretOf(name: string): Promise<string> {
  return (await pm(`get ${name} otp`)).stdout.trimEnd();
}

describe("--qr-image", () => {
  test("stores the URI of a screenshot and of a photograph", async () => {
    write("code.png", pngOf(draw(URI)));
    write("code.jpg", jpegOf(draw(URI.replace("mara", "ada"))));
    expect(await pm("otp a --set --qr-image code.png")).toMatchObject({ exit: 0, stdout: "" });
    expect(await secretOf("a")).toBe(URI);
    expect(await pm("otp a --qr-image code.jpg")).toMatchObject({ exit: 0, stdout: "" });
    expect(await secretOf("a")).toBe(URI.replace("mara", "ada"));
  });

  test.each([
    ["a code with something else in it", "hello.png", () => pngOf(draw("HELLO")), 2, "holds no otpauth URI"],
    [
      "a URI without a secret",
      "bare.png",
      () => pngOf(draw("otpauth://totp/x")),
      2,
      'QR code in "bare.png" has no secret',
    ],
    [
      "no code",
      "white.png",
      () => pngOf(draw("x", { scale: 1, width: 3, height: 3 })),
      3,
      "there is no QR code",
    ],
    ["no image", "text.png", () => utf8(URI), 2, "neither a PNG nor a JPEG"],
  ])("with %s is refused and changes nothing", async (_, name, make, exit, message) => {
    write(name, make());
    const before = await secretOf("a");
    const answer = await pm(`otp a --set --qr-image ${name}`);
    expect(answer).toMatchObject({ exit, stdout: "", stderr: expect.stringContaining(message) });
    expect(await secretOf("a")).toBe(before);
  });
});

test("--qr shows on a terminal what --qr-image reads", async () => {
  const uri = `${URI}&digits=8&period=60`;
  await pm("otp a --set", { stdin: uri });
  const { exit, stdout } = await pm("otp a --qr", { ttys: ["stdout"] });
  expect(exit).toBe(0);
  write("shown.png", pngOf(pixelsOf(stdout)));
  await pm("add b --no-secret");
  expect(await pm("otp b --qr-image shown.png")).toMatchObject({ exit: 0 });
  expect(await secretOf("b")).toBe(uri);
});

/** Half blocks, a module each: the lit ones are light. */
function pixelsOf(text: string): Pixels {
  const rows = text.split("\n").filter((line) => line !== "");
  const lit = rows.flatMap((row) => [
    Array.from(row, (character) => "█▀".includes(character)),
    Array.from(row, (character) => "█▄".includes(character)),
  ]);
  const [scale, width] = [4, rows[0]?.length ?? 0];
  const size = { width: width * scale, height: lit.length * scale };
  const data = new Uint8Array(size.width * size.height * 4);
  for (let at = 0; at < data.length / 4; at++) {
    const [x, y] = [Math.floor((at % size.width) / scale), Math.floor(at / size.width / scale)];
    data.set(lit[y]?.[x] === true ? [255, 255, 255, 255] : [0, 0, 0, 255], at * 4);
  }
  return { ...size, data };
}

describe("an export of Google Authenticator", () => {
  test("with several accounts lists them", async () => {
    const answer = await pm("otp a --set", { stdin: EXPORT });
    expect(answer).toMatchObject({ exit: 6, stdout: "" });
    expect(answer.stderr).toContain("\n1  Example: mara\n2  Example: ada@example.com\n3  ada@example.com\n");
  });

  test.each([
    ["1", URI],
    ["MARA", URI],
    ["Example: mara", URI],
    ["2", "otpauth://totp/Example:ada%40example.com?secret=MFRGGZDFMZTWQ2LK&issuer=Example"], // not-a-secret
    ["3", "otpauth://hotp/ada%40example.com?secret=NNWG23TPOBYXE43U&counter=5"], // not-a-secret
  ])("gives the account %s", async (name, uri) => {
    const stdin = `${EXPORT}\n`;
    expect(await caller.run(["otp", "a", "--set", "--account", name], { stdin })).toMatchObject({ exit: 0 });
    expect(await secretOf("a")).toBe(uri);
  });

  test.each([
    ["0", 3],
    ["4", 3],
    ["nobody", 3],
    ["Example", 6],
    ["ada@example.com", 6],
  ])("does not guess what %s means", async (name, exit) => {
    const answer = await pm(`otp a --set --account ${name}`, { stdin: EXPORT });
    expect(answer).toMatchObject({
      exit,
      stdout: "",
      stderr: expect.stringContaining("\n1  Example: mara\n"),
    });
  });

  test("is read from a QR code, too, and warned about where it is stored as it is", async () => {
    const one = migrationUri([account({ secret: "12345678901234567890", name: "mara", issuer: "Example" })]);
    write("export.png", pngOf(draw(one)));
    expect(await pm("otp a --set --qr-image export.png")).toMatchObject({ exit: 0 });
    expect(await secretOf("a")).toBe(URI);
    expect(await pm("set a otp=-", { stdin: one })).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("accounts of which one has to be chosen"),
    });
  });
});

describe("a use-only entry under a machine key", () => {
  const env = { PM_PASSWORD: undefined, PM_KEY_FILE: "ci.key" };
  beforeAll(async () => {
    await pm("add kept --no-secret --use-only otp=-", { stdin: URI });
    await pm("add counted --no-secret --use-only otp=-", { stdin: `otpauth://hotp/x?secret=${SECRET}` });
  });

  test("gives codes, and keeps what they are made of", async () => {
    expect(await pm("otp kept", { env })).toMatchObject({ exit: 0, stdout: "745690\n", stderr: "" });
    expect((await pm("otp counted", { env })).stdout).toBe("755224\n");
    expect((await pm("otp counted --json", { env })).stdout).toContain('"code":"287082","counter":1}');
    for (const line of ["otp kept --uri", "otp kept --uri --json", "otp kept --uri -c"]) {
      const answer = await pm(line, { env, answers: [] });
      expect(answer).toMatchObject({ exit: 4, stdout: "", terminal: "" });
      expect(answer.stderr).toContain("is use-only");
    }
    expect(await pm("otp kept --qr", { env, ttys: ["stdout"] })).toMatchObject({ exit: 4, stdout: "" });
    expect(await pm("otp kept --uri")).toMatchObject({ exit: 0, stdout: `${URI}\n` });
  });

  test("takes a new secret, and is use-only still", async () => {
    expect(await pm("otp kept --set", { env, stdin: SECRET })).toMatchObject({ exit: 0 });
    expect(await pm("otp kept --uri", { env })).toMatchObject({ exit: 4 });
    expect((await pm("otp kept", { env })).stdout).toBe("745690\n");
  });

  test("gives run a code and inject none, and run masks it", async () => {
    const print = ["run", "-e", "CODE=pm://kept/otp", "--", process.execPath, "-p", "process.env.CODE+'-'+1"];
    const run = await caller.run(print, { env });
    expect(run).toMatchObject({ exit: 0, stdout: "<pm:kept/otp>-1\n" });
    expect(await pm("env -e CODE=pm://kept/otp?totp=code --format dotenv", { env })).toMatchObject({
      exit: 4,
    });
    expect(await pm("run --dry-run -e CODE=pm://counted/otp", { env })).toMatchObject({ exit: 125 });
  });
});

test("through the agent codes are given out and counted, and the secrets of use-only entries kept", async () => {
  await startAgentHere(join(caller.directory, "home"));
  const env = { PM_AGENT: "on", PM_PASSWORD: undefined };
  await pm("add spent --no-secret --use-only otp=-", { stdin: `otpauth://hotp/x?secret=${SECRET}` });
  await pm("add timed --no-secret --use-only otp=-", { stdin: SECRET });
  expect(await pm("otp timed", { env })).toMatchObject({ exit: 4, stdout: "" });
  expect(await pm("unlock", { env: { ...env, PM_KEY_FILE: "ci.key" } })).toMatchObject({ exit: 0 });
  expect(await pm("otp timed", { env })).toMatchObject({ exit: 0, stdout: "745690\n" });
  const codes = await Promise.all([1, 2, 3].map(() => pm("otp spent", { env })));
  expect(codes.map(({ stdout }) => stdout).toSorted()).toEqual(["287082\n", "359152\n", "755224\n"]);
  expect(await pm("otp timed --uri", { env })).toMatchObject({ exit: 4, stdout: "" });
  expect(await pm("otp spent --read-only", { env })).toMatchObject({ exit: 13, stdout: "" });
  expect((await pm("agent log --json", { env })).stdout).toContain('"command":"otp","purpose":"use"');
  const asked = await pm("otp timed --uri", { env, answers: ["correct horse battery staple"] });
  expect(asked).toMatchObject({ exit: 0, terminal: expect.stringContaining('("timed" is use-only)') });
  expect(await pm("lock", { env })).toMatchObject({ exit: 0 });
  expect(await pm("unlock --only *", { env: { ...env, PM_KEY_FILE: "ci.key" } })).toMatchObject({ exit: 0 });
  expect(await pm("otp timed", { env })).toMatchObject({ exit: 0, stdout: "745690\n" });
  expect(await pm("otp spent", { env })).toMatchObject({ exit: 4, stdout: "" });
});

test("-c hands the code to the clipboard", async () => {
  write(
    "clip.mjs",
    'import fs from "node:fs"; const t = fs.readFileSync(0, "utf8"); if (t) fs.writeFileSync("clip", t);',
  );
  await pm("set a otp=-", { stdin: SECRET });
  const env = { PM_CLIP_COMMAND: `${process.execPath} clip.mjs` };
  expect(await pm("otp a -c=1", { env })).toMatchObject({ exit: 0, stdout: "" });
  expect(await secretOf("a")).toBe(SECRET);
  expect(readFileSync(join(caller.directory, "clip"), "utf8")).toMatch(/^\d{6}$/);
});
