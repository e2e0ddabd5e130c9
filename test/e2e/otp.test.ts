/** One-time codes as real processes give them out: as a site expects them, and as time goes on. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { toBase32 } from "../../src/core/otp/base32.ts";
import { codeAt, windowAt } from "../../src/core/otp/code.ts";
import { parseOtp } from "../../src/core/otp/otp-key.ts";
import { describeWith } from "../support/describe-with.ts";
import { callHere, createHome, type Home } from "../support/home.ts";
import { partPath } from "../support/parts.ts";
import { PM, pmEnvironment } from "../support/process.ts";
import { startPmOnPty } from "../support/pty.ts";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // not-a-secret
const CASES = 100;

describeWith(["oathtool"], "against oathtool", () => {
  test(`${CASES} secrets and times, and as many counters, give the same codes`, async () => {
    const cases = Array.from({ length: CASES }, (_, n) => {
      const secret = toBase32(randomBytes(1 + randomInt(80)));
      const [algorithm = "SHA1", digits, period] = [
        ["SHA1", "SHA256", "SHA512"][n % 3],
        6 + (n % 3),
        1 + randomInt(120),
      ];
      const parameters = `secret=${secret}&algorithm=${algorithm}&digits=${digits}`;
      // From 1970 to 2100; the tool takes it in the zone of the machine unless it is told.
      const [seconds, counter] = [randomInt(4_102_444_800), randomInt(2 ** 47)];
      return {
        timed: parseOtp(`otpauth://totp/x?${parameters}&period=${period}`),
        counted: parseOtp(`otpauth://hotp/x?${parameters.replace(algorithm, "SHA1")}`),
        seconds,
        counter,
        calls: [
          `--totp=${algorithm.toLowerCase()} -d ${digits} -s ${period} -N @${seconds} -b ${secret}`,
          `--hotp -d ${digits} -c ${counter} -b ${secret}`,
        ],
      };
    });
    const script = cases.flatMap(({ calls }) => calls.map((args) => `"$0" ${args}`)).join("\n");
    const { stdout, stderr } = spawnSync("sh", ["-e", "-c", script, partPath("oathtool")], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const ours = await Promise.all(
      cases.map(async ({ timed, counted, seconds, counter }) => {
        const window = timed.kind === "hotp" ? 0 : windowAt(timed, seconds * 1000).counter;
        return [await codeAt(timed, window), await codeAt(counted, counter)];
      }),
    );
    expect(ours.flat()).toEqual(stdout.trim().split("\n"));
    expect(ours.flat()).toHaveLength(2 * CASES);
  });
});

test.skipIf(process.platform === "win32")("codes as time goes on", async () => {
  const home = await createHome();
  for (const period of [1, 100_000_000]) await add(home, `every-${period}`, period);
  await Promise.all([fresh(home), watchInPipe(home), watchOnTerminal(home)]);
});

async function add({ directory }: Home, name: string, period: number): Promise<void> {
  const uri = `otpauth://totp/x?secret=${SECRET}&period=${period}`;
  await callHere(["add", name, "--no-secret", "--insecure-argv", `otp=${uri}`], directory);
}

/** The codes of every second from a moment to this one. */
async function codesFrom(from: number): Promise<readonly string[]> {
  const key = parseOtp(SECRET);
  const [first, last] = [Math.floor(from / 1000), Math.floor(Date.now() / 1000)];
  return await Promise.all(Array.from({ length: last - first + 1 }, (_, n) => codeAt(key, first + n)));
}

/** Less than 5 s are left of a period of one. */
async function fresh(home: Home): Promise<void> {
  const started = Date.now();
  const { exit, stdout, stderr } = await home.pm(["otp", "every-1", "--fresh", "-v"]);
  expect(exit).toBe(0);
  expect(stderr).toMatch(/^waiting 1 s for the next code\n/m);
  const [, ...later] = await codesFrom(started);
  expect(later).toContain(String(stdout).trim());
}

/** A line for each code, and the end when nobody reads. */
async function watchInPipe(home: Home): Promise<void> {
  const started = Date.now();
  const env = pmEnvironment({ home: home.directory, env: { PM_KEY: home.token } });
  const argv = [PM, "otp", "every-1", "--watch"];
  const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let text = "";
  await new Promise<void>((resolve) =>
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      if (text.split("\n").length > 2) resolve();
    }),
  );
  child.stdout.destroy();
  expect(await ended).toBe(0);
  const [first = "", second = ""] = text.split("\n");
  const codes = await codesFrom(started);
  expect(codes.indexOf(second)).toBe(codes.indexOf(first) + 1);
}

/** One line, and none of it is left after Ctrl-C. */
async function watchOnTerminal(home: Home): Promise<void> {
  const line = String.raw`\r\u001b\[K\d{6} {2}\d+ s`;
  const argv = ["otp", "every-100000000", "--watch"];
  const pm = startPmOnPty(argv, { home: home.directory, env: { PM_KEY: home.token } });
  await pm.see(new RegExp(line));
  await pm.see(new RegExp(line));
  pm.type("\u0003");
  await pm.exit();
  expect(pm.screen()).not.toContain("\n");
  expect(pm.screen().endsWith("\r\u001b[K")).toBe(true);
}
