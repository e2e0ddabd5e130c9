/** Where the values that `get` read go: stdout, a private file, the clipboard or a QR code on the terminal. */
import { concat, utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";

export type Destination =
  | { readonly to: "stdout"; readonly newline: boolean }
  | { readonly to: "json" }
  | { readonly to: "file"; readonly path: string; readonly overwrite: boolean }
  | { readonly to: "clipboard"; readonly seconds: number }
  | { readonly to: "qr" };

export interface DestinationOptions {
  readonly clip: string | undefined;
  readonly output: string | undefined;
  readonly overwrite: boolean;
  readonly "no-newline": boolean;
  readonly qr: boolean;
}

/** @throws PmError "usage" for more than one destination, "unavailable" for a QR code where no terminal is */
export async function destinationOf(ctx: Context, options: DestinationOptions): Promise<Destination> {
  const { clip, output, overwrite, qr } = options;
  const given = [
    ...(clip === undefined ? [] : ["--clip"]),
    ...(output === undefined ? [] : ["--output"]),
    ...(qr ? ["--qr"] : []),
    ...(ctx.globals.json ? ["--json"] : []),
  ];
  if (given.length > 1) throw new PmError("usage", `${given.join(" and ")} exclude each other`);
  if (overwrite && output === undefined) throw new PmError("usage", "--overwrite goes with --output only");
  if (clip !== undefined) {
    const { clipSeconds } = await import("./clip-time.ts");
    return { to: "clipboard", seconds: clipSeconds(ctx, clip) };
  }
  if (output !== undefined) return { to: "file", path: output, overwrite };
  if (qr) {
    const { requireScreen } = await import("./qr-screen.ts");
    requireScreen(ctx);
    return { to: "qr" };
  }
  return ctx.globals.json ? { to: "json" } : { to: "stdout", newline: !options["no-newline"] };
}

export async function deliver(
  ctx: Context,
  values: readonly Uint8Array[],
  destination: Exclude<Destination, { to: "json" }>,
): Promise<void> {
  switch (destination.to) {
    case "stdout":
      for (const value of values) await ctx.out.value(value, values.length > 1 || destination.newline);
      return;
    case "file":
      return save(ctx, values, destination);
    case "clipboard":
      return copy(ctx, values, destination.seconds);
    case "qr":
      return show(ctx, values);
  }
}

async function save(
  ctx: Context,
  values: readonly Uint8Array[],
  file: { readonly path: string; readonly overwrite: boolean },
): Promise<void> {
  // One value is written as it is: a key file must equal the key that was stored.
  const isOne = values.length === 1;
  const bytes = concat(...(isOne ? values : values.flatMap((value) => [value, utf8("\n")])));
  try {
    if (file.path === "-") return await ctx.out.raw(bytes);
    await ctx.writeFile(file.path, bytes, { overwrite: file.overwrite });
  } finally {
    wipe(bytes);
  }
}

async function copy(ctx: Context, values: readonly Uint8Array[], seconds: number): Promise<void> {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new PmError("usage", "--clip takes one field at a time");
  await ctx.clip(value, seconds);
}

async function show(ctx: Context, values: readonly Uint8Array[]): Promise<void> {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new PmError("usage", "--qr takes one field at a time");
  const { showQr } = await import("./qr-screen.ts");
  await showQr(ctx, value);
}
