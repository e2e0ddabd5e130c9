/** PM_CLIP_COMMAND: whatever takes a value on standard input. What it did with it can't be read back. */
import { unavailable } from "./failure.ts";
import { runProgram } from "./program.ts";
import type { Env } from "./ways.ts";

export interface ClipCommand {
  /** Its words; they may hold a secret and are never shown. */
  readonly argv: readonly string[];
  readonly env: Env;
  readonly cwd: string;
}

/** @throws PmError "unavailable" where the command does not end with 0 */
export async function copyByCommand(bytes: Uint8Array, { argv, ...run }: ClipCommand): Promise<void> {
  const { failure } = await runProgram(argv, { ...run, input: bytes });
  if (failure === undefined) return;
  throw unavailable(`the command of PM_CLIP_COMMAND did not copy: ${failure}`, "run it by itself to see why");
}

/** An empty value takes the place of the one before. */
export async function clearByCommand({ argv, ...run }: ClipCommand): Promise<void> {
  await runProgram(argv, run);
}
