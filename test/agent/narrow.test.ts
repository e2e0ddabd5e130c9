/** What a session sees that was unlocked for some entries only. */
import { describe, expect, test } from "vitest";
import { readSecrets } from "../../src/cli/vault-secrets.ts";
import { parseReference } from "../../src/core/references/reference.ts";
import { resolveReferences } from "../../src/core/references/resolve.ts";
import { agentClient, through, unlock } from "../support/agent-session.ts";
import { codeOf, create, file, login, open, useSessionHome } from "../support/session-home.ts";

useSessionHome();

const vault = (): string => file("vault.pm");
const LOCKED = { code: "locked", hint: "pm unlock" };

async function narrow(limits: { only?: readonly string[]; reads?: number }) {
  await create();
  using here = await open();
  const { ids } = await here.edit([login("ci/deploy"), login("ci/old"), login("web/bank")]);
  const [deploy = "", old = "", bank = ""] = ids;
  await here.edit([{ kind: "trash", id: old }]);
  const client = await agentClient();
  await unlock(client, limits);
  return { session: through(client), client, deploy, old, bank };
}

describe("a narrow session", () => {
  test("sees the live entries that it is for", async () => {
    const { session, deploy } = await narrow({ only: ["ci/*"] });
    expect((await session.list({})).map(({ path }) => path)).toEqual(["ci/deploy"]);
    expect(await session.resolve("CI/deploy")).toMatchObject({ kind: "found" });
    expect(await session.resolve(`id:${deploy.slice(0, 8)}`)).toMatchObject({ kind: "found" });
    expect(await session.resolve("ci/none")).toEqual({ kind: "none" });
    expect(await session.nearest("ci/deplo")).toEqual(["ci/deploy"]);
    expect(await session.entry(deploy)).toMatchObject({ path: "ci/deploy" });
  });

  test("resolves references to them, and refuses each to another one by itself", async () => {
    const { session } = await narrow({ only: ["ci/**"] });
    const refs = ["pm://ci/deploy", "pm://ci/deploy/password", "pm://web/bank/password"].map(parseReference);
    expect(await resolveReferences(async () => session, refs, { purpose: "use", now: 0 })).toMatchObject([
      { name: "ci/deploy/password" },
      { name: "ci/deploy/password" },
      { code: "locked" },
    ]);
  });

  test("knows their secrets for redact and scan, and says that there may be others", async () => {
    const { session } = await narrow({ only: ["ci/**"] });
    const warnings: string[] = [];
    const out = { warn: async (text: string) => void warnings.push(text) };
    const secrets = await readSecrets({ vault: async () => session, out }, []);
    expect(secrets.map(({ name }) => name)).toEqual(["ci/deploy/password"]);
    expect(warnings).toHaveLength(1);
  });

  test("tells nothing of the others, be they there or not", async () => {
    const { session, client, old, bank } = await narrow({ only: ["ci/*"] });
    const refused = [
      session.resolve("web/bank"),
      session.resolve("web/none"),
      session.resolve(`id:${bank}`),
      session.resolve(`id:${old}`),
      session.resolve("id:ffffffff"),
      session.entry(bank),
      session.entry(old),
      session.entry("f".repeat(32)),
      session.entry("nonsense"),
      session.list({ trashed: true }),
      session.edit([login("ci/new")]),
      session.log(),
      session.info(),
      session.conflicts(),
      session.accessLog(),
      session.verify(),
      session.undo(1),
      session.compare({ path: vault() }),
      session.addSlot({ type: "keyfile", secret: new Uint8Array(32), label: "k" }),
    ];
    const errors = await Promise.all(
      refused.map((call) =>
        call.then(
          () => "served",
          (error: Error) => error.message,
        ),
      ),
    );
    expect(new Set(errors)).toEqual(
      new Set([
        "the vault is unlocked only for some entries, and this is not among them",
        "the vault is unlocked only for reading some entries, and this needs all of it",
      ]),
    );
    expect(await client.request({ kind: "complete", vault: vault(), prefix: "" })).toEqual(["ci/deploy"]);
  });

  test("gives out as many entries as were allowed, and then is locked", async () => {
    const { session, deploy, bank } = await narrow({ reads: 2 });
    expect(await Promise.all([deploy, bank, deploy].map((id) => codeOf(session.entry(id))))).toEqual([
      "ok",
      "ok",
      "locked",
    ]);
    await expect(session.list({})).rejects.toMatchObject(LOCKED);
  });
});
