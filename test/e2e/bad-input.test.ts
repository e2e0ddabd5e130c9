/** What pm refuses to take: names, values, secrets in the wrong place, questions nobody can answer. */
import { describeRefusals, READS, WRITES } from "../support/refusals.ts";
import { addTwins } from "../support/twins.ts";

const MAX_VALUE_BYTES = 262_144;

function field(bytes: number): string {
  return JSON.stringify({ path: "new", fields: [{ name: "password", value: "x".repeat(bytes) }] });
}

describeRefusals([
  {
    title: "a wrong password",
    exit: 5,
    code: "auth",
    message: /^wrong password or key$/,
    calls: [...READS, ...WRITES],
    isKeyless: true,
    env: { PM_PASSWORD: "wrong" },
  },
  {
    title: "a missing entry names the nearest",
    exit: 3,
    code: "not-found",
    message: /^no entry matches "web\/gihub"$/,
    hint: /^did you mean "web\/github"\?$/,
    calls: [
      ["get", "web/gihub"],
      ["show", "web/gihub"],
      ["set", "web/gihub", "a=1"],
      ["mv", "web/gihub", "b"],
      ["rm", "-y", "web/gihub"],
    ],
  },
  {
    title: "two matches are listed",
    exit: 6,
    code: "ambiguous",
    message: /^2 entries match "twin"$/,
    details: /^id:[0-9a-f]{32} {2}twin\nid:[0-9a-f]{32} {2}twin$/,
    hint: /id:[0-9a-f]{32}/,
    prepare: (home) => addTwins(home, "twin"),
    calls: [
      ["get", "twin"],
      ["show", "twin"],
      ["set", "twin", "a=1"],
      ["rm", "-y", "twin"],
      ["gen", "twin"],
    ],
  },
  {
    title: "an existing name",
    exit: 7,
    code: "conflict",
    message: /^an entry called "web\/github" exists already$/,
    prepare: async ({ pm }) => void (await pm(["add", "other", "--no-secret"])),
    calls: [
      ["add", "web/github", "--no-secret"],
      ["mv", "other", "web/github"],
      ["cp", "other", "web/github"],
    ],
  },
  {
    title: "a secret in argv",
    exit: 2,
    code: "usage",
    message: /^field "\w+" is secret, and other processes can read arguments$/,
    hint: /=- for standard input/,
    calls: [
      ["add", "new", "password=hunter2"],
      ["add", "new", "token:secret=hunter2"],
      ["set", "web/github", "password=hunter2"],
      ["set", "web/github", "pin:secret=hunter2"],
    ],
  },
  {
    title: "a secret in an option that is none",
    exit: 2,
    code: "usage",
    message: /has no option --password$/,
    calls: [
      ["add", "new", "--password=hunter2"],
      ["get", "web/github", "--password", "hunter2"],
    ],
  },
  {
    title: "empty standard input",
    exit: 2,
    code: "usage",
    message: /^standard input (?:is empty|holds no value)/,
    calls: [
      ["add", "new"],
      ["add", "new", "password=-"],
      ["set", "web/github", "password=-"],
    ],
  },
  {
    title: "standard input with a newline only",
    exit: 2,
    code: "usage",
    message: /^standard input (?:is empty|holds no value)/,
    calls: [
      ["add", "new"],
      ["set", "web/github", "password=-"],
    ],
    input: "\n",
  },
  {
    title: "control characters in a name",
    exit: 2,
    code: "usage",
    message: /^the (?:name|name of the entry|tag|field name) has a control character in it$/,
    calls: [
      ["add", "a\nb", "--no-secret"],
      ["add", "a\u001b[31mb", "--no-secret"],
      ["add", "a\u007f", "--no-secret"],
      ["add", "a\u0085", "--no-secret"],
      ["add", "new", "--no-secret", "--tag", "a\tb"],
      ["add", "new", "--no-secret", "a\tb=1"],
      ["gen", "a\nb"],
      ["mv", "web/github", "a\nb"],
      ["cp", "web/github", "a\rb"],
      ["get", "a\nb"],
    ],
  },
  {
    title: "a value over its limit",
    exit: 2,
    code: "limit",
    message: /limit of (?:262144|256 KiB)/,
    calls: [
      ["add", "new"],
      ["set", "web/github", "password=-"],
    ],
    input: new Uint8Array(MAX_VALUE_BYTES + 1).fill(0x61),
  },
  {
    title: "a value over its limit in JSON",
    exit: 2,
    code: "limit",
    message: /limit/,
    calls: [["add", "--json"]],
    input: field(MAX_VALUE_BYTES + 1),
  },
  {
    title: "a name over its limit",
    exit: 2,
    code: "limit",
    message: /^the name is 1025 bytes long/,
    calls: [
      ["add", "é".repeat(512) + "x", "--no-secret"],
      ["mv", "web/github", "x".repeat(1025)],
      ["gen", "x".repeat(1025)],
    ],
  },
  {
    title: "the 65th field",
    exit: 2,
    code: "limit",
    message: /64/,
    calls: [
      ["add", "new", "--no-secret", ...Array.from({ length: 65 }, (_, i) => `f${i}=1`)],
      ["set", "web/github", ...Array.from({ length: 65 }, (_, i) => `f${i}=1`)],
    ],
  },
  {
    title: "a prompt that would be needed under --no-input",
    exit: 4,
    code: "locked",
    message: /^the vault is locked/,
    calls: [...READS, ...WRITES].map((call) => [...call, "--no-input"]),
    isKeyless: true,
  },
  {
    title: "a prompt that would be needed under PM_NO_INPUT",
    exit: 4,
    code: "locked",
    message: /^the vault is locked/,
    calls: READS,
    isKeyless: true,
    env: { PM_NO_INPUT: "1" },
  },
  {
    title: "a yes that would be needed under --no-input",
    exit: 4,
    code: "locked",
    message: /^this needs a yes/,
    calls: [
      ["rm", "web/github", "--no-input"],
      ["key", "rm", "test", "--no-input"],
    ],
  },
  {
    title: "a write under --read-only",
    exit: 13,
    code: "read-only",
    message: /read-only/,
    calls: [...WRITES.map((call) => [...call, "--read-only"]), ["init", "--read-only"]],
  },
]);
