/** The emergency kit of a recovery code: what a person needs beside it. kit-page.ts has it for paper. */
import type { Context } from "./context.ts";
import { dayOf } from "./dates.ts";
import { confirmRecoveryCode } from "./new-key.ts";
import { qrLines } from "./qr.ts";
import { requireTerminal } from "./terminal.ts";

export interface Kit {
  /** 32 hex digits. */
  readonly vaultId: string;
  /** Absolute. */
  readonly path: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** PMR1-… */
  readonly code: string;
}

export function newKit(call: Pick<Context, "io">, vault: Pick<Kit, "vaultId" | "path">, code: string): Kit {
  return { ...vault, day: dayOf(call.io.now()), code };
}

/**
 * Shows the kit to the person, and has a group of its code typed back.
 * @param otherwise the command that goes without a code
 * @throws PmError "usage" where it never was, "locked" where there is nobody
 */
export async function confirmKit(
  call: Pick<Context, "io" | "globals">,
  kit: Kit,
  otherwise: string,
): Promise<void> {
  using terminal = requireTerminal(call, "the recovery code has to be confirmed", otherwise);
  const text = await kitText(call, kit, "the code");
  await confirmRecoveryCode(call, terminal, { code: kit.code, text, otherwise });
}

/**
 * The kit as lines for a terminal, with a QR code where it can show one.
 * @param shows whether the code stands in it, or on the line that will follow
 */
export async function kitText(
  call: Pick<Context, "io">,
  { vaultId, path, day, code }: Kit,
  shows: "the code" | "what follows",
): Promise<string> {
  const qr = call.io.env["TERM"] === "dumb" ? "" : `${await qrLines(code)}\n\n`;
  return (
    `\nEmergency kit\n  vault  ${path}\n  id     ${vaultId}\n  made   ${day}\n\n${qr}` +
    `Recovery code: ${shows === "the code" ? code : "the line below"}\n\n` +
    "It opens the vault where the password is forgotten: pm passwd takes it in place of the\n" +
    "old password. Write it down now and keep it off this machine: it is not shown again.\n\n"
  );
}
