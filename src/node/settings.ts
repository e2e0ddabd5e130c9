/** The user's settings: read directly, because every command does; written through conf, the only file that loads it. */
import { basename, dirname, extname, isAbsolute } from "node:path";
import type Conf from "conf";
import { fromUtf8 } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { createPrivateDirectory, type Paths } from "./paths.ts";
import { fs } from "./fs.ts";

const { readFileSync } = fs;

export interface Settings {
  /** An absolute path. */
  readonly vault?: string;
  /** Seconds. */
  readonly clipTime?: number;
  /** Characters of a generated password. */
  readonly length?: number;
  readonly color?: "auto" | "always" | "never";
  readonly kdf?: KdfProfile;
  /** Seconds. */
  readonly timeout?: number;
}

export type SettingRule =
  | { readonly kind: "path" }
  | { readonly kind: "count"; readonly min: number; readonly max: number }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

export interface SettingDef {
  readonly field: keyof Settings;
  /** One line, no final period. */
  readonly summary: string;
  readonly rule: SettingRule;
}

const DAY_S = 86_400;

/** As they stand in the file and on the command line. */
export type SettingKey = "vault" | "clip-time" | "length" | "color" | "kdf" | "timeout";

export const SETTINGS: Readonly<Record<SettingKey, SettingDef>> = {
  vault: { field: "vault", summary: "Vault file", rule: { kind: "path" } },
  "clip-time": {
    field: "clipTime",
    summary: "Seconds until the clipboard is cleared",
    rule: { kind: "count", min: 1, max: DAY_S },
  },
  length: {
    field: "length",
    summary: "Characters of a generated password",
    rule: { kind: "count", min: 1, max: 1024 },
  },
  color: {
    field: "color",
    summary: "When to use colours",
    rule: { kind: "choice", choices: ["auto", "always", "never"] },
  },
  kdf: {
    field: "kdf",
    summary: "Cost of the key derivation of new passwords",
    // The profiles of core/crypto/kdf.ts, which would have to be loaded for their names.
    rule: { kind: "choice", choices: ["constrained", "interactive", "strong", "paranoid"] },
  },
  timeout: {
    field: "timeout",
    summary: "Seconds to wait for another process to finish writing",
    rule: { kind: "count", min: 0, max: DAY_S },
  },
};

const MAX_FILE_BYTES = 64 * 1024;

/**
 * What the settings file says; nothing where there is none.
 * @throws PmError "usage" naming the key whose value can't be used, "io" where the file can't be read
 */
export function readSettings(paths: Pick<Paths, "settings">): Settings {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(readFile(paths.settings))) {
    const { field, rule } = SETTINGS[requireKey(key, paths.settings)];
    if (!fits(rule, value)) throw valueError(key, rule, paths.settings);
    settings[field] = value;
  }
  return settings;
}

/**
 * Sets `key` to what `text` means.
 * @throws PmError "usage" where there is no such key or it takes no such value
 */
export async function writeSetting(paths: Pick<Paths, "settings">, key: string, text: string): Promise<void> {
  const { rule } = SETTINGS[requireKey(key)];
  const value = rule.kind === "count" && /^\d{1,9}$/.test(text) ? Number(text) : text;
  if (!fits(rule, value)) throw valueError(key, rule);
  readFile(paths.settings);
  createPrivateDirectory(dirname(paths.settings));
  await change(paths.settings, (conf) => conf.set(key, value));
}

/** Back to the default. @throws PmError "usage" where there is no such key */
export async function removeSetting(paths: Pick<Paths, "settings">, key: string): Promise<void> {
  requireKey(key);
  if (!Object.hasOwn(readFile(paths.settings), key)) return;
  await change(paths.settings, (conf) => conf.delete(key));
}

function readFile(path: string): Readonly<Record<string, unknown>> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return {};
    throw ioError(error, `can't read the settings ${path}`);
  }
  const value = bytes.length > MAX_FILE_BYTES ? undefined : parseJson(fromUtf8(bytes) ?? "");
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new PmError("usage", `the settings ${path} are not a JSON object`, {
    hint: "mend the file or remove it",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requireKey(key: string, file?: string): SettingKey {
  if (Object.hasOwn(SETTINGS, key)) return key as SettingKey;
  const where = file === undefined ? "" : ` in ${file}`;
  throw new PmError("usage", `there is no setting ${JSON.stringify(key)}${where}`, {
    hint: `settings: ${Object.keys(SETTINGS).join(", ")}`,
  });
}

function fits(rule: SettingRule, value: unknown): boolean {
  switch (rule.kind) {
    case "path":
      // A relative one would mean another vault in every directory.
      return typeof value === "string" && isAbsolute(value) && !value.includes("\0");
    case "count":
      return Number.isInteger(value) && Number(value) >= rule.min && Number(value) <= rule.max;
    case "choice":
      return typeof value === "string" && rule.choices.includes(value);
  }
}

function valueError(key: string, rule: SettingRule, file?: string): PmError {
  const where = file === undefined ? "" : ` in ${file}`;
  return new PmError("usage", `the setting "${key}"${where} expects ${expected(rule)}`, {
    hint: file === undefined ? `pm config set ${key} ${example(rule)}` : `pm config unset ${key}`,
  });
}

function expected(rule: SettingRule): string {
  switch (rule.kind) {
    case "path":
      return "an absolute path";
    case "count":
      return `a whole number from ${rule.min} to ${rule.max}`;
    case "choice":
      return rule.choices.join(", ").replace(/, (?=[^,]*$)/, " or ");
  }
}

function example(rule: SettingRule): string {
  switch (rule.kind) {
    case "path":
      return "/path/to/vault.pm";
    case "count":
      return String(Math.min(rule.max, Math.max(rule.min, 20)));
    case "choice":
      return rule.choices[0] ?? "";
  }
}

async function change(path: string, apply: (conf: Conf) => void): Promise<void> {
  const { default: Store } = await import("conf");
  const extension = extname(path);
  try {
    apply(
      new Store({
        cwd: dirname(path),
        configName: basename(path, extension),
        fileExtension: extension.slice(1),
        configFileMode: 0o600,
        accessPropertiesByDotNotation: false,
        // A typo must not cost all the other settings.
        clearInvalidConfig: false,
      }),
    );
  } catch (error) {
    throw ioError(error, `can't write the settings ${path}`);
  }
}
