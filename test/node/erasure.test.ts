import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { change, creation, field } from "../support/draft-builder.ts";
import { create, file, open, store, useSessionHome } from "../support/session-home.ts";
import { contentOf, copyAt, plaintextOf } from "../support/vault-content.ts";

useSessionHome();
beforeEach(() => create());

const password = (text: string): ReturnType<typeof field> => field("password", text, true);

describe("after an erasure no value and no name is left in the file or its backup", () => {
  const ERASED = /secret name|secret text|older text|secret-tag|secret-field/;
  const entry = creation("secret name", {
    fields: [password("older text"), field("secret-field", "secret text")],
    tags: ["secret-tag"],
  });

  /** Everything that writes of the entry: history, log, log of a restored undo. */
  async function makeTraces(session: VaultSession): Promise<string> {
    const [id = ""] = (await session.edit([entry])).ids;
    await session.edit([change(id, { set: [password("newer secret text")] })]);
    await session.edit([{ kind: "move", id, path: "another secret name", existing: "refuse" }]);
    await session.undo(1);
    await session.edit([change(id, { unset: ["password"] }), creation("beside it")]);
    return id;
  }

  async function requireErased(name: string): Promise<void> {
    for (const each of [name, `${name}.bak`]) {
      const text = await plaintextOf(each);
      expect(text).toContain('"beside it"');
      // Registers of removed fields and tags keep their keys, but say nothing.
      expect(text.replaceAll(/"[ft]:secret-(?:field|tag)"/g, "")).not.toMatch(ERASED);
    }
  }

  test("when it is made here", async () => {
    using session = await open();
    const id = await makeTraces(session);
    expect(await plaintextOf("vault.pm")).toMatch(ERASED);
    await session.edit([{ kind: "trash", id }]);
    await session.edit([{ kind: "purge", id }]);
    await requireErased("vault.pm");
  });

  test.each([false, true])("when it comes by a merge (both have a log of it: %s)", async (bothEdited) => {
    using session = await open();
    const id = await makeTraces(session);
    fs.copyFileSync(file("vault.pm"), file("second.pm"));
    const second = store("second.pm", "second");
    if (bothEdited) {
      using copy = await open(second);
      await copy.edit([creation("unrelated")]);
      await copy.edit([{ kind: "trash", id }]);
    }
    await session.edit([{ kind: "trash", id }]);
    await session.edit([{ kind: "purge", id }]);
    using copy = await open(second);
    await copy.merge(copyAt("vault.pm"), { dryRun: false, strict: false });
    await requireErased("second.pm");
  });

  test("when the other copy comes later and still has it", async () => {
    using session = await open();
    const id = await makeTraces(session);
    fs.copyFileSync(file("vault.pm"), file("second.pm"));
    using copy = await open(store("second.pm", "second"));
    await copy.edit([{ kind: "trash", id }, creation("of the copy")]);
    await session.edit([{ kind: "trash", id }]);
    await session.edit([{ kind: "purge", id }]);
    await session.merge(copyAt("second.pm"), { dryRun: false, strict: false });
    await requireErased("vault.pm");
    // The merge itself is undone without bringing it back.
    await session.undo(1);
    await requireErased("vault.pm");
    expect((await session.list({})).map(({ path }) => path)).toEqual(["beside it"]);
  });

  test("but for the value of an edit that did not know of it", async () => {
    using session = await open();
    const id = await makeTraces(session);
    fs.copyFileSync(file("vault.pm"), file("second.pm"));
    using copy = await open(store("second.pm", "second"));
    await copy.edit([change(id, { set: [field("username", "of the edit")] })]);
    await session.edit([{ kind: "trash", id }]);
    await session.edit([{ kind: "purge", id }]);
    await copy.merge(copyAt("vault.pm"), { dryRun: false, strict: false });
    await requireErased("second.pm");
    expect(await plaintextOf("second.pm")).toContain("of the edit");
    await session.merge(copyAt("second.pm"), { dryRun: false, strict: false });
    await requireErased("vault.pm");
    expect(await contentOf(session)).toEqual(await contentOf(copy));
  });
});
