/** The manual page for a person's eyes. */
import { childEnv } from "./child-env.ts";
import type { Env } from "./globals.ts";

/** Whether a program for manual pages showed it. */
export async function showManual(page: string, env: Env): Promise<boolean> {
  const { viewManual } = await import("../node/manual-viewer.ts");
  return await viewManual(page, childEnv(env));
}
