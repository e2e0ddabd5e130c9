/** Values are opaque, and a secret with a typing error would be noticed when its codes are needed. */
import { PmError } from "../core/errors.ts";
import { otpOf } from "../core/otp/otp-key.ts";
import type { Field } from "../core/vault/model.ts";
import type { Context } from "./context.ts";

/** Says so where no codes can be made of what is stored all the same. */
export async function warnAboutOtp(ctx: Context, field: Field): Promise<void> {
  try {
    otpOf(undefined, field);
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    await ctx.out.warn(`${error.message}; pm otp makes no codes of it`);
  }
}
