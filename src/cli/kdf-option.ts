/** What a new password slot costs: the option, then the setting, then the default. */
import { DEFAULT_KDF_PROFILE, KDF_PROFILES, type KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";

export const KDF_OPTION = {
  kind: "value",
  hint: "PROFILE",
  choices: ["constrained", "interactive", "strong", "paranoid"],
  summary: "Cost of a guess of the password",
} as const;

export const KDF_DETAILS =
  "The profiles of --kdf say how much memory and time one guess of the password takes: constrained 64 MiB, interactive 128 MiB (the default), strong 256 MiB, paranoid 1 GiB. Opening the vault takes the same.";

export function chooseProfile(ctx: Pick<Context, "settings">, option: string | undefined): KdfProfile {
  if (option === undefined) return ctx.settings().kdf ?? DEFAULT_KDF_PROFILE;
  if (isProfile(option)) return option;
  throw new PmError("usage", `"${option}" is not a KDF profile`, {
    hint: Object.keys(KDF_PROFILES).join(", "),
  });
}

function isProfile(word: string): word is KdfProfile {
  return Object.hasOwn(KDF_PROFILES, word);
}
