/** `pm get pm://…`: the same value that inject and env put in the place of the reference. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { parseReference } from "../core/references/reference.ts";
import type { Context } from "./context.ts";
import { deliver, type Destination } from "./deliver.ts";
import { resolveToShow } from "./references.ts";

export interface Delivery {
  /** What else names a value in the call. */
  readonly others: readonly (string | undefined)[];
  readonly destination: Destination;
  /** What is printed of the value. */
  readonly pick: (value: Uint8Array) => Uint8Array;
}

/** @throws PmError "usage" where anything else names a value: a reference says it all */
export async function deliverReferenced(
  ctx: Context,
  text: string,
  { others, destination, pick }: Delivery,
): Promise<void> {
  if (destination.to === "json" || others.some((other) => other !== undefined)) {
    throw new PmError("usage", "a reference takes no FIELD, -f, --rev, --type or --json", {
      hint: "pm://NAME#FIELD?rev=-1",
    });
  }
  const values = (await resolveToShow(ctx, [{ ref: parseReference(text), place: "get" }])).map(
    ({ bytes }) => bytes,
  );
  try {
    await deliver(ctx, values.map(pick), destination);
  } finally {
    wipe(...values);
  }
}
