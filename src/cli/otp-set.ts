/** The secret that a site shows, on its way into an entry: checked before it is saved. */
import { fromUtf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { formatOtp, type OtpKey, parseOtpOf } from "../core/otp/otp-key.ts";
import type { Row } from "../core/vault/model.ts";
import { parseFieldName } from "../core/vault/names.ts";
import { OTP_FIELD } from "../core/vault/types.ts";
import type { Context } from "./context.ts";
import { judgeFields } from "./fields.ts";
import { findEntry } from "./lookup.ts";
import type { OtpName } from "./otp-entry.ts";
import { reportSaved } from "./report.ts";
import { withoutNewline } from "./stdin.ts";
import { requireTerminal } from "./terminal.ts";
import { fieldOf } from "./values.ts";

export interface OtpInput {
  /** A picture with a QR code; standard input or a question where it is missing. */
  readonly image: string | undefined;
  /** Which one of an export with several. */
  readonly account: string | undefined;
}

/** An export of Google Authenticator has a few kilobytes for each code. */
const MAX_INPUT_BYTES = 65_536;

export async function setOtp(
  ctx: Context,
  { name, field = OTP_FIELD }: OtpName,
  input: OtpInput,
): Promise<void> {
  const session = await ctx.vault({ write: true });
  const row = await findEntry(ctx, name, { live: true });
  const { fields: existing } = await session.entry(row.id);
  const rules = { type: row.type, existing, secretsInArgv: false };
  const arg = { name: parseFieldName(field), source: { kind: "stdin" }, concealed: true } as const;
  const [judged = arg] = judgeFields([arg], rules);
  const value = await readValue(ctx, row, input);
  const set = [fieldOf(judged.name, value, true)];
  wipe(value);
  const tags = { addTags: [], removeTags: [] };
  const result = await session.edit([{ kind: "update", id: row.id, set, unset: [], ...tags, meta: {} }]);
  await reportSaved(ctx, result, `set field "${judged.name}" of "${row.path}"`);
}

/** What is to be saved: as it was given, or one account of an export as a URI. The caller wipes it. */
async function readValue(ctx: Context, row: Row, { image, account }: OtpInput): Promise<Uint8Array> {
  const { subject, text } = await (image === undefined ? readText(ctx, row) : readImage(ctx, image));
  const { isMigration, parseMigration } = await import("../core/otp/migration.ts");
  const encoder = new TextEncoder();
  if (isMigration(text)) return encoder.encode(formatOtp(chosen(subject, parseMigration(text), account)));
  if (account !== undefined) {
    throw new PmError("usage", `--account is for an export with several, and ${subject} is none`);
  }
  parseOtpOf(subject, text);
  return encoder.encode(text);
}

interface Given {
  /** What messages call it. */
  readonly subject: string;
  readonly text: string;
}

async function readText(ctx: Context, { path }: Row): Promise<Given> {
  const isTyped = ctx.io.stdin.isTTY;
  const bytes = isTyped ? await ask(ctx, path) : await ctx.input(MAX_INPUT_BYTES);
  const subject = isTyped ? "what was typed" : "standard input";
  const text = fromUtf8(withoutNewline(bytes));
  wipe(bytes);
  if (text === undefined) throw new PmError("usage", `${subject} is no text`);
  if (text === "")
    throw new PmError("usage", `${subject} is empty`, { hint: "an otpauth URI, or a base32 secret" });
  return { subject, text };
}

async function ask(ctx: Context, path: string): Promise<Uint8Array> {
  const hint = "give it on standard input, or --qr-image FILE";
  using terminal = requireTerminal(ctx, "the secret of the codes is needed", hint);
  const { escapeControls } = await import("./escape.ts");
  return await terminal.readSecret(`Secret or otpauth URI for ${escapeControls(path)}: `);
}

async function readImage(ctx: Context, path: string): Promise<Given> {
  const { readQrImage } = await import("../node/image/qr-code.ts");
  const text = await readQrImage(path, ctx.io.cwd);
  const subject = `the QR code in "${path}"`;
  // Any text could be a secret alone: of a code with a greeting in it nobody wants to make codes.
  if (/^\s*(otpauth|otpauth-migration|steam):/i.test(text)) return { subject, text };
  throw new PmError("usage", `${subject} holds no otpauth URI`, {
    hint: "take the one that sets up an authenticator",
  });
}

function chosen(subject: string, keys: readonly OtpKey[], account: string | undefined): OtpKey {
  const [first, second] = keys;
  if (account === undefined && first !== undefined && second === undefined) return first;
  const details = keys.map((key, index) => `${index + 1}  ${labelOf(key)}`);
  if (account === undefined) {
    throw new PmError("ambiguous", `${subject} holds ${keys.length} accounts`, {
      details,
      hint: "--account 1",
    });
  }
  const isNumber = /^\d{1,4}$/.test(account);
  const found = isNumber
    ? keys.slice(Number(account) - 1, Number(account))
    : keys.filter((key) => isCalled(key, account));
  const [key, another] = account === "0" ? [] : found;
  if (key === undefined) {
    throw new PmError("not-found", `${subject} holds no account "${account}"`, {
      details,
      hint: "--account 1",
    });
  }
  if (another === undefined) return key;
  throw new PmError("ambiguous", `${subject} holds ${found.length} accounts "${account}"`, {
    details,
    hint: "give its number",
  });
}

function labelOf({ issuer, account }: OtpKey): string {
  return [issuer, account].filter((text) => text !== undefined).join(": ") || "(no name)";
}

function isCalled(key: OtpKey, name: string): boolean {
  const lower = name.toLowerCase();
  return [key.account, key.issuer, labelOf(key)].some((known) => known?.toLowerCase() === lower);
}
