import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { concat, fromHex, toBase64, utf8 } from "../../../src/core/bytes.ts";
import { describeWith } from "../../support/describe-with.ts";
import {
  caseFile,
  readBases,
  readCases,
  VECTOR_FOLDER,
  type VectorCredentials,
} from "../../support/format-vectors.ts";
import { partPath } from "../../support/parts.ts";

/** The reader takes whole vaults and keys as people have them: not the worked example, nor a bare token secret. */
const CASES = readCases().filter(
  ({ read, credentials }) => read === "all" && credentials.tokenSecret === undefined,
);

/** A newline ends the reader's password file, and is not part of the password. */
const NEWLINE = utf8("\n");

/** The files that the reader would be given, by its names for them. */
function readerFiles(given: VectorCredentials): Record<string, string> {
  const password = given.passwordHex === undefined ? maybeUtf8(given.password) : fromHex(given.passwordHex);
  const files: Record<string, Uint8Array | undefined> = {
    password: password && concat(password, NEWLINE),
    key: maybeUtf8(given.keyFile),
    recovery: maybeUtf8(given.recovery),
    token: maybeUtf8(given.machine),
    secret: maybeUtf8(given.secretKey),
  };
  const present = Object.entries(files).flatMap(([name, bytes]) =>
    bytes === undefined ? [] : [[name, toBase64(bytes)]],
  );
  return Object.fromEntries(present) as Record<string, string>;
}

function maybeUtf8(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : utf8(text);
}

describeWith(["python3"], "format vectors, a reader written from docs/format.md alone", () => {
  const bases = readBases();
  const input = CASES.map((vector) => ({
    file: toBase64(caseFile(bases.get(vector.base)?.bytes ?? new Uint8Array(0), vector)),
    credentials: readerFiles(vector.credentials),
  }));
  const script = fileURLToPath(new URL("../verdicts.py", VECTOR_FOLDER));
  const run = spawnSync(partPath("python3"), ["-B", script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
  const verdicts = run.status === 0 ? (JSON.parse(run.stdout) as string[]) : [];

  test("it runs", () => {
    expect(run.stderr).toBe("");
  });

  describe("it says of", () => {
    test.each(CASES.map((vector, n) => ({ ...vector, verdict: verdicts[n] })))(
      "$base $name: $expect",
      ({ verdict, expect: expected }) => {
        expect(verdict).toBe(expected);
      },
    );
  });
});
