/** Attachments through the agent: in and out, guarded and logged. */
import { beforeEach, describe, expect, test } from "vitest";
import { equalBytes, fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { agentClient, through, unlock } from "../support/agent-session.ts";
import { creation } from "../support/draft-builder.ts";
import { codeOf, create, file, open, useSessionHome } from "../support/session-home.ts";

useSessionHome();
beforeEach(() => create());

const MIB = 1_048_576;

describe("an attachment through the agent", () => {
  test("the same bytes go in and out, in parts of the protocol, and the log names the entry", async () => {
    const bytes = Uint8Array.from({ length: MIB + 1 }, (_, n) => (n * 31 + (n >> 8)) & 255);
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    const { ids } = await session.edit([
      creation("a", {
        attachments: [{ name: "one", bytes }],
        history: [{ field: "password", value: { text: "old", encoding: "utf8", concealed: true } }],
        created: 1_600_000_000_000,
      }),
    ]);
    const id = ids[0] ?? "";
    await session.edit([{ kind: "attach", id, name: "two", bytes: utf8("2"), existing: "refuse" }]);
    await session.edit([{ kind: "detach", id, name: "two" }]);
    const read = await session.attachment(id, "one");
    expect(equalBytes(read.bytes, bytes)).toBe(true);
    const entry = await session.entry(id);
    expect(entry).toMatchObject({ created: 1_600_000_000_000, history: [{ field: "password" }] });
    expect(await codeOf(session.attachment(id, "two"))).toBe("not-found");
    const log = await session.accessLog();
    expect(log.filter(({ purpose }) => purpose === "show")).toMatchObject([
      { id, path: "a" },
      { id, path: "a" },
    ]);
    const complete = { kind: "complete", vault: file("vault.pm"), prefix: "o" } as const;
    expect(await client.request({ ...complete, entry: "a", attachments: true })).toEqual(["one"]);
  });

  test("is whole while others save versions in which its data stands elsewhere", async () => {
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    const bytes = Uint8Array.from({ length: 40_000 }, (_, n) => (n * 13) & 255);
    const { ids } = await session.edit([creation("a", { attachments: [{ name: "f", bytes }] })]);
    const saves = Array.from({ length: 8 }, (_, n) =>
      session.edit([creation(`before it ${n}`), creation(`more ${n}`, { tags: ["t".repeat(n + 1)] })]),
    );
    const reads = Array.from({ length: 24 }, () => session.attachment(ids[0] ?? "", "f"));
    await Promise.all(saves);
    for (const read of await Promise.all(reads)) expect(equalBytes(read.bytes, bytes)).toBe(true);
  });

  test("a narrow session gives out only what it is for, and each attachment is a read", async () => {
    const here = await open();
    const attachments = [{ name: "file0", bytes: utf8("for ci") }];
    const { ids } = await here.edit([
      creation("ci/a", { attachments }),
      creation("web/bank", { attachments }),
    ]);
    const [ci = "", bank = ""] = ids;
    here[Symbol.dispose]();
    const client = await agentClient();
    await unlock(client, { only: ["ci/*"], reads: 2 });
    const session = through(client);
    expect(await codeOf(session.attachment(bank, "file0"))).toBe("locked");
    expect(await codeOf(session.edit([{ kind: "detach", id: ci, name: "file0" }]))).toBe("locked");
    expect(fromUtf8((await session.attachment(ci, "file0")).bytes)).toBe("for ci");
    expect(await codeOf(session.attachment(ci, "file0"))).toBe("locked");
  });

  test("one of a use-only entry is shown to nobody, and used by programs", async () => {
    const here = await open();
    const { ids } = await here.edit([
      creation("a", { attachments: [{ name: "f", bytes: utf8("secret") }], meta: { useOnly: true } }),
    ]);
    const id = ids[0] ?? "";
    here[Symbol.dispose]();
    const client = await agentClient();
    await unlock(client);
    const session = through(client);
    expect((await session.entry(id)).attachments).toMatchObject([{ name: "f", size: 6 }]);
    expect(await codeOf(session.attachment(id, "f"))).toBe("use-only");
    expect(await session.attachment(id, "f", "use")).toMatchObject({ useOnly: true });
  });
});
