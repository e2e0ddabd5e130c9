/** Two live entries of one path, as only a merge of two devices leaves them. */
import { applyEdit } from "../../src/core/vault/apply.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import { KEY } from "../../src/core/vault/record.ts";
import { writeRegister } from "../../src/core/vault/register.ts";
import { rewriteStore } from "../../src/node/vault-rewrite.ts";
import { unlockStore } from "../../src/node/vault-store.ts";
import { type Home, openOptions } from "./home.ts";

export async function addTwins(home: Home, path: string): Promise<void> {
  const options = openOptions(home);
  const { snapshot, unlocked } = await unlockStore(options);
  snapshot[Symbol.dispose]();
  const written = await rewriteStore(options, unlocked, {
    change: (draft, context) => {
      applyEdit(draft, creation(path), context);
      const record = draft.record(applyEdit(draft, creation(`${path} for now`), context));
      if (record === undefined) throw new Error("the second twin is missing");
      const registers = new Map(record.registers).set(KEY.path, writeRegister(path, context.stamp));
      draft.put({ ...record, registers });
      return {};
    },
  });
  written.snapshot[Symbol.dispose]();
}

function creation(path: string): Edit {
  return { kind: "create", path, type: "login", fields: [], tags: [], meta: {}, existing: "refuse" };
}
