/** What `pm rekey` makes of each key slot: decided before anything is asked or made. */
import { PmError } from "../core/errors.ts";
import { MAX_SLOTS } from "../core/vault/header.ts";
import type { SlotInfo, SlotWord } from "../core/vault/session.ts";
import { shellWord } from "./shell-word.ts";

export interface RekeyWishes {
  /** undefined: where the vault has a code. */
  readonly recovery: boolean | undefined;
  readonly machine: boolean;
  /** Somebody may know the old root key, and with it what the vault remembers of its bundles. */
  readonly dropsBundles: boolean;
}

export interface RekeyPlan {
  /** The slot of the new master password. */
  readonly password: { readonly label: string; readonly takesKeyFile: boolean };
  /** Keys that pm makes. */
  readonly keys: readonly { readonly type: "recovery" | "machine"; readonly label: string }[];
  /** Slots that get no successor. */
  readonly dropped: readonly SlotInfo[];
}

/** @throws PmError "limit" where the new slots would be too many */
export function planRekey(slots: readonly SlotInfo[], wishes: RekeyWishes): RekeyPlan {
  const password = passwordSlot(slots);
  const code = slots.find(({ type }) => type === "recovery");
  const makesCode = wishes.recovery ?? code !== undefined;
  const machines = wishes.machine ? slots.filter(({ type }) => type === "machine") : [];
  const keys = [
    ...(makesCode
      ? [{ type: "recovery" as const, label: code === undefined ? "recovery" : labelOf(code) }]
      : []),
    ...machines.map((slot) => ({ type: "machine" as const, label: labelOf(slot) })),
  ];
  if (keys.length + 1 > MAX_SLOTS) {
    throw new PmError("limit", `that would be more than ${MAX_SLOTS} key slots`, {
      hint: "pm rekey --no-recovery",
    });
  }
  const replaced = new Set([password, makesCode ? code : undefined, ...machines]);
  return {
    password: {
      label: password === undefined ? "password" : labelOf(password),
      takesKeyFile: password?.type === "password-keyfile",
    },
    keys,
    dropped: slots.filter((slot) => !replaced.has(slot)),
  };
}

const PASSWORD_WORDS: readonly SlotWord[] = ["password", "password-keyfile"];

/** The one that opened the vault, else the first: a password of itself before one with a key file. */
function passwordSlot(slots: readonly SlotInfo[]): SlotInfo | undefined {
  const passwords = PASSWORD_WORDS.flatMap((word) => slots.filter(({ type }) => type === word));
  return passwords.find(({ current }) => current) ?? passwords[0];
}

/** The slot book need not know a slot. */
export function labelOf({ label, type }: Pick<SlotInfo, "label" | "type">): string {
  return label === "" ? type : label;
}

/** The command that adds a key like the dropped one; undefined where no command does. */
export function commandFor({ type, label }: Pick<SlotInfo, "label" | "type">): string | undefined {
  if (type === "secret-key") return undefined;
  const file = type === "keyfile" || type === "password-keyfile" ? " FILE" : "";
  return `pm key add ${type}${file}${label === "" ? "" : ` --label ${shellWord(label)}`}`;
}
