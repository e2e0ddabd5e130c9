/** Every byte of an open vault, checked. */
import { readWholeContent } from "../core/vault/layout.ts";
import { verifyContent, type VerifyReport } from "../core/vault/verify.ts";
import type { OpenStore } from "./open-store.ts";

export async function verifyStore(store: OpenStore): Promise<VerifyReport> {
  const { body, source } = await store.snapshot();
  const content = readWholeContent(body);
  const report = verifyContent(store.options.crypto, content);
  content.release();
  return { ...report, chunks: body.chunkCount, fileBytes: source.size };
}
