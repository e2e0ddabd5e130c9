/** Recovery codes and their shares, as people type them or pipes carry them. Never from an argument. */
import { fromUtf8, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { addShare, MAX_SHARES, MIN_THRESHOLD, parseShare, type Share } from "../core/vault/shares.ts";
import type { Terminal } from "../node/io.ts";
import type { Context } from "./context.ts";
import { withoutNewline } from "./stdin.ts";
import { requireTerminal } from "./terminal.ts";

type ShareCall = Pick<Context, "io" | "globals" | "crypto" | "input">;

/** Sixteen shares, with room for blank lines. */
const MAX_INPUT_BYTES = 16_384;
const MAX_TRIES = 3;

export interface Splitting {
  readonly threshold: number;
  readonly count: number;
}

/** "3/5". @throws PmError "usage" */
export function parseSplitting(text: string): Splitting {
  const [, k = "", n = ""] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const [threshold, count] = [Number(k), Number(n)];
  if (k !== "" && threshold >= MIN_THRESHOLD && threshold <= count && count <= MAX_SHARES) {
    return { threshold, count };
  }
  // Not repeated: it may be the code itself.
  throw new PmError("usage", `the argument is not K/N with ${MIN_THRESHOLD} ≤ K ≤ N ≤ ${MAX_SHARES}`, {
    hint: "pm key split 3/5",
  });
}

/**
 * The secret of the recovery code on standard input, or of the one that a person types; the caller
 * wipes it.
 * @throws PmError "auth" where it is no recovery code, "locked" where nobody can type it
 */
export async function readRecoveryCode(call: ShareCall): Promise<Uint8Array> {
  const { parseRecoveryCode } = await import("../core/vault/credentials.ts");
  const crypto = await call.crypto();
  const parse = (typed: Uint8Array): Uint8Array => {
    try {
      return parseRecoveryCode(crypto, typed);
    } finally {
      wipe(typed);
    }
  };
  if (!call.io.stdin.isTTY) return parse(withoutNewline(await call.input(MAX_INPUT_BYTES)));
  using terminal = requireTerminal(call, "the recovery code is needed", "give it on standard input");
  return await untilRight(terminal, async () => parse(await terminal.readSecret("Recovery code: ")));
}

/**
 * Different shares of one set: those on standard input, one a line, or as many as are needed from a
 * person. The caller wipes their values.
 * @throws PmError "auth" naming the line, "locked" where nobody can type them
 */
export async function readShares(call: ShareCall): Promise<readonly Share[]> {
  const crypto = await call.crypto();
  if (!call.io.stdin.isTTY) {
    const input = await call.input(MAX_INPUT_BYTES);
    try {
      return sharesOf(crypto, fromUtf8(input) ?? "");
    } finally {
      wipe(input);
    }
  }
  using terminal = requireTerminal(call, "the shares are needed", "give them on standard input, one a line");
  return await askShares(crypto, terminal);
}

function sharesOf(crypto: CryptoBackend, text: string): readonly Share[] {
  let shares: readonly Share[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const name = `the share in line ${i + 1}`;
    shares = addShare(shares, parseShare(crypto, line, name), name);
  }
  if (shares.length > 0) return shares;
  throw new PmError("auth", "there is no share on standard input", {
    hint: "give one share a line: PMK1-XXXX-…",
  });
}

async function askShares(crypto: CryptoBackend, terminal: Terminal): Promise<readonly Share[]> {
  let shares: readonly Share[] = [];
  while (shares.length < (shares[0]?.threshold ?? MIN_THRESHOLD)) {
    const known = shares;
    const of = known[0] === undefined ? "" : ` of ${known[0].threshold}`;
    shares = await untilRight(terminal, async () => {
      const typed = await terminal.readSecret(`Share ${known.length + 1}${of}: `);
      const share = parseTyped(crypto, typed);
      const more = addShare(known, share, "the share");
      if (more === known)
        throw new PmError("auth", "the share was given already", { hint: "take another one" });
      return more;
    });
  }
  return shares;
}

function parseTyped(crypto: CryptoBackend, typed: Uint8Array): Share {
  try {
    return parseShare(crypto, fromUtf8(typed) ?? "", "the share");
  } finally {
    wipe(typed);
  }
}

/** Whoever types 52 digits may err. */
async function untilRight<T>(terminal: Terminal, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!hasCode(error, "auth") || tries === MAX_TRIES) throw error;
      await terminal.print(`${error.message}; try again\n`);
    }
  }
}
