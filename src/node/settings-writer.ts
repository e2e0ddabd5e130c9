/** Changes the user's settings, through conf: the only file that loads it. */
import { basename, dirname, extname } from "node:path";
import type Conf from "conf";
import { utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { ioError } from "./io-error.ts";
import { createPrivateDirectory } from "./paths.ts";
import {
  fitsRule,
  MAX_FILE_BYTES,
  parseVaults,
  type Place,
  readSettingsFile,
  requireSettingKey,
  SETTINGS,
  valueError,
  VAULTS_KEY,
} from "./settings.ts";

/**
 * Sets `key` to what `text` means.
 * @throws PmError "usage" where there is no such key or it takes no such value
 */
export async function writeSetting(paths: Place, key: string, text: string): Promise<void> {
  const { rule } = SETTINGS[requireSettingKey(key)];
  const value = rule.kind === "count" && /^\d{1,9}$/.test(text) ? Number(text) : text;
  const vaults = parseVaults(readSettingsFile(paths.settings)[VAULTS_KEY], paths.settings);
  if (!fitsRule(rule, value, vaults)) throw valueError(key, rule);
  await writeKey(paths, key, value);
}

/** Replaces the names of vaults. */
export async function writeVaults(paths: Place, vaults: ReadonlyMap<string, string>): Promise<void> {
  // Not Object.assign and the like: "__proto__" is a name as good as any.
  await writeKey(paths, VAULTS_KEY, Object.fromEntries(vaults));
}

/** @throws PmError "limit" where the file would be longer than {@link readSettings} reads */
async function writeKey(paths: Place, key: string, value: unknown): Promise<void> {
  const next = JSON.stringify({ ...readSettingsFile(paths.settings), [key]: value }, undefined, "\t");
  if (utf8(next).length >= MAX_FILE_BYTES) {
    throw new PmError("limit", `the settings ${paths.settings} would be over ${MAX_FILE_BYTES / 1024} KiB`, {
      hint: "pm config vault ls shows the names; pm config vault rm NAME forgets one",
    });
  }
  createPrivateDirectory(dirname(paths.settings));
  await change(paths.settings, (conf) => conf.set(key, value));
}

/** Back to the default. @throws PmError "usage" where there is no such key */
export async function removeSetting(paths: Place, key: string): Promise<void> {
  if (key !== VAULTS_KEY) requireSettingKey(key);
  if (!Object.hasOwn(readSettingsFile(paths.settings), key)) return;
  await change(paths.settings, (conf) => conf.delete(key));
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
