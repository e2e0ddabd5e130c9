/** What the package offers to other programs, and that it is enough to read a vault. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { toHex } from "../src/core/bytes.ts";
import type { Entry } from "../src/core/vault/model.ts";
import { publishedEntry } from "./support/format-vectors.ts";
import { KEY_FILE_SECRET } from "./support/vault-builder.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VECTOR = JSON.parse(readFileSync(new URL("vectors/format/PMV1-008.json", import.meta.url), "utf8")) as {
  file: string;
  entries: readonly unknown[];
};

/** Runs a module in Node that takes the package by its name, as another program would. */
function run(source: string): unknown {
  const input = `import * as pm from "pm-vault";\n${source}`;
  const stdout = execFileSync(process.execPath, ["--input-type=module", "-"], {
    cwd: ROOT,
    input,
    encoding: "utf8",
  });
  return JSON.parse(stdout);
}

test("a name goes away only with a new major version", () => {
  expect(run("console.log(JSON.stringify(Object.keys(pm).toSorted()))")).toMatchInlineSnapshot(`
    [
      "DEFAULT_KDF_PROFILE",
      "ENTRY_TYPES",
      "KDF_PROFILES",
      "Key",
      "PmError",
      "bytesSource",
      "equalBytes",
      "formatKeyFile",
      "formatRecipe",
      "formatRecoveryCode",
      "formatToken",
      "fromBase64",
      "fromBase64url",
      "fromHex",
      "fromUtf8",
      "generate",
      "hasCode",
      "listRows",
      "newToken",
      "nobleBackend",
      "openBody",
      "parseIndex",
      "parseKeyFile",
      "parseRecipe",
      "parseRecord",
      "parseRecoveryCode",
      "parseToken",
      "pick",
      "randomInt",
      "readContent",
      "readHeader",
      "readWholeContent",
      "requireTrusted",
      "resolveName",
      "shuffle",
      "strength",
      "toBase64",
      "toBase64url",
      "toHex",
      "tokenWrapSecret",
      "unwrapRootKey",
      "utf8",
      "verifyContent",
      "viewEntry",
      "viewRow",
      "wipe",
    ]
  `);
});

test("nothing but the core and package.json can be imported", () => {
  const attempt = (path: string): unknown =>
    run(`const code = await import("${path}").then(() => "ok", (error) => error.code);
console.log(JSON.stringify(code));`);
  expect(attempt("pm-vault/package.json")).not.toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  expect(attempt("pm-vault/dist/node/crypto.js")).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
});

test("is enough to read a vault with", () => {
  const source = `
const file = pm.fromBase64(${JSON.stringify(VECTOR.file)});
const source = pm.bytesSource(file);
const header = pm.readHeader(pm.nobleBackend, source);
const secrets = { keyFile: pm.fromHex("${toHex(KEY_FILE_SECRET)}") };
const { rootKey } = await pm.unwrapRootKey(pm.nobleBackend, header, secrets);
const body = pm.openBody(pm.nobleBackend, source, { header, rootKey: rootKey.bytes });
const content = pm.readWholeContent(body);
pm.verifyContent(pm.nobleBackend, content);
const entries = pm.parseIndex(content.index).rows.map(([id, offset, length]) =>
  pm.viewEntry(pm.parseRecord(content.record({ offset, length }), id)));
console.log(JSON.stringify(entries));`;
  const entries = run(source) as readonly Entry[];
  expect(entries.map(publishedEntry)).toEqual(VECTOR.entries);
});
