/** How costly a guess of the password is, and whether there is a second way in. */
import { toHex } from "../../core/bytes.ts";
import { type Argon2Params, isBelow } from "../../core/crypto/kdf.ts";
import type { Slot } from "../../core/vault/header.ts";
import { type Finding, isBundle, type Subject } from "./finding.ts";

const SHOWN_DIGITS = 8;
const UPGRADE = ["pm", "passwd", "--upgrade-kdf"];

export function checkKeys({ vault, kdf }: Subject): readonly Finding[] {
  const slots = vault.header?.slots ?? [];
  if (isBundle(vault)) return [];
  const costs = slots.flatMap((slot) => checkCost(slot, kdf));
  if (slots.length !== 1) return costs;
  const text = "one key alone opens the vault; without it everything is lost";
  return [...costs, { id: "single-key", level: "advice", text, fix: ["pm", "key", "add", "recovery"] }];
}

function checkCost({ id, kdf }: Slot, { floor, wanted }: Subject["kdf"]): readonly Finding[] {
  const against = kdf === undefined ? undefined : shortOf(kdf, floor, wanted);
  if (kdf === undefined || against === undefined) return [];
  const slot = toHex(id).slice(0, SHOWN_DIGITS);
  const text = `a guess of the password of key ${slot} costs ${costOf(kdf)}, less than ${against}`;
  return [{ id: "kdf", level: "problem", text, fix: UPGRADE }];
}

function shortOf(
  kdf: Argon2Params,
  floor: Argon2Params,
  wanted: Argon2Params | undefined,
): string | undefined {
  if (isBelow(kdf, floor)) return `pm gives any new one (${costOf(floor)})`;
  if (wanted !== undefined && isBelow(kdf, wanted)) return `the setting kdf asks for (${costOf(wanted)})`;
  return undefined;
}

function costOf({ memoryKiB, passes }: Argon2Params): string {
  return `${memoryKiB / 1024} MiB, ${passes} passes`;
}
