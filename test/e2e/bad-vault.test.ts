/** What pm refuses to open: other files, newer ones, damaged ones, older ones. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeRefusals, READS, type Refusal, WRITES } from "../support/refusals.ts";
import { fixChecksum, flipped, patched } from "../support/vault-builder.ts";

const SLOT_MEMORY_OFFSET = 68;
const READS_AND_WRITES = [...READS, ...WRITES];

function damage(change: (file: Uint8Array) => Uint8Array): Pick<Refusal, "prepare" | "calls" | "hint"> {
  return {
    prepare: ({ vault }) => writeFileSync(vault, change(readFileSync(vault))),
    calls: READS_AND_WRITES,
    hint: /./,
  };
}

describeRefusals([
  {
    title: "an existing vault",
    exit: 7,
    code: "conflict",
    message: /^there is a file at .* already$/,
    calls: [["init"], ["init", "--password-stdin"]],
    input: "new password",
  },
  {
    title: "not a vault",
    exit: 8,
    code: "not-a-vault",
    message: /^the file is not a pm vault$/,
    ...damage((file) => new Uint8Array(file.length).fill(0x41)),
  },
  {
    title: "a folder in the place of the vault",
    exit: 8,
    code: "not-a-vault",
    message: /is a folder$/,
    prepare: ({ vault }) => {
      rmSync(vault);
      mkdirSync(vault);
    },
    calls: READS_AND_WRITES,
  },
  {
    title: "a FIFO in the place of the vault, which nobody waits for",
    exit: 8,
    code: "not-a-vault",
    message: /is (?:a folder|not a (?:regular )?file)$/,
    prepare: ({ vault }) => {
      rmSync(vault);
      if (process.platform === "win32") mkdirSync(vault);
      else execFileSync("mkfifo", [vault]);
    },
    calls: READS_AND_WRITES,
  },
  {
    title: "a newer version",
    exit: 8,
    code: "unsupported-version",
    message: /^the vault uses format version 2/,
    hint: /update pm/,
    prepare: ({ vault }) => writeFileSync(vault, fixChecksum(patched(readFileSync(vault), 8, [2]))),
    calls: READS_AND_WRITES,
  },
  {
    title: "a flipped bit in the header",
    exit: 8,
    code: "header-checksum",
    message: /^the vault's header is damaged$/,
    ...damage((file) => flipped(file, 300, 3)),
  },
  {
    title: "a flipped bit in the body",
    exit: 8,
    code: "body-corrupt",
    message: /damaged|changed/,
    ...damage((file) => flipped(file, 4096 + 24 + 40, 0)),
  },
  {
    title: "truncation",
    exit: 8,
    code: "truncated",
    message: /^the file ends 1 bytes early$/,
    ...damage((file) => file.subarray(0, -1)),
  },
  {
    title: "an empty file",
    exit: 8,
    code: "truncated",
    message: /^the file has only 0 bytes/,
    ...damage(() => new Uint8Array(0)),
  },
  {
    title: "KDF parameters out of bounds",
    exit: 8,
    code: "kdf-out-of-bounds",
    message: /^the vault asks for a key derivation outside the limits: m=4194304 KiB/,
    ...damage((file) => fixChecksum(patched(file, SLOT_MEMORY_OFFSET, [0, 0x40, 0, 0]))),
  },
  {
    title: "no vault",
    exit: 3,
    code: "not-found",
    message: /^there is no vault at /,
    hint: /^pm init$/,
    prepare: ({ directory }) => rmSync(join(directory, "data"), { recursive: true }),
    calls: READS_AND_WRITES,
  },
  {
    title: "a dangling link for a vault",
    exit: 3,
    code: "not-found",
    message: /^there is no vault at /,
    prepare: ({ directory }) => symlinkSync("nowhere.pm", join(directory, "link.pm")),
    calls: READS_AND_WRITES,
    env: { PM_VAULT: "link.pm" },
  },
  {
    title: "a rollback of the file against local state",
    exit: 8,
    code: "rollback",
    message: /older/,
    hint: /pm restore --accept-rollback$/,
    prepare: async ({ vault, pm }) => {
      copyFileSync(vault, `${vault}.old`);
      await pm(["add", "later", "--no-secret"]);
      copyFileSync(`${vault}.old`, vault);
    },
    calls: READS_AND_WRITES,
  },
]);
