import { describe, expect, test } from "vitest";
import { concat, toHex, utf8 } from "../../../src/core/bytes.ts";
import { LABEL, labelledHash } from "../../../src/core/crypto/keys.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { formatRecoveryCode, parseRecoveryCode } from "../../../src/core/vault/credentials.ts";
import {
  addShare,
  combineShares,
  formatShare,
  parseShare,
  type Share,
  splitSecret,
} from "../../../src/core/vault/shares.ts";
import { seededRandom } from "../../support/random.ts";
import { verdictOf } from "../../support/vault-builder.ts";

const tools = { crypto: nobleBackend, random: seededRandom("shares") };
const secret = seededRandom("secret")(20);

const parse = (text: string): Share => parseShare(nobleBackend, text, "the share in line 2");
const combine = async (shares: readonly Share[]): Promise<string> =>
  toHex(await combineShares(nobleBackend, shares));

/** All ways to take `size` of `items`, in their order. */
function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

describe("three of five", async () => {
  const printed = (await splitSecret(tools, secret, { threshold: 3, count: 5 })).map((share) =>
    formatShare(nobleBackend, share),
  );
  const shares = printed.map(parse);

  test("are five different codes of one set", () => {
    expect(new Set(printed).size).toBe(5);
    for (const text of printed) expect(text).toMatch(/^PMK1(-[0-9A-HJKMNP-TV-Z]{4}){13}$/);
    expect(new Set(shares.map(({ setId }) => toHex(setId))).size).toBe(1);
  });

  test("give the secret, whichever they are and in whatever order", async () => {
    const choices = [...subsets(shares, 3), ...subsets(shares, 4), shares, shares.toReversed()];
    expect(choices).toHaveLength(17);
    for (const choice of choices) expect(await combine(choice)).toBe(toHex(secret));
  });

  test("are needed: no two give it, and none gives it alone", async () => {
    for (const choice of [...subsets(shares, 2), ...subsets(shares, 1)]) {
      expect(await verdictOf(() => combine(choice))).toBe("auth");
      // Not even to a program that does not count them.
      const forged = choice.map((share) => ({ ...share, threshold: choice.length }));
      if (choice.length === 2) expect(await verdictOf(() => combine(forged))).toBe("auth");
    }
    await expect(combine(shares.slice(0, 2))).rejects.toThrow("needs 3 different shares, and there are 2");
    await expect(combine(shares.slice(0, 1))).rejects.toThrow("and there is 1");
  });

  test("are read as they are typed", () => {
    const [text = ""] = printed;
    const typed = ` ${text.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `;
    expect(parse(typed.replace("pmkl", "pmk1"))).toEqual(shares[0]);
  });

  test("show one wrong digit, wherever it is", () => {
    const [text = ""] = printed;
    for (let i = "PMK1-".length; i < text.length; i++) {
      if (text[i] === "-") continue;
      const wrong = text.slice(0, i) + (text[i] === "7" ? "8" : "7") + text.slice(i + 1);
      expect(() => parse(wrong)).toThrow("the share in line 2 has a typing mistake");
    }
  });

  test("count once, however often they are given", () => {
    const [a, b] = shares as [Share, Share];
    const two = addShare(addShare([], a, "1"), b, "2");
    expect(addShare(two, a, "3")).toBe(two);
  });

  test("go together only with their own set", async () => {
    const others = await splitSecret(tools, secret, { threshold: 3, count: 5 });
    const add = (share: Share | undefined) => () =>
      share === undefined ? [] : addShare(shares.slice(0, 1), share, "the share in line 2");
    expect(add(others[1])).toThrow("the share in line 2 is of another set");
    expect(add({ ...(shares[1] as Share), threshold: 2 })).toThrow("of another set");
    expect(add({ ...(shares[0] as Share), value: new Uint8Array(24) })).toThrow("of another set");
  });

  test("that were made wrong are found by the code's own checksum", async () => {
    const forged = shares.map((share, i) => (i === 1 ? { ...share, value: new Uint8Array(24) } : share));
    await expect(combine(forged.slice(0, 3))).rejects.toThrow("give no recovery code");
  });
});

describe("a share", () => {
  const share: Share = { setId: new Uint8Array(4), threshold: 2, index: 1, value: new Uint8Array(24) };

  test.each([
    ["empty", ""],
    ["a recovery code", formatRecoveryCode(nobleBackend, secret)],
    ["one group short", formatShare(nobleBackend, share).slice(0, -5)],
    ["one group long", `${formatShare(nobleBackend, share)}-0000`],
    ["with a letter that codes never have", formatShare(nobleBackend, share).replace("0", "U")],
    ["of a threshold of one", formatShare(nobleBackend, { ...share, threshold: 1 })],
    ["of a threshold of 17", formatShare(nobleBackend, { ...share, threshold: 17 })],
    ["at the point of the secret", formatShare(nobleBackend, { ...share, index: 0 })],
  ])("that is %s is refused", (_what, text) => {
    expect(() => parse(text)).toThrow("the share in line 2 is incomplete or not a share");
  });
});

test("sixteen of sixteen give the code, and so do any two of sixteen", async () => {
  const all = await splitSecret(tools, secret, { threshold: 16, count: 16 });
  expect(await combine(all)).toBe(toHex(secret));
  expect(await verdictOf(() => combine(all.slice(1)))).toBe("auth");
  const pairs = subsets(await splitSecret(tools, secret, { threshold: 2, count: 16 }), 2);
  for (const pair of pairs) expect(await combine(pair)).toBe(toHex(secret));
});

describe("the example of docs/format.md", () => {
  const code = utf8("PMR1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG"); // not-a-secret
  const printed = [
    "PMK1-M2GT-58R2-041H-A9SN-8DEP-YZC3-JPKV-BGZD-ZW6G-6D97-AMZ7-EX9J-QZ66", // not-a-secret
    "PMK1-M2GT-58R2-0C2K-TVAS-SQPV-V2CE-PVKD-4HHP-0R4J-AZAD-V68A-F1SX-08TR", // not-a-secret
  ];

  test("gives the code", async () => {
    expect(await combine(printed.map(parse))).toBe(toHex(parseRecoveryCode(nobleBackend, code)));
  });

  test("is what the page's own arithmetic gives, without the package", () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, i) => i);
    const check = labelledHash(nobleBackend, LABEL.recovery, bytes).subarray(0, 4);
    const at = (x: number): Uint8Array =>
      concat(bytes, check).map((byte, i) => byte ^ multiply((17 * i + 3) % 256, x));
    const setId = Uint8Array.of(0xa0, 0xa1, 0xa2, 0xa3);
    const share = (index: number): Share => ({ setId, threshold: 2, index, value: at(index) });
    expect([1, 3].map((x) => formatShare(nobleBackend, share(x)))).toEqual(printed);
  });
});

/** In GF(2^8) with x^8 + x^4 + x^3 + x + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product & 0x80 ? 0x11b : 0) ^ ((b >> bit) & 1 ? a : 0);
  }
  return product;
}
