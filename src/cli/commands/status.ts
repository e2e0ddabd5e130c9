import type { UnlockedVault } from "../../agent/protocol.ts";
import { type BundleStatus, bundleStatus } from "../bundle-status.ts";
import { type Command, defineCommand } from "../command.ts";
import { minuteOf } from "../dates.ts";
import { describeKdf, kdfToJson } from "../slots.ts";
import { alignColumns } from "../columns.ts";
import { timeToJson } from "../entry-json.ts";
import { statedUnlocked } from "../unlock-run.ts";
import { unlockedRows, unlockedToJson } from "../unlocked-text.ts";
import { type LockedVault, readLockedVault } from "../vault-access.ts";

/** Group and other permission bits. */
const EXPOSED_BITS = 0o077;

export const status: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Shows where the vault is, its size and permissions, when it and its previous version (.bak) were saved, the newest copy that pm backup made in its default folder, and its key slots with their key derivation. Where the agent has unlocked it, it says until when, for which names, and how many reads are left. It asks for no password, and so it can't show entries or labels; pm key ls shows labels.",
    "Of a bundle it says so, and with its key (PM_KEY) also when it ends.",
    "Where there is no vault it exits with 3, where the file is damaged or no vault with 8.",
  ],
  examples: [
    { command: "pm status", note: "For people" },
    { command: "pm status --json", note: "For scripts" },
    { command: "pm status -q >/dev/null || pm init", note: "Create a vault where there is none" },
  ],
  exits: ["not-found", "corrupt"],
  vault: "none",
  async run(ctx) {
    const vault = await readLockedVault(ctx);
    const bundle = await bundleStatus(ctx, vault);
    const state = { bundle, unlocked: await statedUnlocked(ctx, vault.facts.path), now: ctx.io.now() };
    if (ctx.globals.json) await ctx.out.json(toJson(vault, state));
    else await ctx.out.lines(alignColumns(toRows(vault, state)));
    if (bundle === undefined && (vault.facts.mode & EXPOSED_BITS) !== 0) {
      await ctx.out.warn(`others may open the file; run: chmod 600 ${vault.facts.path}`);
    }
  },
});

interface State {
  readonly bundle: BundleStatus | undefined;
  /** As the agent says. */
  readonly unlocked: UnlockedVault | undefined;
  readonly now: number;
}

function toRows(
  vault: LockedVault,
  { bundle, unlocked, now }: State,
): readonly (readonly [string, string])[] {
  const { facts, name, format, slots, backup, lastBackup } = vault;
  return [
    ["vault", facts.path],
    ...(name === undefined ? [] : [["name", name] as const]),
    ...(bundle === undefined ? [] : [["kind", bundle.text] as const]),
    ["state", unlocked === undefined ? "locked" : "unlocked"],
    ...(unlocked === undefined ? [] : unlockedRows(unlocked, now)),
    ["format", format],
    ["size", `${facts.fileBytes} bytes`],
    ["permissions", permissions(facts.mode)],
    ["saved", minuteOf(facts.modified)],
    ["previous", backup === undefined ? "none" : `${minuteOf(backup.modified)}, ${backup.path}`],
    ["backup", lastBackup === undefined ? "none" : `${minuteOf(lastBackup.time)}, ${lastBackup.path}`],
    ...slots.map(
      ({ id, type, kdf }) => ["key", `${id.slice(0, 8)}  ${type}, KDF ${describeKdf(kdf)}`] as const,
    ),
  ];
}

function toJson(vault: LockedVault, { bundle, unlocked, now }: State): object {
  const { facts, name, format, slots, backup, lastBackup } = vault;
  return {
    v: 1,
    vault: facts.path,
    name: name ?? null,
    exists: true,
    locked: unlocked === undefined,
    agent: unlocked === undefined ? null : unlockedToJson(unlocked, now),
    format,
    fileBytes: facts.fileBytes,
    permissions: permissions(facts.mode),
    modified: timeToJson(facts.modified),
    backup: backup === undefined ? null : { path: backup.path, modified: timeToJson(backup.modified) },
    lastBackup:
      lastBackup === undefined ? null : { path: lastBackup.path, time: timeToJson(lastBackup.time) },
    slots: slots.map(({ id, type, kdf }) => ({ id, type, kdf: kdfToJson(kdf) })),
    ...(bundle && { bundle: bundle.json }),
  };
}

function permissions(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
