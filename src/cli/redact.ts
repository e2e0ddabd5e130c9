/** `pm redact`: standard input without the secrets of the vault, as it comes. */
import { PmError } from "../core/errors.ts";
import { isMaskable } from "../core/references/forms.ts";
import { createMasker, type Masker } from "../core/references/masker.ts";
import type { Context } from "./context.ts";
import { readSecrets, wipeSecrets } from "./vault-secrets.ts";

/** A prompt shows up before anyone wonders. */
const IDLE_MS = 25;

/** @param only patterns for entries; none: all of them */
export async function redact(ctx: Context, only: readonly string[]): Promise<void> {
  const masker = await maskerOf(ctx, only);
  const { stdin, stdout } = ctx.io;
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length > 0) await (stdout.isTTY ? ctx.out.value(bytes, false) : stdout.write(bytes));
  };
  // The first line is pm's, also where no password was needed.
  if (ctx.globals.passwordStdin) await ctx.stdin.password();
  // What comes may have no end: where nobody reads it any more it is left.
  while (stdout.isClosed !== true) {
    const chunk = await withPauses(stdin.readSome(), () => write(masker.idle()));
    if (chunk.length === 0) break;
    await write(masker.push(chunk));
  }
  await write(masker.end());
}

async function maskerOf(ctx: Context, only: readonly string[]): Promise<Masker> {
  const secrets = await readSecrets(ctx, only);
  try {
    const short = secrets.filter(({ bytes }) => !isMaskable(bytes));
    if (short.length > 0) await ctx.out.warn(shortText(short.map(({ name }) => name)));
    if (secrets.length === 0) {
      throw new PmError("not-found", "there is no secret to look for", { hint: "pm ls shows all the names" });
    }
    return createMasker(secrets);
  } finally {
    wipeSecrets(secrets);
    // What comes may take days.
    await ctx.closeVault();
  }
}

function shortText([first = "", ...more]: readonly string[]): string {
  const others = more.length === 0 ? "" : ` and of ${more.length} more`;
  return `the value of ${first}${others} is too short to be masked`;
}

/** The result of `work`; `pause` runs once where it takes a while. */
async function withPauses<T>(work: Promise<T>, pause: () => Promise<unknown>): Promise<T> {
  let paused: Promise<unknown> | undefined;
  const timer = setTimeout(() => {
    paused = pause();
  }, IDLE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    await paused;
  }
}
