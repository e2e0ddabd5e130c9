/** Talking to the agent. On the way of every command that uses it, so it loads little. */
import { PmError } from "../core/errors.ts";
import type { AgentPlace } from "./place.ts";
import type { Kind, RequestOf, Results } from "./protocol.ts";

export interface AgentClient extends Disposable {
  /** The agent's process. */
  readonly pid: number;
  /** @throws PmError as the agent answers, or "unavailable" where the connection is lost */
  request<K extends Kind>(request: RequestOf<K>): Promise<Results[K]>;
}

/**
 * A connection to the agent, which has proved that it is pm's own; undefined where none runs. One of another
 * version is asked to end first.
 * @throws PmError "unavailable" where what is there must not be trusted
 */
export async function connectAgent(place: AgentPlace): Promise<AgentClient | undefined> {
  throw new PmError("unavailable", `not yet: ${place.socket}`);
}

/**
 * A connection to the agent, started where none runs.
 * @throws PmError "unavailable" saying why it did not start
 */
export async function startAgent(
  place: AgentPlace,
  _env: Readonly<Record<string, string | undefined>>,
): Promise<AgentClient> {
  throw new PmError("unavailable", `not yet: ${place.socket}`);
}
