/** Every method of a session gives the same through the agent as in this process. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { LocalSession, openVault } from "../../src/node/local-session.ts";
import { agentClient, copyOfVault, through } from "../support/agent-session.ts";
import { change, creation, field } from "../support/draft-builder.ts";
import {
  create,
  file,
  homeDirectory,
  login,
  open,
  SECRET,
  store,
  useSessionHome,
} from "../support/session-home.ts";

useSessionHome();

interface Scene {
  readonly session: VaultSession;
  readonly id: string;
  /** Another copy of the vault. */
  readonly copy: string;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const BUNDLE = { label: "ci", only: ["web/*"], fields: null, notAfter: null, path: "/nowhere/ci.pm" };

const METHODS: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  resolve: ({ session }) => session.resolve("WEB/a"),
  nearest: ({ session }) => session.nearest("web/aa"),
  list: ({ session }) => session.list({ prefix: "web", trashed: false }),
  entry: ({ session, id }) => session.entry(id),
  attachment: ({ session, id }) => session.attachment(id, "FILE"),
  confirm: ({ session }) => session.confirm(text("wrong")),
  info: ({ session }) => session.info(),
  edit: ({ session, id }) =>
    session.edit([
      creation("web/new", { fields: [field("notes", "line\n\u0000€😀")], meta: { expires: "2030-01-01" } }),
      change(id, { set: [field("password", "new", true)], meta: { expires: null } }),
      { kind: "attach", id, name: "another", bytes: text("x"), existing: "refuse" },
      { kind: "detach", id, name: "file" },
    ]),
  sealExport: ({ session }) =>
    session.sealExport({
      only: ["web/*"],
      slot: { type: "keyfile", secret: new Uint8Array(32), label: "k" },
    }),
  verify: ({ session }) => session.verify(),
  addSlot: ({ session }) => session.addSlot({ type: "keyfile", secret: new Uint8Array(32), label: "k" }),
  removeSlot: async ({ session }) => session.removeSlot((await session.info()).slots[0]?.id ?? ""),
  changePassword: ({ session }) => session.changePassword(text("another one"), "constrained"),
  rewrapPassword: ({ session }) =>
    session.rewrapPassword({
      password: text("p"),
      keyFile: undefined,
      profile: "constrained",
      wait: "never",
    }),
  log: ({ session }) => session.log(),
  accessLog: ({ session }) => session.accessLog(0),
  undo: ({ session }) => session.undo(1),
  conflicts: ({ session }) => session.conflicts(),
  compare: ({ session, copy }) => session.compare({ path: copy }),
  restore: ({ session, copy }) => session.restore({ path: copy }),
  merge: ({ session, copy }) => session.merge({ path: copy }, { dryRun: false, strict: true }),
  bundles: ({ session }) => session.bundles(),
  addBundle: ({ session }) => session.addBundle({ ...BUNDLE, secret: new Uint8Array(32).fill(3) }),
  refreshBundle: ({ session }) => session.refreshBundle("00", { notAfter: null, path: "/x" }),
  removeBundle: ({ session }) => session.removeBundle("00"),
};

/** The same in both: what is drawn, and what time it is. */
const FIXED = {
  now: () => 1_767_225_700_000,
  random: (length: number): Uint8Array => new Uint8Array(length).fill(9),
};

async function outcome(run: Promise<unknown>): Promise<unknown> {
  return await run.catch(({ code, message, hint, details }: Record<string, unknown>) => ({
    code,
    message,
    hint,
    details,
  }));
}

test.each(Object.entries(METHODS))("%s", async (_name, call) => {
  await create();
  using first = await open();
  const [id = ""] = (await first.edit([login("web/a", "old")])).ids;
  copyFileSync(file("vault.pm"), file("copy.pm"));
  await first.edit([
    login("web/b"),
    change(id, { set: [field("username", "ada")] }),
    { kind: "attach", id, name: "file", bytes: Uint8Array.of(0, 255), existing: "refuse" },
  ]);
  const copy = file("copy.pm");
  const path = join(copyOfVault("here"), "vault.pm");
  const options = { ...store(), ...FIXED, path, credentials: { token: SECRET.slice() } };
  using here = await openVault(options);
  const inThisProcess = await outcome(call({ session: here, id, copy }));

  const other = join(copyOfVault("there"), "vault.pm");
  const client = await agentClient({ ...FIXED, kdfProfiles: store().kdfProfiles });
  await client.request({ kind: "unlock", vault: other, credentials: { token: SECRET.slice() }, limits: {} });
  const inTheAgent = await outcome(call({ session: through(client, other), id, copy }));
  expect(inTheAgent).toEqual(inThisProcess);
  expect(homeDirectory()).not.toBe("");
});

test("all methods stand in the table, but for the one that is refused", async () => {
  const names = Object.getOwnPropertyNames(LocalSession.prototype).filter((name) => name !== "constructor");
  expect(names.filter((name) => METHODS[name] === undefined)).toEqual(["rekey"]);
  await create();
  const session = through(await agentClient());
  await expect(session.rekey([])).rejects.toMatchObject({ code: "locked", hint: "add --no-agent" });
});
