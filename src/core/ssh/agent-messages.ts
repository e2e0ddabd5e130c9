/** What a client and an agent say to each other (draft-ietf-sshm-ssh-agent): as much of it as pm answers. */
import { concat } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { createWireReader, wireString, wireUint32 } from "./wire.ts";

/** As OpenSSH's: a longer message is nobody's. */
export const MAX_MESSAGE_BYTES = 262_144;

const FAILURE = 5;
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;

/** What a client asks of an RSA key; without either it asks for SHA-1. */
export const RSA_SHA2_256 = 2;
export const RSA_SHA2_512 = 4;

export type AgentRequest =
  | { readonly kind: "identities" }
  /** `key` is the public key; `data` is what is to be signed. */
  | { readonly kind: "sign"; readonly key: Uint8Array; readonly data: Uint8Array; readonly flags: number }
  /** Keys added and removed, locks, extensions: all of them are refused. */
  | { readonly kind: "other" };

/** @throws PmError "corrupt" where a message is not what its first byte says */
export function parseAgentRequest(message: Uint8Array): AgentRequest {
  const reader = createWireReader(message);
  switch (reader.byte()) {
    case REQUEST_IDENTITIES:
      return { kind: "identities" };
    case SIGN_REQUEST:
      return { kind: "sign", key: reader.string(), data: reader.string(), flags: reader.uint32() };
    default:
      return { kind: "other" };
  }
}

/** A public key and what people call it. */
export interface Identity {
  readonly blob: Uint8Array;
  readonly comment: string;
}

/** The message that lists `identities`, those that have room in it. */
export function identitiesAnswer(identities: readonly Identity[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let room = MAX_MESSAGE_BYTES - 5;
  for (const { blob, comment } of identities) {
    const part = concat(wireString(blob), wireString(comment));
    if (part.length > room) break;
    room -= part.length;
    parts.push(part);
  }
  return framed(concat(Uint8Array.of(IDENTITIES_ANSWER), wireUint32(parts.length), ...parts));
}

/** @param signature with the name of its algorithm, as RFC 4253 section 6.6 has it */
export function signResponse(signature: Uint8Array): Uint8Array {
  return framed(concat(Uint8Array.of(SIGN_RESPONSE), wireString(signature)));
}

export function failure(): Uint8Array {
  return framed(Uint8Array.of(FAILURE));
}

function framed(message: Uint8Array): Uint8Array {
  return wireString(message);
}

/** Finds the messages in what a client sends, piece by piece. */
export interface Frames {
  /** @throws PmError "limit" where a message is too long; then nothing that follows can be read */
  push(chunk: Uint8Array): readonly Uint8Array[];
}

export function createFrames(): Frames {
  let pending = new Uint8Array(0);
  return {
    push: (chunk) => {
      pending = concat(pending, chunk) as Uint8Array<ArrayBuffer>;
      const messages: Uint8Array[] = [];
      for (let length = nextLength(pending); length !== undefined; length = nextLength(pending)) {
        messages.push(pending.subarray(4, 4 + length));
        pending = pending.subarray(4 + length);
      }
      return messages;
    },
  };
}

/** The length of the message at the beginning; undefined where it is not there as a whole. */
function nextLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = createWireReader(bytes).uint32();
  if (length === 0 || length > MAX_MESSAGE_BYTES) {
    throw new PmError("limit", `an agent message of ${length} bytes is none`);
  }
  return bytes.length < 4 + length ? undefined : length;
}
