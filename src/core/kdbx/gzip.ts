/** gzip (RFC 1952) by the platform's own streams: unpacked in pieces, so that a bomb ends at the limit. */
import { joined } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { damaged } from "./byte-reader.ts";

/** What a file may hold in all, unpacked: a full vault of attachments as base64 several times over. */
export const MAX_UNPACKED_BYTES = 268_435_456;

/** What all parts of one file may still unpack to. */
export interface Budget {
  left: number;
}

/** @throws PmError "corrupt" on damage, "limit" where more comes out than `budget` has left. */
export async function* gunzip(packed: Uint8Array, budget: Budget): AsyncGenerator<Uint8Array, void, void> {
  const reader = through(packed, new DecompressionStream("gzip"));
  try {
    for (;;) {
      const { done, value } = await next(reader);
      if (done) return;
      spend(budget, value.length);
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The same in one piece. */
export async function gunzipWhole(packed: Uint8Array, budget: Budget): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of gunzip(packed, budget)) parts.push(part);
  return joined(parts);
}

/** @throws PmError "limit" where `bytes` are more than `budget` has left. */
export function spend(budget: Budget, bytes: number): void {
  // The subtraction stays within the method: callers share the budget.
  Object.assign(budget, { left: budget.left - bytes });
  if (budget.left >= 0) return;
  const mebibytes = MAX_UNPACKED_BYTES / 1_048_576;
  throw new PmError("limit", `the KDBX file unpacks to more than ${mebibytes} MiB`);
}

export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const reader = through(bytes, new CompressionStream("gzip"));
  const parts: Uint8Array[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return joined(parts);
}

type Transform = Pick<DecompressionStream, "readable" | "writable">;
type PartsReader = ReadableStreamDefaultReader<Uint8Array>;

function through(bytes: Uint8Array, transform: Transform): PartsReader {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
  return source.pipeThrough(transform).getReader();
}

async function next(reader: PartsReader): ReturnType<PartsReader["read"]> {
  try {
    return await reader.read();
  } catch (error) {
    throw damaged("its compressed content", error);
  }
}
