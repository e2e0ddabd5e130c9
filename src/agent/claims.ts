/** Who asks a person for the password of a vault, and who waits for the outcome: one prompt for all. */

/** A request that is answered when the right to ask for a password is free. */
export interface Waiter {
  readonly connection: number;
  readonly request: number;
}

export interface Claim {
  readonly connection: number;
  readonly waiting: readonly Waiter[];
}

/** By the real path of the vault. */
export type Claims = ReadonlyMap<string, Claim>;

export interface Queued {
  readonly claims: Claims;
  /** Whose turn it is now. */
  readonly turns: readonly Waiter[];
}

/** The right is given at once where nobody has it. */
export function claimed(claims: Claims, vault: string, waiter: Waiter): Queued {
  const current = claims.get(vault);
  const isFree = current === undefined || current.connection === waiter.connection;
  const { connection } = isFree ? waiter : current;
  const waiting = [...(current?.waiting ?? []), ...(isFree ? [] : [waiter])];
  return { claims: new Map(claims).set(vault, { connection, waiting }), turns: isFree ? [waiter] : [] };
}

/** The next one in the queue asks. */
export function released(claims: Claims, vault: string, connection: number): Queued {
  const current = claims.get(vault);
  if (current?.connection !== connection) return { claims, turns: [] };
  const [next, ...waiting] = current.waiting;
  const others = new Map(claims);
  others.delete(vault);
  if (next === undefined) return { claims: others, turns: [] };
  return { claims: others.set(vault, { connection: next.connection, waiting }), turns: [next] };
}

/** What a connection claimed and waited for is given up with it. */
export function withoutConnection(claims: Claims, connection: number): Queued {
  const turns: Waiter[] = [];
  let left: Claims = new Map(
    [...claims].map(([vault, { connection: holder, waiting }]) => [
      vault,
      { connection: holder, waiting: waiting.filter((waiter) => waiter.connection !== connection) },
    ]),
  );
  for (const vault of claims.keys()) {
    const next = released(left, vault, connection);
    left = next.claims;
    turns.push(...next.turns);
  }
  return { claims: left, turns };
}
