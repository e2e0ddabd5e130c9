/** Requests as the agent reads them: typed, or refused. */
import type { Json } from "../core/vault/json.ts";
import type {
  CallOptions,
  Kind,
  Request,
  RequestOf,
  UnlockLimits,
  WireClearOrder,
  WireCredentials,
} from "./protocol.ts";
import { bytes, count, flag, list, object, optional, type Shape, text, texts } from "./shape.ts";
import { malformed } from "./wire.ts";

const LIMITS: Shape<UnlockLimits> = object({
  lifeMs: optional(count),
  idleMs: optional(count),
  only: optional(list(text)),
  reads: optional(count),
});

const CREDENTIALS: Shape<WireCredentials> = object({
  password: optional(bytes),
  keyFile: optional(bytes),
  recovery: optional(bytes),
  token: optional(bytes),
});

const OPTIONS: Shape<CallOptions> = object({ command: text, lockTimeoutMs: count, breakLock: flag });
const ORDER: Shape<WireClearOrder> = object({ key: text, fingerprint: text, afterMs: count });
const ARGUMENTS: Shape<readonly Json[]> = list((value) => value ?? null);

type Members<K extends Kind> = Shape<Omit<RequestOf<K>, "kind">>;

const REQUESTS: { readonly [K in Kind]: Members<K> } = {
  hello: object({ protocol: count, pid: count, nonce: text }),
  quit: object({}),
  proof: object({ proof: text }),
  status: object({}),
  state: object({ vault: text }),
  complete: object({ vault: text, prefix: text, entry: optional(text), attachments: optional(flag) }),
  claim: object({ vault: text }),
  release: object({ vault: text }),
  unlock: object({ vault: text, credentials: CREDENTIALS, limits: LIMITS }),
  lock: object({ vault: optional(text) }),
  call: object({ vault: text, method: text, args: ARGUMENTS, options: OPTIONS }),
  clip: object({ order: ORDER, env: texts }),
};

function isKind(word: string): word is Kind {
  return Object.hasOwn(REQUESTS, word);
}

/** The request that a message is. @throws PmError "usage" without an echo of it */
export function parseRequest(value: Json): { readonly id: number; readonly request: Request } {
  const { id, kind } = object({ id: count, kind: text })(value);
  if (!isKind(kind)) throw malformed();
  return { id, request: { kind, ...REQUESTS[kind](value) } as Request };
}
