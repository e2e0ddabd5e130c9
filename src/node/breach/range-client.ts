/**
 * Passwords that have leaked, from a server that speaks the range API of Pwned Passwords
 * (https://haveibeenpwned.com/API/v3#PwnedPasswords): it is told five of the forty digits of a hash, and
 * answers with all hashes that begin so. What it answers is a stranger's text until it is parsed.
 */
import { setTimeout as wait } from "node:timers/promises";
import { PmError } from "../../core/errors.ts";

export interface RangeServer {
  /** Ends in "/"; the prefix follows. */
  readonly base: URL;
  /** For one answer as a whole. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const PREFIX_DIGITS = 5;
const REQUESTS_AT_ONCE = 8;
/** A range with padding has 1,000 lines of 40 bytes. */
const MAX_ANSWER_BYTES = 1_048_576;
const MAX_TRIES = 3;
/** Who is to come back later than this is told so instead. */
const MAX_WAIT_S = 30;

/** How often each of these hashes was seen; those that were not are absent. Each prefix is asked for once. */
export async function askRanges(
  hashes: Iterable<string>,
  server: RangeServer,
  onAnswer: (done: number, all: number) => void,
): Promise<ReadonlyMap<string, number>> {
  // In the order of the hashes, which says nothing of the vault.
  const wanted = [...Map.groupBy([...hashes].sort(), (hash) => hash.slice(0, PREFIX_DIGITS))];
  const seen = new Map<string, number>();
  const queue = wanted.values();
  const stop = new AbortController();
  const signal = AbortSignal.any([server.signal, stop.signal]);
  let done = 0;
  const work = async (): Promise<void> => {
    for (const [prefix, group] of queue) {
      const range = parseRange(await askRange(prefix, { ...server, signal }), server);
      for (const hash of group) {
        const count = range.get(hash.slice(PREFIX_DIGITS)) ?? 0;
        if (count > 0) seen.set(hash, count);
      }
      onAnswer(++done, wanted.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  } finally {
    stop.abort();
  }
  return seen;
}

async function askRange(prefix: string, server: RangeServer): Promise<string> {
  for (let tries = 1; ; tries++) {
    const answer = await fetchOnce(new URL(prefix, server.base), server);
    if (typeof answer === "string") return answer;
    if (tries === MAX_TRIES || answer.afterS > MAX_WAIT_S) {
      throw failure(server, `is busy (${answer.status})`, "try again later");
    }
    await wait(answer.afterS * 1000, undefined, { signal: server.signal });
  }
}

interface Busy {
  readonly status: number;
  readonly afterS: number;
}

async function fetchOnce(url: URL, server: RangeServer): Promise<string | Busy> {
  const signal = AbortSignal.any([server.signal, AbortSignal.timeout(server.timeoutMs)]);
  try {
    const headers = { "Add-Padding": "true", "User-Agent": "pm" };
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const { status } = response;
    if (status === 200) return await readText(response, server);
    await response.body?.cancel();
    if (status === 429 || status === 503) return { status, afterS: retryAfter(response) };
    throw failure(server, status >= 300 && status < 400 ? "sends elsewhere" : `answers ${status}`);
  } catch (error) {
    if (error instanceof PmError) throw error;
    server.signal.throwIfAborted();
    const late = `does not answer within ${server.timeoutMs / 1000} s`;
    if (signal.aborted) throw failure(server, late, "--timeout 60 waits longer");
    throw failure(server, "is out of reach", "look at the network, or use --breach-file", error);
  }
}

/** In seconds; a date (RFC 9110 section 10.2.3) is too long to wait for. */
function retryAfter(response: Response): number {
  const text = response.headers.get("Retry-After") ?? "1";
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

async function readText({ body }: Response, server: RangeServer): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: false });
  let text = "";
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw failure(server, `answers with over ${MAX_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Suffixes in upper case, and counts. Padding has a count of 0. */
function parseRange(text: string, server: RangeServer): ReadonlyMap<string, number> {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return new Map(
    lines.map((line): [string, number] => {
      const [, suffix, count] = /^([0-9A-Fa-f]{35}):(\d{1,15})$/.exec(line) ?? [];
      if (suffix === undefined) throw failure(server, "does not answer as the range API does");
      return [suffix.toUpperCase(), Number(count)];
    }),
  );
}

function failure({ base }: RangeServer, what: string, hint?: string, cause?: unknown): PmError {
  return new PmError("network", `${base.host} ${what}; nothing is known of breaches`, {
    hint: hint ?? "check --breach-url and PM_BREACH_URL, or use --breach-file",
    cause,
  });
}
