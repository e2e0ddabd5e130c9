/** Values as QR codes on a terminal, for a phone that is held before it. */
import { fromUtf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";

/** ISO/IEC 18004: bytes that the largest code, version 40, has room for at level M. */
const MAX_QR_BYTES = 2331;

type Screen = Pick<Context, "io">;

/**
 * Before anything is read: nothing else than a person's screen gets the code.
 * @throws PmError "unavailable"
 */
export function requireScreen({ io }: Screen): void {
  const hint = "run it at a terminal, or leave out --qr";
  if (!io.stdout.isTTY) throw new PmError("unavailable", "standard output is no terminal for --qr", { hint });
  if (io.env["TERM"] === "dumb")
    throw new PmError("unavailable", "a dumb terminal can't show a QR code", { hint });
}

/** @throws PmError "usage" for bytes that are no text, "limit" for too many, "unavailable" where the code is too wide */
export async function showQr({ io, out }: Screen & Pick<Context, "out">, value: Uint8Array): Promise<void> {
  const text = fromUtf8(value);
  if (text === undefined) throw new PmError("usage", "the value is no text, and a QR code would not hold it");
  if (value.length > MAX_QR_BYTES) {
    throw new PmError("limit", `the value has ${value.length} bytes; a QR code holds ${MAX_QR_BYTES}`, {
      hint: "write it to a file with -o FILE",
    });
  }
  const { qrLines } = await import("./qr.ts");
  const lines = (await qrLines(text)).split("\n");
  const width = Math.max(...lines.map((line) => line.length));
  if (width > io.stdout.columns) {
    throw new PmError(
      "unavailable",
      `the QR code needs ${width} columns, the terminal has ${io.stdout.columns}`,
      {
        hint: "make the window wider, or its letters smaller",
      },
    );
  }
  await out.lines(lines);
}
