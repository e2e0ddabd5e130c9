/** The secret of one-time codes as a URI, or as a QR code for a telephone. It is shown like any secret. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { otpUri } from "../core/otp/otp-field.ts";
import type { Context } from "./context.ts";
import { findEntry, readWanted, warnAbout } from "./lookup.ts";
import { otpField, type OtpName } from "./otp-entry.ts";

/** What level M of the largest code holds (ISO/IEC 18004 table 7). */
const MAX_QR_BYTES = 2331;

/** @param clipSeconds for the clipboard in the place of stdout */
export async function showUri(ctx: Context, name: OtpName, clipSeconds: number | undefined): Promise<void> {
  const { entry, field, uri } = await readUri(ctx, name);
  if (ctx.globals.json) {
    return await ctx.out.json({ v: 1, id: entry.id, path: entry.path, field: field.name, uri });
  }
  const bytes = utf8(uri);
  try {
    await (clipSeconds === undefined ? ctx.out.value(bytes, true) : ctx.clip(bytes, clipSeconds));
  } finally {
    wipe(bytes);
  }
}

/** @throws PmError "unavailable" where no terminal can show it */
export async function showQr(ctx: Context, name: OtpName): Promise<void> {
  if (!ctx.io.stdout.isTTY || ctx.io.env["TERM"] === "dumb") {
    throw new PmError("unavailable", "a QR code needs a terminal that can show it", {
      hint: "--uri prints the text of it",
    });
  }
  const { uri } = await readUri(ctx, name);
  if (utf8(uri).length > MAX_QR_BYTES) {
    throw new PmError("limit", `a QR code holds at most ${MAX_QR_BYTES} bytes`, {
      hint: "--uri prints the text",
    });
  }
  const { qrLines } = await import("./qr.ts");
  await ctx.out.lines((await qrLines(uri)).split("\n"));
}

async function readUri(ctx: Context, { name, field }: OtpName) {
  const { id } = await findEntry(ctx, name);
  const { entry, fields } = await readWanted(ctx, id, async (read) => [await otpField(read, field)]);
  await warnAbout(ctx, entry, fields);
  const [found] = fields;
  if (found === undefined) throw new PmError("error", "no field was read");
  return { entry, field: found, uri: otpUri(entry, found) };
}
