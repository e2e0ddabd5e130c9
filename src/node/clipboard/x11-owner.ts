/**
 * A process of its own that holds the clipboard of X: there it is its holder who gives a copied value to every
 * program that pastes. The value comes on standard input and is nowhere but in this process; it ends when
 * something else is copied, when its time is over, or when the display is gone.
 */
import { equalBytes, wipe } from "../../core/bytes.ts";
import { OwnerInput } from "./owner-input.ts";
import { clearOrder, matchesOrder } from "./order.ts";
import { connectDisplay, type XConnection } from "./x11-connection.ts";
import {
  clearClipboard,
  type HeldClipboard,
  holdClipboard,
  isHeldByPm,
  readClipboard,
} from "./x11-selection.ts";

// oxlint-disable-next-line node/no-process-env
const env = process.env;
const input = new OwnerInput(process.stdin);

async function run(): Promise<void> {
  const value = await input.take(Number(await input.line()));
  try {
    await hold(value);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : "unknown"}\n`);
  } finally {
    wipe(value);
    process.stdin.destroy();
  }
}

async function hold(value: Uint8Array): Promise<void> {
  using x = await connectDisplay(env);
  const held = await holdClipboard(x, value);
  await requirePasted(value);
  process.stdout.write("held\n");
  // Nothing comes where whoever wants it copied has ended, and then it is not.
  const afterMs = Number(await Promise.race([input.line(), x.closed]));
  if (afterMs > 0) await keep(x, value, { held, over: timeOf(afterMs) });
  else await held.release();
}

interface Keeping {
  readonly held: HeldClipboard;
  readonly over: Promise<void>;
}

/** Until the time is over, or somebody else has copied something. */
async function keep(x: XConnection, value: Uint8Array, { held, over }: Keeping): Promise<void> {
  const end = await Promise.race([
    held.lost.then(() => "lost"),
    x.closed.then(() => "closed"),
    over.then(() => "over"),
  ]);
  if (end === "over") await held.release();
  if (end !== "lost" || (await isHeldByPm(x)) || !(await isPasted(x, value))) return;
  // A clipboard manager has taken over what was copied, and holds it now.
  const order = clearOrder(value, 0);
  wipe(value);
  await Promise.race([x.closed, over]);
  await clearClipboard(x, (found) => matchesOrder(order, found));
}

/** As another program would paste it. */
async function requirePasted(value: Uint8Array): Promise<void> {
  using other = await connectDisplay(env);
  if (!(await isPasted(other, value))) throw new Error("it holds something else");
}

async function isPasted(x: XConnection, value: Uint8Array): Promise<boolean> {
  const pasted = await readClipboard(x);
  const isSame = equalBytes(pasted, value);
  wipe(pasted);
  return isSame;
}

function timeOf(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

void run();
