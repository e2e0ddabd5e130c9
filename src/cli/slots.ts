/** Key slots as they are listed, named and written to JSON. */
import type { Argon2Params } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { SlotInfo } from "../core/vault/session.ts";

const MIN_ID_DIGITS = 4;
/** What a list shows of an id: enough to name one of 16 slots. */
export const SHOWN_ID_DIGITS = 8;

/** "Argon2id 128 MiB, 3 passes, 4 lanes", or "none" for a secret that needs no stretching. */
export function describeKdf(kdf: Argon2Params | undefined): string {
  if (kdf === undefined) return "none";
  const lanes = kdf.lanes === 1 ? "1 lane" : `${kdf.lanes} lanes`;
  return `Argon2id ${kdf.memoryKiB / 1024} MiB, ${kdf.passes} passes, ${lanes}`;
}

export function kdfToJson(kdf: Argon2Params | undefined): object | null {
  if (kdf === undefined) return null;
  return { name: "argon2id", memoryKiB: kdf.memoryKiB, passes: kdf.passes, lanes: kdf.lanes };
}

/**
 * The slot that `name` names: its label, its id, or at least 4 digits of the id.
 * @throws PmError "not-found", or "ambiguous" listing the candidates
 */
export function findSlot(slots: readonly SlotInfo[], name: string): SlotInfo {
  const wanted = name.normalize("NFC");
  const digits = wanted.replace(/^id:/i, "").toLowerCase();
  const byId = (slot: SlotInfo): boolean => digits.length >= MIN_ID_DIGITS && slot.id.startsWith(digits);
  const matches = slots.filter((slot) => slot.label === wanted || byId(slot));
  const [first, ...more] = matches;
  if (first === undefined) {
    throw new PmError("not-found", `no key slot is called "${name}"`, { hint: "pm key ls lists them" });
  }
  if (more.length === 0) return first;
  throw new PmError("ambiguous", `${matches.length} key slots match "${name}"`, {
    details: matches.map((slot) => `${slot.id}  ${slot.type}  ${slot.label}`),
    hint: `use more of an id: ${first.id}`,
  });
}
