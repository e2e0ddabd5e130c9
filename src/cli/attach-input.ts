/** What `pm attach add` takes in: a file, or standard input, and its name. */
import { hasCode, PmError } from "../core/errors.ts";
import { attachmentTooLarge } from "../core/vault/attachment.ts";
import { MAX_ATTACHMENT_BYTES } from "../core/vault/model.ts";
import { parseAttachmentName } from "../core/vault/names.ts";
import type { Context } from "./context.ts";

/** @throws PmError "usage" */
export async function attachmentName(file: string, given: string | undefined): Promise<string> {
  if (given === undefined && file === "-") {
    throw new PmError("usage", "what standard input brings has no name", { hint: "give it one with --name" });
  }
  const { nameOfFile } = await import("../node/bounded-file.ts");
  return parseAttachmentName(given ?? nameOfFile(file));
}

/** The exact bytes, the caller's to wipe. @throws PmError "limit" before more than that was read */
export async function readAttached(ctx: Context, file: string, name: string): Promise<Uint8Array> {
  if (file === "-") {
    return await ctx.input(MAX_ATTACHMENT_BYTES).catch((error: unknown) => {
      throw hasCode(error, "limit") ? attachmentTooLarge(name) : error;
    });
  }
  const { readBoundedFile } = await import("../node/bounded-file.ts");
  return await readBoundedFile(file, {
    cwd: ctx.io.cwd,
    limit: MAX_ATTACHMENT_BYTES,
    tooLarge: () => attachmentTooLarge(name),
  });
}
