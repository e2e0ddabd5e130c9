/** How agent and client show each other that they can read the same private file, without sending it. */
import { equalBytes, toBase64, utf8 } from "../core/bytes.ts";
import { hmacSha256 } from "../core/crypto/sha256.ts";

export type Role = "agent" | "client";

export const NONCE_BYTES = 16;

/** Both nonces are base64. The role keeps one side's proof from being sent back as the other's. */
export interface Nonces {
  readonly client: string;
  readonly agent: string;
}

/** Base64: HMAC-SHA-256 under the token. */
export function proofOf(token: Uint8Array, role: Role, { client, agent }: Nonces): string {
  const text = utf8(`pm/v1/agent-proof\0${role}\0${client}\0${agent}`);
  return toBase64(hmacSha256(token, text));
}

/** In a time that does not tell where they differ. */
export function isProof(proof: string, token: Uint8Array, role: Role, nonces: Nonces): boolean {
  return equalBytes(utf8(proof), utf8(proofOf(token, role, nonces)));
}
