/** One-time codes as time goes on: a fresh one, and one after the other. */
import { windowAt } from "../core/otp/code.ts";
import type { TimeKey } from "../core/otp/otp-key.ts";
import type { Context } from "./context.ts";
import { type Code, codeToJson, nextCode, type OtpSource, secondsUntil } from "./otp-entry.ts";

/** A code with less left may be too late where it is typed or sent. */
const FRESH_MS = 5000;
const TICK_MS = 1000;
/** Back to the first column, and clear to the end of the line (ECMA-48 EL). */
const ERASE = "\r\u001b[K";

/** Waits for the next code where the current one is nearly over. */
export async function waitForFresh(ctx: Context, key: TimeKey): Promise<void> {
  const now = ctx.io.now();
  const { ends } = windowAt(key, now);
  if (ends - now >= FRESH_MS) return;
  await ctx.out.note(`waiting ${secondsUntil(ends, now)} s for the next code`);
  while (ctx.io.now() < ends) await pause(ctx, ends);
}

/** Goes on until Ctrl-C, or until a code finds nobody who reads it. The vault is closed: this may take days. */
export async function watchCodes(ctx: Context, source: OtpSource): Promise<void> {
  await ctx.closeVault();
  const { stdout } = ctx.io;
  if (stdout.isTTY && !ctx.globals.json) return await redraw(ctx, source);
  for (;;) {
    const code = await nextCode(ctx, source);
    await (ctx.globals.json ? ctx.out.json(codeToJson(code, ctx.io.now())) : ctx.out.line(code.text));
    if (stdout.isClosed === true) return;
    while (ctx.io.now() < endOf(code)) await pause(ctx, endOf(code));
  }
}

async function redraw(ctx: Context, source: OtpSource): Promise<void> {
  const { signal, stdout } = ctx.io;
  // A signal ends the process as soon as all have heard of it.
  const erase = (): void => void stdout.write(ERASE);
  signal.addEventListener("abort", erase, { once: true });
  try {
    for (;;) {
      const code = await nextCode(ctx, source);
      const left = secondsUntil(endOf(code), ctx.io.now());
      await stdout.write(`${ERASE}${code.text}  ${left} s`);
      await pause(ctx, endOf(code));
    }
  } finally {
    signal.removeEventListener("abort", erase);
  }
}

function endOf({ ends = 0 }: Code): number {
  return ends;
}

/** Up to the next second of the countdown. @throws PmError "interrupted" */
async function pause({ io }: Context, ends: number): Promise<void> {
  const left = ends - io.now();
  const ms = left % TICK_MS || TICK_MS;
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(io.signal.reason);
    };
    const timer = setTimeout(() => {
      io.signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    io.signal.addEventListener("abort", stop, { once: true });
    if (io.signal.aborted) stop();
  });
}
