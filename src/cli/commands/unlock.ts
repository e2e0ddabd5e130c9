import type { UnlockLimits } from "../../agent/protocol.ts";
import { PmError } from "../../core/errors.ts";
import { nameFilter } from "../../core/vault/name-glob.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { lockTimeoutMs } from "../lock-time.ts";
import { isUnlocked, unlockVault } from "../unlock-run.ts";
import { unlockedToJson, untilText } from "../unlocked-text.ts";
import { parseCount } from "../values.ts";

const LOCKED_EXIT = 4;
const READS = { min: 1, max: 1_000_000_000 };

export const unlock: Command = defineCommand({
  args: [],
  options: {
    for: { kind: "value", hint: "TIME", summary: "Lock after this time at the latest (12h)" },
    idle: { kind: "value", hint: "TIME", summary: "Lock when nothing used it for so long (PM_LOCK_TIMEOUT)" },
    only: { kind: "list", hint: "GLOB", summary: "Serve only entries of such names, as ci/*; repeatable" },
    reads: { kind: "value", hint: "N", summary: "Lock after N entries were read" },
    check: { kind: "flag", summary: "Only say by 0 or 4 whether the vault is unlocked" },
  },
  details: [
    "Gives the vault's key to the agent, a process in the background, so that no command asks for the password until the vault is locked again. It returns only when the agent holds the key.",
    "The password is asked for, or comes from the source that the call names; a recovery code, a key file and a machine key do as well. TIME is 90s, 15m, 2h, or plain seconds, and 12 hours at most. In GLOB, * and ? stay within a folder and ** crosses folders.",
    "Where the vault is unlocked already the password is asked for again, and the limits of this call take the place of the earlier ones.",
    "--check prints nothing, asks for nothing and starts nothing. The exit status says it: 0 unlocked, 4 locked.",
  ],
  examples: [
    { command: "pm unlock", note: "Type the password once for a while" },
    { command: "pm unlock --check || pm unlock --idle 1h", note: "In a script: ask only where it is locked" },
    { command: "pm unlock --only 'ci/**' --for 10m --reads 20", note: "No more than a job needs" },
  ],
  exits: ["usage", "not-found", "locked", "auth", "unavailable", "interrupted"],
  vault: "none",
  async run(ctx, { options }): Promise<number> {
    const { check, ...given } = options;
    const limits = limitsOf(ctx, given);
    if (check) {
      requireAlone(given);
      return (await isUnlocked(ctx)) ? 0 : LOCKED_EXIT;
    }
    const vault = await unlockVault(ctx, limits);
    if (ctx.globals.json) {
      await ctx.out.json({ v: 1, vault: vault.vault, ...unlockedToJson(vault, ctx.io.now()) });
    } else {
      await ctx.out.note(`unlocked until ${untilText(vault)}`);
    }
    return 0;
  },
});

interface Given {
  readonly for: string | undefined;
  readonly idle: string | undefined;
  readonly only: readonly string[];
  readonly reads: string | undefined;
}

/** Wrong ones are told before any password is asked for. */
function limitsOf(ctx: Context, { for: life, idle, only, reads }: Given): UnlockLimits {
  nameFilter(only);
  return {
    idleMs: idle === undefined ? lockTimeoutMs(ctx) : parseDuration(idle, "--idle"),
    ...(life === undefined ? {} : { lifeMs: parseDuration(life, "--for") }),
    ...(only.length === 0 ? {} : { only }),
    ...(reads === undefined ? {} : { reads: parseCount(reads, "--reads", READS) }),
  };
}

function requireAlone({ only, ...others }: Given): void {
  if (only.length === 0 && Object.values(others).every((value) => value === undefined)) return;
  throw new PmError("usage", "--check changes nothing, and takes no limits", { hint: "pm unlock --check" });
}
