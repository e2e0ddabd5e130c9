/**
 * A process of its own that holds the clipboard of X: there it is its holder who gives a copied value to every
 * program that pastes. The value comes on standard input and is nowhere but in this process; it ends when
 * somebody else copies something, when its time is over, or when the display is gone.
 */
import { equalBytes, wipe } from "../../core/bytes.ts";
import { OwnerInput } from "./owner-input.ts";
import { connectDisplay } from "./x11-connection.ts";
import { holdClipboard, readClipboard } from "./x11-selection.ts";

// oxlint-disable-next-line node/no-process-env
const env = process.env;
const input = new OwnerInput(process.stdin);
const value = await input.take(Number(await input.line()));
try {
  using x = await connectDisplay(env);
  const held = await holdClipboard(x, value);
  await requirePasted();
  process.stdout.write("held\n");
  // Nothing comes where whoever wants it copied has ended, and then it is not.
  const afterMs = Number(await Promise.race([input.line(), x.closed]));
  if (afterMs > 0) await Promise.race([held.lost, x.closed, timeOf(afterMs)]);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : "unknown"}\n`);
} finally {
  wipe(value);
  process.stdin.destroy();
}

/** As another program would paste it. */
async function requirePasted(): Promise<void> {
  using other = await connectDisplay(env);
  const pasted = await readClipboard(other);
  const isSame = equalBytes(pasted, value);
  wipe(pasted);
  if (!isSame) throw new Error("it holds something else");
}

function timeOf(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
