// The data that only undoing needs: bounded, whatever is replaced. With `npm run test:soak` only: it writes gigabytes.
import { beforeEach, expect, test } from "vitest";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { creation } from "../support/draft-builder.ts";
import { codeOf, create, open, useSessionHome } from "../support/session-home.ts";

useSessionHome();
beforeEach(() => create());

const MIB = 1_048_576;

const sizeOf = async (session: VaultSession): Promise<number> => (await session.info()).fileBytes / MIB;

test("of what attachments replaced 32 MiB are kept, and of the newest operation all", async () => {
  using session = await open();
  const { ids } = await session.edit([creation("a")]);
  const id = ids[0] ?? "";
  for (let n = 1; n <= 8; n++) {
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const data = new Uint8Array(9 * MIB);
    for (let at = 0; at < data.length; at += bytes.length) data.set(bytes, at);
    await session.edit([{ kind: "attach", id, name: "data", bytes: data, existing: "replace" }]);
    expect(await sizeOf(session)).toBeLessThan(9 * Math.min(n, 4) + 2);
  }
  await session.verify();
  expect(await session.log()).toHaveLength(3);
  expect(await codeOf(session.undo(4))).toBe("not-found");
  await session.undo(3);
  await session.verify();
});
