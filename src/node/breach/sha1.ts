/** SHA-1, which the lists of leaked passwords are sorted by. It protects nothing here. */
import { createHash } from "node:crypto";

/** 40 hexadecimal digits in upper case, as the lists write them. */
export function sha1Hex(text: string): string {
  return createHash("sha1").update(text, "utf8").digest("hex").toUpperCase();
}
