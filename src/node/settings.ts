/** The user's settings as every command reads them; settings-writer.ts changes them. */
import { isAbsolute } from "node:path";
import { fromUtf8 } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import type { Paths } from "./paths.ts";
import { fs } from "./fs.ts";

export interface Settings {
  /** An absolute path, or one of the names in `vaults`. */
  readonly vault?: string;
  /** Absolute paths by name; absent where none has a name. */
  readonly vaults?: ReadonlyMap<string, string>;
  /** Seconds. */
  readonly clipTime?: number;
  /** Characters of a generated password. */
  readonly length?: number;
  readonly color?: "auto" | "always" | "never";
  readonly kdf?: KdfProfile;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly lockTimeout?: number;
}

export type SettingRule =
  | { readonly kind: "vault" }
  | { readonly kind: "count"; readonly min: number; readonly max: number }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

export interface SettingDef {
  readonly field: Exclude<keyof Settings, "vaults">;
  /** One line, no final period. */
  readonly summary: string;
  readonly rule: SettingRule;
}

const DAY_S = 86_400;
/** The ceiling of the agent. */
const MAX_UNLOCKED_S = 43_200;

/** As they stand in the file and on the command line. */
export type SettingKey = "vault" | "clip-time" | "length" | "color" | "kdf" | "timeout" | "lock-timeout";

export const SETTINGS: Readonly<Record<SettingKey, SettingDef>> = {
  vault: { field: "vault", summary: "Vault file, or its name", rule: { kind: "vault" } },
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
  "lock-timeout": {
    field: "lockTimeout",
    summary: "Seconds without use until the agent locks the vault",
    rule: { kind: "count", min: 1, max: MAX_UNLOCKED_S },
  },
};

export type Place = Pick<Paths, "settings">;

export const MAX_FILE_BYTES: number = 64 * 1024;

/** Beside the settings in the file; `pm config vault` writes it. */
export const VAULTS_KEY = "vaults";
export const MAX_VAULTS = 100;
const MAX_PATH_CHARS = 4096;

/**
 * What the settings file says; nothing where there is none.
 * @throws PmError "usage" naming the key whose value can't be used, "io" where the file can't be read
 */
export function readSettings(paths: Place): Settings {
  const { [VAULTS_KEY]: named, ...values } = readSettingsFile(paths.settings);
  const vaults = parseVaults(named, paths.settings);
  const settings: Record<string, unknown> = vaults.size === 0 ? {} : { vaults };
  for (const [key, value] of Object.entries(values)) {
    const { field, rule } = SETTINGS[requireSettingKey(key, paths.settings)];
    if (!fitsRule(rule, value, vaults)) throw valueError(key, rule, paths.settings);
    settings[field] = value;
  }
  return settings;
}

/** A dash in front would be an option, a dot in front `.` and `..`. */
export function isVaultName(word: string): boolean {
  return /^(?![-.])[A-Za-z0-9._-]{1,64}$/.test(word);
}

/** Relative, it would mean another vault in every directory. */
export function isVaultPath(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= MAX_PATH_CHARS && isAbsolute(value) && !value.includes("\0")
  );
}

/** The file may have been written by hand, so nothing in it is taken for granted. */
export function parseVaults(value: unknown, file: string): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries: [string, unknown][] = isObject ? Object.entries(value) : [];
  const areNamed = entries.every(([name, path]) => isVaultName(name) && isVaultPath(path));
  if (isObject && areNamed && entries.length <= MAX_VAULTS) return new Map(entries as [string, string][]);
  throw new PmError("usage", `the vault names in ${file} are not names with absolute paths`, {
    hint: `pm config unset ${VAULTS_KEY}`,
  });
}

export function readSettingsFile(path: string): Readonly<Record<string, unknown>> {
  let bytes: Uint8Array;
  try {
    // What is too long is not read, and so no JSON.
    bytes = fs.statSync(path).size > MAX_FILE_BYTES ? new Uint8Array(0) : fs.readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return {};
    throw ioError(error, `can't read the settings ${path}`);
  }
  const value = parseJson(fromUtf8(bytes) ?? "");
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

export function requireSettingKey(key: string, file?: string): SettingKey {
  if (Object.hasOwn(SETTINGS, key)) return key as SettingKey;
  const where = file === undefined ? "" : ` in ${file}`;
  throw new PmError("usage", `there is no setting ${JSON.stringify(key)}${where}`, {
    hint: `settings: ${Object.keys(SETTINGS).join(", ")}`,
  });
}

export function fitsRule(rule: SettingRule, value: unknown, vaults: ReadonlyMap<string, string>): boolean {
  switch (rule.kind) {
    case "vault":
      return isVaultPath(value) || (typeof value === "string" && vaults.has(value));
    case "count":
      return Number.isInteger(value) && Number(value) >= rule.min && Number(value) <= rule.max;
    case "choice":
      return typeof value === "string" && rule.choices.includes(value);
  }
}

export function valueError(key: string, rule: SettingRule, file?: string): PmError {
  const where = file === undefined ? "" : ` in ${file}`;
  return new PmError("usage", `the setting "${key}"${where} expects ${expected(rule)}`, {
    hint: file === undefined ? `pm config set ${key} ${example(rule)}` : `pm config unset ${key}`,
  });
}

function expected(rule: SettingRule): string {
  switch (rule.kind) {
    case "vault":
      return "an absolute path, or a name that pm config vault add has given";
    case "count":
      return `a whole number from ${rule.min} to ${rule.max}`;
    case "choice":
      return rule.choices.join(", ").replace(/, (?=[^,]*$)/, " or ");
  }
}

function example(rule: SettingRule): string {
  switch (rule.kind) {
    case "vault":
      return "/path/to/vault.pm";
    case "count":
      return String(Math.min(rule.max, Math.max(rule.min, 20)));
    case "choice":
      return rule.choices[0] ?? "";
  }
}
