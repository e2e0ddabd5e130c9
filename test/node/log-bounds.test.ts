import { beforeEach, expect, test } from "vitest";
import { change, creation, field } from "../support/draft-builder.ts";
import { codeOf, create, open, useSessionHome } from "../support/session-home.ts";
import { contentOf } from "../support/vault-content.ts";

useSessionHome();
beforeEach(() => create());

test("the log keeps the newest 100 operations, and each of them can be undone", async () => {
  using session = await open();
  const [id = ""] = (await session.edit([creation("a")])).ids;
  let content: readonly unknown[] = [];
  for (let n = 0; n < 103; n++) {
    if (n === 3) content = await contentOf(session);
    await session.edit([change(id, { set: [field("username", `name ${n}`)] })]);
  }
  expect(await session.log()).toHaveLength(100);
  expect(await codeOf(session.undo(101))).toBe("not-found");
  await session.undo(100);
  expect(await contentOf(session)).toEqual(content);
}, 60_000);

test("the log of large values is bounded, but for that of the last operation", async () => {
  using session = await open();
  const large = (n: number): string => `${n}`.padEnd(200_000, "x");
  const { ids: many } = await session.edit(
    Array.from({ length: 16 }, (_, n) => creation(`large ${n}`, { fields: [field("note", large(n))] })),
  );
  const before = await contentOf(session);
  await session.edit(many.map((id) => change(id, { set: [field("note", "small")] })));
  await session.undo(1);
  expect(await contentOf(session)).toEqual(before);
  // Operations of 200 KB each: ten of them fit into 2 MiB.
  for (const id of many.slice(0, 13)) await session.edit([change(id, { set: [field("note", "small")] })]);
  expect(await codeOf(session.undo(12))).toBe("not-found");
  await session.undo(10);
  await session.verify();
}, 60_000);
