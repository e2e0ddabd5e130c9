/** The operation log of an open vault: read, and its last operations reversed. */
import { nameOf } from "../core/vault/compare.ts";
import type { VaultDraft } from "../core/vault/draft.ts";
import type { RegisterImage } from "../core/vault/image.ts";
import { type Operation, parseLog } from "../core/vault/op-log.ts";
import { KEY } from "../core/vault/record.ts";
import type { Change } from "../core/vault/revision.ts";
import type { Access, LoggedOperation, UndoReport } from "../core/vault/session.ts";
import { undoLast } from "../core/vault/undo.ts";
import type { Guard } from "../core/vault/use-only.ts";
import { AccessLog, accessLogFile } from "./access-log.ts";
import { readLocalState } from "./local-state.ts";
import type { OpenStore } from "./open-store.ts";

/** Newest first. */
export async function readLog(store: OpenStore): Promise<readonly LoggedOperation[]> {
  const { log } = await store.root();
  const { content } = await store.snapshot();
  const operations = parseLog(log.map((extent) => content.record(extent)));
  return await describe(
    store,
    operations.toSorted((a, b) => b.hlc - a.hlc || b.seq - a.seq),
  );
}

/** What the agent gave out, newest first. */
export function readAccessLog({ options, unlocked }: OpenStore, limit?: number): readonly Access[] {
  const { place } = unlocked.state;
  using log = new AccessLog(options.crypto, accessLogFile(place.file), unlocked.rootKey.bytes);
  return log.read().toReversed().slice(0, limit);
}

export async function undo(store: OpenStore, count: number, guard: Guard): Promise<UndoReport> {
  let undone: readonly Operation[] = [];
  const change: Change = (draft: VaultDraft, context) => {
    undone = undoLast(draft, count, context);
    return {};
  };
  const durable = await store.rewrite({ change: guard(change) });
  return { undone: await describe(store, undone), durable };
}

async function describe(
  store: OpenStore,
  operations: readonly Operation[],
): Promise<readonly LoggedOperation[]> {
  const { options, unlocked } = store;
  const { keyHistory } = await store.root();
  const known = { warn: () => undefined, keyHistory: async () => keyHistory };
  const state = await readLocalState(options.crypto, unlocked.state, known);
  return operations.map(({ kind, by, replica, hlc, count, images }) => ({
    kind,
    by,
    replica,
    here: replica === state?.replica,
    at: hlc,
    count,
    entries: images.map(({ id, path, registers }) => ({
      id,
      path,
      // Of an entry that is erased, or came back from that, it is enough to say so of its trash.
      names: registers.filter(({ key }) => key !== KEY.purged).map(changedName),
    })),
  }));
}

/** An entry that was not there, one that went to the trash or came back, or what changed of it. */
function changedName({ key, before }: RegisterImage): string {
  if (key === KEY.live) return before?.length === 0 ? "added" : "trash";
  return nameOf(key);
}
