/** Where the page of a recovery code goes. */
import { PmError } from "../core/errors.ts";

/** The option of every command that makes a recovery code. */
export const KIT_OPTION = {
  kind: "value",
  hint: "FILE",
  completes: "file",
  summary: "Write a page with the recovery code to print (HTML, 0600)",
} as const;

/** @throws PmError "usage" where it names no file */
export function requireKitFile(kit: string | undefined): void {
  if (kit !== "" && kit !== "-") return;
  throw new PmError("usage", "--kit needs the name of a file", { hint: "--kit emergency-kit.html" });
}
