/**
 * A process of its own: takes an order on standard input, waits, and clears the clipboard if it still
 * holds the value of the order. It never knows the value before it reads it there.
 */
import { type ClearOrder, matchesOrder, readClipboard, writeClipboard } from "./clipboard.ts";

const MAX_ORDER_CHARS = 4096;

async function readOrder(): Promise<ClearOrder> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > MAX_ORDER_CHARS) throw new Error("not an order");
  }
  // Written by the pm that started this process.
  return JSON.parse(text) as ClearOrder;
}

const order = await readOrder();
await new Promise((resolve) => setTimeout(resolve, order.afterMs));
if (matchesOrder(order, await readClipboard())) await writeClipboard("");
