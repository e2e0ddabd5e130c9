/** The new keys of `pm rekey` on their way out, and the save that makes them open something. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { escapeControls } from "./escape.ts";
import { kitPage } from "./kit-page.ts";
import type { Kit } from "./kit.ts";
import { isFile, withFiles } from "./secret-output.ts";

export interface NewKeyText {
  readonly type: string;
  readonly label: string;
  /** As it is printed; undefined where the terminal has shown it. */
  readonly text: string | undefined;
}

export interface Delivery {
  readonly keys: readonly NewKeyText[];
  /** Undefined and "-" mean stdout. */
  readonly tokenFile: string | undefined;
  readonly page: { readonly file: string; readonly kit: Kit } | undefined;
  /** What --json says beside the keys. */
  readonly facts: object;
}

/**
 * Hands the keys over and saves. Not the other way round: a vault whose only codes nobody has seen could be
 * lost for ever, a printed code that opens nothing is only a nuisance.
 */
export async function deliverAndSave(
  ctx: Context,
  delivery: Delivery,
  save: () => Promise<void>,
): Promise<void> {
  const { keys, tokenFile, page } = delivery;
  const lines = utf8(keys.map(line).join(""));
  const pageBytes = page === undefined ? undefined : utf8(await kitPage(page.kit));
  const files = [
    ...(page === undefined || pageBytes === undefined ? [] : [{ path: page.file, bytes: pageBytes }]),
    ...(isFile(tokenFile) ? [{ path: tokenFile, bytes: lines }] : []),
  ];
  const prints = printsKeys(delivery);
  let isHandedOver = false;
  try {
    await withFiles(ctx, files, async () => {
      await flushNames(ctx, files);
      if (prints) await printKeys(ctx, delivery, lines);
      isHandedOver = true;
      await save();
    });
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    throw isHandedOver ? withFate(error, { files, prints }) : withDetails(error, []);
  } finally {
    wipe(lines, pageBytes);
  }
}

function line({ type, label, text }: NewKeyText): string {
  return text === undefined ? "" : `${type}\t${escapeControls(label)}\t${text}\n`;
}

async function flushNames(ctx: Context, files: readonly { readonly path: string }[]): Promise<void> {
  if (files.length === 0) return;
  const { flushName } = await import("../node/user-file.ts");
  for (const { path } of files) flushName(path, ctx.io.cwd);
}

/** @throws PmError "io" where nobody takes them */
async function printKeys(ctx: Context, delivery: Delivery, lines: Uint8Array): Promise<void> {
  if (ctx.globals.json) await printJson(ctx, delivery);
  else await ctx.out.value(lines, false);
  if (await ctx.io.stdout.flush()) return;
  throw new PmError("io", "nobody reads standard output, where the new keys go; nothing was changed", {
    hint: "--token-file FILE writes them to a file",
  });
}

/** What --json prints, with the keys that are printed at all. */
export async function printJson(ctx: Context, delivery: Delivery): Promise<void> {
  const prints = printsKeys(delivery);
  const keys = delivery.keys.map(({ text, ...key }) =>
    prints && text !== undefined ? { ...key, secret: text } : key,
  );
  await ctx.out.json({ v: 1, keys, ...delivery.facts });
}

/** Whether some of the keys go to stdout. */
export function printsKeys({ keys, tokenFile }: Delivery): boolean {
  return !isFile(tokenFile) && keys.some(({ text }) => text !== undefined);
}

/** The same error, saying what became of the keys that were handed over already. */
function withFate(
  error: PmError,
  { files, prints }: { readonly files: readonly { readonly path: string }[]; readonly prints: boolean },
): PmError {
  return withDetails(error, [
    ...files.map(({ path }) => `the file ${path} was taken away again`),
    ...(prints ? ["the keys that were printed open nothing"] : []),
  ]);
}

const UNCHANGED = "nothing was changed";

function withDetails({ code, message, hint, details, cause }: PmError, more: readonly string[]): PmError {
  const said = message.includes(UNCHANGED) ? [] : [UNCHANGED];
  const all = { details: [...details, ...more, ...said], cause };
  return new PmError(code, message, hint === undefined ? all : { ...all, hint });
}
