/** Until when a vault is unlocked and for what, for people and as JSON. */
import type { UnlockedVault } from "../agent/protocol.ts";
import { minuteOf } from "./dates.ts";
import { spanText } from "./duration.ts";
import { timeToJson } from "./entry-json.ts";
import { escapeControls } from "./escape.ts";

/** `2026-11-21 10:15 if nothing uses it, at the latest …`; the first part only where use makes it later. */
export function untilText({ locksAt, endsAt }: UnlockedVault): string {
  if (locksAt >= endsAt) return minuteOf(endsAt);
  return `${minuteOf(locksAt)} if nothing uses it, at the latest until ${minuteOf(endsAt)}`;
}

/** Rows of a table. */
export function unlockedRows(vault: UnlockedVault, now: number): readonly (readonly [string, string])[] {
  const { locksAt, only, readsLeft } = vault;
  const left = spanText(locksAt - now);
  return [
    ["locks", `${untilText(vault)} (${left} left)`],
    ...(only === undefined ? [] : [["only", only.map(escapeControls).join(", ")] as const]),
    ...(readsLeft === undefined ? [] : [["reads", `${readsLeft} left`] as const]),
  ];
}

/** The members that status, unlock and agent status share. */
export function unlockedToJson(vault: UnlockedVault, now: number): Readonly<Record<string, unknown>> {
  const { unlockedAt, locksAt, endsAt, idleMs, only, readsLeft } = vault;
  return {
    unlocked: timeToJson(unlockedAt),
    locks: timeToJson(locksAt),
    ends: timeToJson(endsAt),
    idleSeconds: idleMs / 1000,
    secondsLeft: Math.max(0, Math.floor((locksAt - now) / 1000)),
    only: only ?? null,
    readsLeft: readsLeft ?? null,
  };
}
