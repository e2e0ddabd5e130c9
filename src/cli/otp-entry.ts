/** The secret of one-time codes in an entry, and the next code of it. */
import { hasCode, PmError } from "../core/errors.ts";
import { codeAt, windowAt } from "../core/otp/code.ts";
import { type CounterKey, type OtpKey, otpOf, type TimeKey } from "../core/otp/otp-key.ts";
import type { Entry, Field } from "../core/vault/model.ts";
import { findField, OTP_FIELD } from "../core/vault/types.ts";
import type { Context } from "./context.ts";
import { findEntry, warnAbout } from "./lookup.ts";
import { shellWord } from "./shell-word.ts";

/** As the arguments of `pm otp` name it. */
export interface OtpName {
  readonly name: string;
  readonly field: string | undefined;
}

export interface OtpSource {
  readonly entry: Entry;
  readonly field: Field;
  readonly key: OtpKey;
}

export interface Code {
  readonly source: OtpSource;
  readonly text: string;
  /** Of a code by time: epoch milliseconds. */
  readonly ends?: number;
}

/** As often another process may take a counted code between our reading and our saving. */
const MAX_TRIES = 10;

/** Read to be used: what a use-only entry gives are codes, and not what they are made of. */
export async function readOtp(ctx: Context, { name, field }: OtpName): Promise<OtpSource> {
  const { id } = await findEntry(ctx, name);
  const source = await sourceOf(await entryToUse(ctx, id), field);
  await warnAbout(ctx, source.entry, [source.field]);
  return source;
}

async function entryToUse(ctx: Context, id: string): Promise<Entry> {
  return await (await ctx.vault()).entry(id, "use");
}

async function sourceOf(entry: Entry, name: string | undefined): Promise<OtpSource> {
  const field = await otpField(entry, name);
  return { entry, field, key: otpOf(entry, field) };
}

/** @throws PmError "not-found" */
export async function otpField(entry: Entry, name: string = OTP_FIELD): Promise<Field> {
  if (name === OTP_FIELD && !entry.fields.some((field) => field.name.toLowerCase() === OTP_FIELD)) {
    throw new PmError("not-found", `"${entry.path}" has no field "${OTP_FIELD}"`, {
      hint: `pm otp ${shellWord(entry.path)} --set takes the secret that a site shows`,
    });
  }
  return await findField(entry, name);
}

/** @throws PmError "usage" for codes that are counted */
export function requireTimed({ key, entry }: OtpSource, option: string): TimeKey {
  if (key.kind !== "hotp") return key;
  throw new PmError("usage", `${option} is for codes by time, and "${entry.path}" counts its codes`, {
    hint: `pm otp ${shellWord(entry.path)}`,
  });
}

/** The current code; a counted one was saved as used. */
export async function nextCode(ctx: Context, source: OtpSource): Promise<Code> {
  const { key } = source;
  if (key.kind === "hotp") return await countedCode(ctx, source);
  const { counter, ends } = windowAt(key, ctx.io.now());
  return { source, text: await codeAt(key, counter), ends };
}

async function countedCode(ctx: Context, first: OtpSource): Promise<Code> {
  const { id, path, trashed } = first.entry;
  if (trashed) {
    throw new PmError("not-found", `"${path}" is in the trash`, { hint: `pm trash restore id:${id}` });
  }
  await ctx.vault({ write: true });
  let source = first;
  for (let tries = 1; source.key.kind === "hotp"; tries++) {
    try {
      await saveNext(ctx, source, source.key);
      return { source, text: await codeAt(source.key, source.key.counter) };
    } catch (error) {
      if (!hasCode(error, "conflict") || tries === MAX_TRIES) throw error;
      source = await sourceOf(await entryToUse(ctx, id), first.field.name);
    }
  }
  return await nextCode(ctx, source);
}

/** Before the code is shown: one that is given out twice is worth nothing the second time. */
async function saveNext(ctx: Context, { entry, field }: OtpSource, key: CounterKey): Promise<void> {
  const [{ withCounter }, { reportDurability }] = await Promise.all([
    import("../core/otp/counter.ts"),
    import("./report.ts"),
  ]);
  const next = { ...field, text: withCounter(field.text, key.counter + 1) };
  const tags = { addTags: [], removeTags: [] };
  const expected = { fields: [field], absent: [] };
  const update = {
    kind: "update",
    id: entry.id,
    set: [next],
    unset: [],
    ...tags,
    meta: {},
    expected,
  } as const;
  await reportDurability(ctx, await (await ctx.vault()).edit([update]));
}

export function codeToJson({ source, text, ends }: Code, nowMs: number): object {
  const { entry, field, key } = source;
  const what = { v: 1, id: entry.id, path: entry.path, field: field.name, type: key.kind, code: text };
  if (key.kind === "hotp") return { ...what, counter: key.counter };
  return { ...what, period: key.period, remaining: secondsUntil(ends ?? nowMs, nowMs) };
}

export function secondsUntil(ends: number, nowMs: number): number {
  return Math.ceil((ends - nowMs) / 1000);
}
