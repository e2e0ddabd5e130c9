/** As a new user would: 100 entries added in a shell's loop, and every one compared. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, type Home } from "../support/home.ts";
import { PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";
import { runShell } from "../support/shell.ts";

/** Every name goes with every value, once. */
const ENTRIES = 100;
/** Two loops at once: they also wait for each other's lock. */
const LOOPS = 2;
/** So many also as JSON. */
const JSON_STEP = 4;
const MAX_VALUE_BYTES = 262_144;

const NAMES = [
  (i: number) => `plain-${i}`,
  (i: number) => `folder/deeper/${i} with spaces`,
  (i: number) => ` spaces at both ends ${i} `,
  (i: number) => `Grüße/größer ${i}`,
  (i: number) => `日本語/パスワード ${i}`,
  (i: number) => `🔑/👩‍👩‍👧 ${i}`,
  (i: number) => `-${i}`,
  (i: number) => `--json=${i}`,
  (i: number) => `'quotes" $HOME \`id\` \\ * ? ${i}`,
  (i: number) => `عربي/עברית ${i}`,
];

const VALUES: readonly ((i: number) => Uint8Array)[] = [
  (i) => bytes(`value ${i}`),
  (i) => bytes(`trailing spaces ${i}   `),
  (i) => bytes(`'single' "double" \`back\` \\ $HOME %s ${i}`),
  (i) => bytes(`first ${i}\nsecond\r\nthird`),
  (i) => bytes(`ends in newlines ${i}\n\n`),
  (i) => bytes(`  leading, \t tab ${i}`),
  (i) => bytes(`ünï 日本 🔑 ${i} \u{1f469}\u200d\u{1f467}`),
  (i) => bytes(`\u001b[31m escape \u0007 ${i}`),
  (i) => Uint8Array.from({ length: 256 }, (_, at) => (at + i) % 256),
  (i) => Uint8Array.from({ length: 1000 }, (_, at) => (at * at + i) % 256),
];

const SCRIPT = `
  set -eu
  pm() { "$NODE" "$PM" "$@"; }
  i=0
  while IFS= read -r -d '' name; do
    if [ $((i % LOOPS)) = "$LOOP" ]; then
      pm add --keep-newline -- "$name" <values/$i
    fi
    i=$((i + 1))
  done <names
  i=0
  while IFS= read -r -d '' name; do
    if [ $((i % LOOPS)) = "$LOOP" ]; then
      pm get -- "$name" >got/$i
      if [ $((i % JSON_STEP)) = "$LOOP" ]; then pm get --json -- "$name" >json/$i; fi
    fi
    i=$((i + 1))
  done <names
`;

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function nameOf(i: number): string {
  return NAMES[i % NAMES.length]?.(i) ?? "";
}

/** Every name goes with every value. */
function valueOf(i: number): Uint8Array {
  if (i === ENTRIES - 1) return Uint8Array.from({ length: MAX_VALUE_BYTES }, (_, at) => at % 251);
  return VALUES[Math.floor(i / NAMES.length + i) % VALUES.length]?.(i) ?? bytes("");
}

/** What `get` prints: the value, and one newline unless it ends in one. */
function printed(value: Uint8Array): Buffer {
  return Buffer.concat(value.at(-1) === 0x0a ? [value] : [value, bytes("\n")]);
}

async function addAndGetAll(home: Home, work: string): Promise<void> {
  for (const folder of ["values", "got", "json"]) mkdirSync(join(work, folder));
  const all = Array.from({ length: ENTRIES }, (_, i) => i);
  for (const i of all) writeFileSync(join(work, "values", String(i)), valueOf(i));
  writeFileSync(join(work, "names"), all.map((i) => `${nameOf(i)}\0`).join(""));
  const env = {
    ...pmEnvironment({ home: home.directory, env: { PM_KEY: home.token } }),
    NODE: process.execPath,
    PM,
    LOOPS: String(LOOPS),
    JSON_STEP: String(JSON_STEP),
  };
  const loops = Array.from({ length: LOOPS }, (_, loop) =>
    runShell(SCRIPT, { cwd: work, env: { ...env, LOOP: String(loop) } }),
  );
  for (const { exit, stdout, stderr } of await Promise.all(loops)) {
    expect({ exit, stdout: stdout.toString(), stderr }).toEqual({ exit: 0, stdout: "", stderr: "" });
  }
}

describe.skipIf(process.platform === "win32")("entries from a shell's loop", () => {
  test(`${ENTRIES} are all there, byte for byte, also in JSON`, { timeout: 180_000 }, async () => {
    const home = await createHome();
    const work = temporaryDirectory();
    await addAndGetAll(home, work);
    const differing: string[] = [];
    let asJson = 0;
    for (let i = 0; i < ENTRIES; i++) {
      const got = readFileSync(join(work, "got", String(i)));
      if (!got.equals(printed(valueOf(i)))) differing.push(nameOf(i));
      if (i % JSON_STEP >= LOOPS) continue;
      asJson++;
      const { path, value, encoding } = JSON.parse(readFileSync(join(work, "json", String(i)), "utf8"));
      expect(path).toBe(nameOf(i).normalize("NFC"));
      const decoded = Buffer.from(value, encoding === "base64" ? "base64" : "utf8");
      if (!decoded.equals(valueOf(i))) differing.push(`${nameOf(i)} as JSON`);
    }
    expect(differing).toEqual([]);
    expect(asJson).toBe(ENTRIES / (JSON_STEP / LOOPS));
    const { entries } = JSON.parse((await home.pm(["ls", "--json"])).stdout.toString());
    const names = Array.from({ length: ENTRIES }, (_, i) => nameOf(i).normalize("NFC"));
    expect(entries.map(({ path }: { path: string }) => path)).toEqual(names.toSorted());
  });
});
