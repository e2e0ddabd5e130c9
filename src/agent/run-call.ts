/** One method of a session, run for a client on a vault that the agent holds open. */
import type { Access, VaultSession } from "../core/vault/session.ts";
import { LocalSession } from "../node/local-session.ts";
import { methodOf } from "./calls.ts";
import { narrowSession } from "./narrow.ts";
import type { RequestOf, Results } from "./protocol.ts";
import type { Held } from "./session.ts";
import type { OpenVault } from "./vaults.ts";

/** A client, as long as it is connected. */
export interface Client {
  readonly connection: number;
  /** What it proved about the person at it, by vault. */
  readonly views: WeakMap<OpenVault, LocalSession>;
  /** Vaults whose secrets it was given to look for. */
  readonly searched: WeakSet<OpenVault>;
  readonly pid: number;
  /** What runs in the process that started it. */
  program(): string;
}

interface Place {
  readonly vault: OpenVault;
  readonly held: Held;
  readonly client: Client;
  readonly at: number;
}

/** More are no help to anybody who types. */
const MAX_NAMES = 5000;

/** They tell of the vault, give nothing out, and change nothing. */
const QUIET: ReadonlySet<string> = new Set([
  "resolve",
  "nearest",
  "list",
  "info",
  "verify",
  "log",
  "accessLog",
]);

/** @throws PmError as the method does, "usage" where there is no such one */
export async function runCall(call: RequestOf<"call">, place: Place): Promise<Results["call"]> {
  const { vault } = place;
  const method = methodOf(call.method);
  const args = call.args.map((argument) => argument ?? undefined);
  const warnings: string[] = [];
  const work = async (): Promise<unknown> => {
    if (call.method === "accessLog") vault.flush();
    const value = await method.run(sessionOf(place), args);
    note(call, place, value);
    return value;
  };
  const value = await (method.turn === "read" ? vault.read(work) : vault.alone(call.options, warnings, work));
  return { value, warnings };
}

/** Names that begin with `prefix`: of entries, or of the fields or attachments of one. */
export async function namesOf(
  place: Place,
  { prefix, entry, attachments = false }: Pick<RequestOf<"complete">, "prefix" | "entry" | "attachments">,
): Promise<readonly string[]> {
  const session = sessionOf(place);
  const all = await place.vault.read(async () => {
    if (entry === undefined) return (await session.list({})).map(({ path }) => path);
    const found = await session.resolve(entry);
    if (found.kind !== "found") return [];
    const held = await session.entry(found.row.id);
    return (attachments ? held.attachments : held.fields).map(({ name }) => name);
  });
  return all.filter((name) => name.startsWith(prefix)).slice(0, MAX_NAMES);
}

/** Enforced here, where the key is: a client has nothing to say in it. */
function sessionOf({ vault, held, client }: Place): VaultSession {
  const known = client.views.get(vault);
  const view = known ?? new LocalSession(vault.store, { confirmed: false });
  if (known === undefined) client.views.set(vault, view);
  const isNarrow = held.only !== undefined || held.readsLeft !== undefined;
  return isNarrow ? narrowSession(view, held.only) : view;
}

/** Whether a method gives out what an entry holds: it is logged by the entry, and counts as a read. */
export function givesOut(method: string): boolean {
  return method === "entry" || method === "attachment";
}

function note(
  { method, args, options }: RequestOf<"call">,
  { vault, client, at }: Place,
  value: unknown,
): void {
  if (QUIET.has(method)) return;
  const { command } = options;
  if (!givesOut(method)) return vault.note(accessBy(client, { at, command, purpose: method }));
  const asked = args[method === "entry" ? 1 : 2];
  const purpose = asked === "use" || asked === "search" ? asked : "show";
  if (purpose === "search") {
    // One line says that it may have been any of them: thousands would drive all others out of the log.
    if (!client.searched.has(vault)) vault.note(accessBy(client, { at, command, purpose }));
    client.searched.add(vault);
    return;
  }
  const { id, path } = value as { id: string; path: string };
  vault.note(accessBy(client, { at, command, purpose, id, path }));
}

export function accessBy(client: Client, line: Omit<Access, "pid" | "program">): Access {
  const { at, ...what } = line;
  return { at, pid: client.pid, program: client.program(), ...what };
}
