import fs from "node:fs";
import { expect, test } from "vitest";
import { change, creation, field, FULL } from "../support/draft-builder.ts";
import { create, file, open, useSessionHome } from "../support/session-home.ts";
import { contentOf, copyAt, filesOf } from "../support/vault-content.ts";

useSessionHome();

test("a copy that was restored differs in nothing, and is not restored again", async () => {
  await create();
  using session = await open();
  const [changed = "", trashed = "", live = ""] = (
    await session.edit([creation("changed", FULL), creation("trashed", FULL), creation("live", FULL)])
  ).ids;
  await session.edit([{ kind: "trash", id: trashed }]);
  fs.copyFileSync(file("vault.pm"), file("copy.pm"));
  await session.edit([
    change(changed, { set: [field("password", "later", true)], unset: ["username"], addTags: ["later"] }),
    creation("later", FULL),
    { kind: "restore", id: trashed },
    { kind: "trash", id: live },
  ]);
  const said = (await session.compare(copyAt("copy.pm"))).map(({ path, kind, names }) => [path, kind, names]);
  expect(said).toEqual([
    ["changed", "changed", ["username", "password", "tag:later"]],
    ["later", "removed", []],
    ["live", "changed", ["trash"]],
    ["trashed", "changed", ["trash"]],
  ]);
  await session.restore(copyAt("copy.pm"));
  expect(await session.compare(copyAt("copy.pm"))).toEqual([]);
  const [files, content] = [filesOf(), await contentOf(session)];
  expect((await session.restore(copyAt("copy.pm"))).differences).toEqual([]);
  expect(filesOf()).toEqual(files);
  expect(await contentOf(session)).toEqual(content);
  await session.verify();
});
