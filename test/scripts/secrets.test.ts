/** Samples are put together when the test runs: the repository itself stays clean. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { findSecrets } from "../../scripts/secrets.ts";

/** Reproducible characters that look random. */
function noise(length: number, alphabet: string): string {
  const bytes = createHash("shake256", { outputLength: length }).update("sample").digest();
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function printedCode(prefix: string): string {
  return [prefix, ...(noise(36, CROCKFORD).match(/.{4}/g) ?? [])].join("-");
}

function armor(kind: string): string {
  return `-----BEGIN ${kind} KEY-----`;
}

const FOUND: readonly (readonly [what: string, text: string])[] = [
  ["a private key", armor("OPENSSH PRIVATE")],
  ["a private key", armor("PRIVATE")],
  ["an age secret key", `AGE-SECRET-KEY-1${noise(58, UPPER)}`],
  ["a pm machine token", `PM_KEY=pmt1_${noise(59, LETTERS)}`],
  ["a pm recovery code or secret key", printedCode("PMR1")],
  ["a pm recovery code or secret key", printedCode("PMS1").toLowerCase()],
  ["an AWS key id", `AKIA${noise(16, UPPER)}`],
  ["a GitHub token", `ghp_${noise(36, LETTERS)}`],
  ["a GitHub token", `github_pat_${noise(82, LETTERS)}`],
  ["a GitLab token", `glpat-${noise(20, LETTERS)}`],
  ["an npm token", `npm_${noise(36, LETTERS)}`],
  ["a Slack token", `xoxb-${noise(40, LETTERS)}`],
  [
    "a Slack web hook",
    `https://hooks.slack.com/services/T${noise(8, UPPER)}/B${noise(8, UPPER)}/${noise(24, LETTERS)}`,
  ],
  ["a secret in an assignment", `const apiKey = "${noise(40, LETTERS)}";`],
  ["a secret in an assignment", `{"password": "${noise(32, LETTERS)}"}`],
  ["a secret in an assignment", `CLIENT_SECRET=${noise(48, LETTERS)}`],
];

test.each(FOUND)("finds %s", (what, text) => {
  expect(findSecrets(`first line\n${text}\n`)).toEqual(expect.arrayContaining([{ line: 2, what }]));
});

test.each([
  ["a placeholder token", `pmt1_${"x".repeat(59)}`],
  ["a placeholder code", ["PMR1", ...Array.from({ length: 9 }, () => "XXXX")].join("-")],
  ["a public key", armor("PUBLIC")],
  ["a password that is a sentence", 'const password = "correct horse battery staple";'],
  ["a call", "const token = readTokenFromTheTerminalDevice(io);"],
  ["a type", "readonly passwordCommand: string | undefined;"],
  ["a long hash of a lock file", `"integrity": "sha512-${noise(86, LETTERS)}=="`],
  ["a marked line", `ghp_${noise(36, LETTERS)} // not-a-secret`],
])("lets %s through", (_what, text) => {
  expect(findSecrets(text)).toEqual([]);
});

test("never repeats the secret", () => {
  const secret = noise(36, LETTERS);
  expect(JSON.stringify(findSecrets(`ghp_${secret}`))).not.toContain(secret);
});
