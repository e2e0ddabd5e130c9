/** What each setting is for this call, and which of flag, environment, file and default says so. */
import { DEFAULT_KDF_PROFILE } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import { DEFAULT_LENGTH } from "../core/generate/recipe-parts.ts";
import type { Settings } from "../node/settings.ts";
import { DEFAULT_CLIP_SECONDS } from "./clip-time.ts";
import type { Context } from "./context.ts";
import { DEFAULT_LOCK_SECONDS } from "./lock-time.ts";
import { DEFAULT_TIMEOUT_S } from "./vault-path.ts";

export type Origin = "flag" | "environment" | "config" | "default";

export interface EffectiveSetting {
  readonly key: string;
  readonly value: string | number;
  readonly origin: Origin;
}

type Value = string | number | undefined;

/** Where a setting may come from, in the order of precedence. */
interface Sources {
  readonly flag?: Value;
  readonly environment?: Value;
  readonly config: Value;
  readonly default: string | number;
}

export function effectiveSettings(ctx: Context): readonly EffectiveSetting[] {
  const settings = ctx.settings();
  return Object.entries(sourcesOf(ctx, settings)).map(([key, sources]) => ({ key, ...first(sources) }));
}

function sourcesOf({ globals, io: { env }, paths }: Context, settings: Settings): Record<string, Sources> {
  const { NO_COLOR: noColor, PM_VAULT: vault, PM_CLIP_TIME: clipTime, PM_LENGTH: length } = env;
  const { PM_LOCK_TIMEOUT: lockTimeout } = env;
  const { timeoutMs } = globals;
  return {
    vault: { flag: globals.vault, environment: vault, config: settings.vault, default: paths.vault },
    "clip-time": { environment: clipTime, config: settings.clipTime, default: DEFAULT_CLIP_SECONDS },
    length: { environment: length, config: settings.length, default: DEFAULT_LENGTH },
    color: {
      // NO_COLOR counts as "never" among the globals already.
      flag: noColor && globals.color === "never" ? undefined : globals.color,
      environment: noColor ? "never" : undefined,
      config: settings.color,
      default: "auto",
    },
    kdf: { config: settings.kdf, default: DEFAULT_KDF_PROFILE },
    timeout: {
      flag: timeoutMs === undefined ? undefined : timeoutMs / 1000,
      config: settings.timeout,
      default: DEFAULT_TIMEOUT_S,
    },
    "lock-timeout": {
      environment: lockTimeout,
      config: settings.lockTimeout,
      default: DEFAULT_LOCK_SECONDS,
    },
  };
}

/** An empty variable counts as unset here, as it does where the setting is used. */
function first(sources: Sources): { readonly value: string | number; readonly origin: Origin } {
  for (const origin of ["flag", "environment", "config"] as const) {
    const value = sources[origin];
    if (value === undefined || value === "") continue;
    const isNumber = typeof sources.default === "number" && /^\d+$/.test(String(value));
    return { value: isNumber ? Number(value) : value, origin };
  }
  return { value: sources.default, origin: "default" };
}

/** @throws PmError "usage" where there is no such setting */
export function effectiveSetting(ctx: Context, key: string): EffectiveSetting {
  const all = effectiveSettings(ctx);
  const found = all.find((setting) => setting.key === key);
  if (found !== undefined) return found;
  throw new PmError("usage", `there is no setting "${key}"`, {
    hint: `settings: ${all.map((setting) => setting.key).join(", ")}`,
  });
}

export async function setSetting(ctx: Context, key: string, value: string): Promise<void> {
  const { writeSetting } = await import("../node/settings-writer.ts");
  await writeSetting(ctx.paths, key, value);
}

export async function unsetSetting(ctx: Context, key: string): Promise<void> {
  const { removeSetting } = await import("../node/settings-writer.ts");
  await removeSetting(ctx.paths, key);
}
