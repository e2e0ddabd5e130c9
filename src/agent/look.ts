/** A look at what runs, which changes nothing: connecting asks an agent of another version to end. */
import { hasCode } from "../core/errors.ts";
import { connectTo } from "./client.ts";
import { type AgentPlace, isSocketThere } from "./place.ts";
import { PROTOCOL } from "./wire.ts";

export type Look =
  /** Nobody listens. */
  | { readonly kind: "none" }
  | { readonly kind: "agent"; readonly protocol: number; readonly own: number }
  /** Something listens that does not answer as an agent does. */
  | { readonly kind: "stranger" };

const PATIENCE_MS = 1000;

/** @throws PmError "unavailable" where the folder or the socket is not this user's own */
export async function lookAtAgent(place: AgentPlace): Promise<Look> {
  if (!isSocketThere(place)) return { kind: "none" };
  using connection = await connectTo(place.socket);
  if (connection === undefined) return { kind: "none" };
  const late = AbortSignal.timeout(PATIENCE_MS);
  late.addEventListener("abort", () => connection[Symbol.dispose]());
  try {
    const hello = { kind: "hello", protocol: PROTOCOL, pid: process.pid, nonce: "" } as const;
    const { protocol } = await connection.request<"hello">(hello);
    return { kind: "agent", protocol, own: PROTOCOL };
  } catch (error) {
    if (hasCode(error, "io") || hasCode(error, "usage")) return { kind: "stranger" };
    throw error;
  }
}
