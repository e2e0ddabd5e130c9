// The files of test/vectors/format that readers open; the other vectors are these with something changed.
import { attachedContent } from "./attachments.ts";
import { type SlotSecrets } from "../../src/core/vault/slot.ts";
import { utf8 } from "../../src/core/bytes.ts";
import { KIND } from "../../src/core/vault/header.ts";
import { buildPlaintext } from "../../src/core/vault/layout.ts";
import {
  CHEAP_KDF,
  KEY_FILE_SLOT,
  sealVault,
  type TestVault,
  type VaultPlan,
  type VaultSlot,
} from "../../test/support/vault-builder.ts";
import { brokenContent, fullContent, mergedContent, plainContent, slotBook } from "./content.ts";
import { LARGE, SMALL, T0 } from "./pieces.ts";
import { REMEMBERED, SHARED } from "./shares.ts";
import { USE_ONLY } from "./use-only.ts";

/** The secrets of every slot here, by the names of `Credentials` in test/support/format-vectors.ts. */
export const SECRETS: {
  readonly keyFile: Uint8Array;
  readonly recovery: Uint8Array;
  readonly machine: Uint8Array;
  readonly secretKey: Uint8Array;
} = {
  keyFile: Uint8Array.from({ length: 32 }, (_, n) => n),
  recovery: Uint8Array.from({ length: 20 }, (_, n) => n),
  machine: Uint8Array.from({ length: 32 }, (_, n) => n),
  secretKey: Uint8Array.from({ length: 20 }, (_, n) => 255 - n),
};

/** "wrap" output of the machine token's secret above: docs/format.md section 7.3. */
const TOKEN = Uint8Array.from(
  "31100ee508c443d0a99eff44105c9bca5818d7db3013892675304edb13c787f2".match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

export const PASSWORD = "correct horse battery staple";

const password = (text: string | Uint8Array, kdf = CHEAP_KDF): VaultSlot => ({
  slot: { type: 1, kdf },
  secrets: { password: typeof text === "string" ? utf8(text) : text },
});

const strong = (type: 4 | 5, secrets: SlotSecrets, readOnlyHint = false): VaultSlot => ({
  slot: { type, readOnlyHint },
  secrets,
});

const both = (type: 3 | 6, text: string, secrets: SlotSecrets): VaultSlot => ({
  slot: { type, kdf: { ...CHEAP_KDF, lanes: 4 } },
  secrets: { ...secrets, password: utf8(text) },
});

const RECOVERY = strong(4, { recovery: SECRETS.recovery });
const MACHINE = strong(5, { token: TOKEN });
const TWO_FACTORS = both(3, "with key file", { keyFile: SECRETS.keyFile });
const TWO_SECRETS = both(6, "with secret key", { secretKey: SECRETS.secretKey });

export interface Base {
  readonly id: string;
  readonly about: string;
  readonly plan: VaultPlan;
}

const plan = (id: string, about: string, parts: Omit<VaultPlan, "label">): Base => ({
  id,
  about,
  plan: { label: `pm-test-rng/${id}`, ...parts },
});

/** A password typed on a system that decomposes: e and a combining acute accent, Hangul as jamo. */
export const DECOMPOSED = "cafe\u0301 \u1112\u1161\u11ab";
export const FULL_WIDTH = "\uff30\uff21\uff33\uff33\uff11";
export const NOT_TEXT: Uint8Array = Uint8Array.of(0x70, 0xff, 0xfe, 0x80);

export const BASES: readonly Base[] = [
  {
    id: "PMV1-001",
    about: "the worked example of docs/format.md section 10; its index is not a complete one",
    plan: {
      label: "pm-test-rng",
      slots: [password(PASSWORD), strong(5, { token: new Uint8Array(32).fill(0x42) })],
      plaintext: buildPlaintext(utf8('{"v":1,"e":[["id0",0,49,"GitHub","alice"]]}'), [
        utf8('{"title":"GitHub","user":"alice","pass":"s3cr3t"}'),
      ]),
    },
  },
  plan("PMV1-002", "one of everything that the format knows, and things of later versions", {
    slots: [password(PASSWORD), KEY_FILE_SLOT],
    plaintext: fullContent,
  }),
  plan("PMV1-003", "a slot of each type", {
    slots: [password(PASSWORD), KEY_FILE_SLOT, TWO_FACTORS, RECOVERY, MACHINE, TWO_SECRETS],
    plaintext: plainContent([SMALL]),
  }),
  plan("PMV1-004", "passwords that need care: decomposed, full-width, not UTF-8, empty", {
    slots: [password(DECOMPOSED), password(FULL_WIDTH), password(NOT_TEXT), password("")],
    plaintext: plainContent([SMALL]),
  }),
  plan("PMV1-005", "a share (kind 2), opened by a machine token with the read-only hint", {
    kind: KIND.share,
    slots: [strong(5, { token: TOKEN }, true)],
    plaintext: plainContent([SMALL]),
  }),
  plan("PMV1-006", "a remote snapshot (kind 3), opened by password and secret key", {
    kind: KIND.remote,
    slots: [TWO_SECRETS],
    plaintext: plainContent([SMALL]),
  }),
  plan("PMV1-007", "over 64 KiB: records that reach over chunks, padding after Padmé, no entry alike", {
    slots: [KEY_FILE_SLOT],
    plaintext: plainContent(LARGE),
  }),
  plan("PMV1-008", "a small vault that most of the broken vectors are made of", {
    slots: [KEY_FILE_SLOT, RECOVERY],
    plaintext: (slots) => brokenContent(slots, {}),
  }),
  plan("PMV1-009", "no entries, sixteen slots", {
    slots: [RECOVERY, ...Array.from({ length: 14 }, () => MACHINE), KEY_FILE_SLOT],
    plaintext: plainContent([]),
  }),
  plan("PMV1-010", "written by a later minor version", {
    header: (bytes) => bytes.set([7], 9),
    plaintext: plainContent([SMALL]),
  }),
  plan("PMV1-011", "after merges: several histories of a replica, renewed keys, divided registers, a log", {
    plaintext: mergedContent,
  }),
  plan("PMV1-012", "use-only entries: flagged, free again, divided, erased", {
    plaintext: plainContent(USE_ONLY),
  }),
  plan("PMV1-013", "a share that ends: a token slot, what it says of itself, no history", {
    kind: KIND.share,
    slots: [strong(5, { token: TOKEN })],
    plaintext: plainContent(SHARED, () => ({ share: { label: "ci", created: T0, notAfter: T0 + 9 } })),
  }),
  plan("PMV1-014", "a vault that remembers shares: one that ends, one that never does, one it forgot", {
    plaintext: plainContent([SMALL], (slots) => ({ r: [...slotBook(slots), ...REMEMBERED] })),
  }),
  plan(
    "PMV1-015",
    "attachments: of one record and of several, empty, shared, divided, removed, for undo only",
    {
      plaintext: attachedContent,
    },
  ),
];

export async function sealBases(): Promise<ReadonlyMap<string, TestVault>> {
  const vaults = new Map<string, TestVault>();
  for (const base of BASES) vaults.set(base.id, await sealVault(base.plan));
  return vaults;
}
