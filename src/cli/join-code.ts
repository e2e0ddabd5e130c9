/** The code of a wifi entry with which phones join its network. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Entry, Field } from "../core/vault/model.ts";
import type { Context } from "./context.ts";
import { readWanted, warnAbout } from "./lookup.ts";
import { showQr } from "./qr-screen.ts";

/** Shows it on the terminal. */
export async function showJoinCode(ctx: Context, id: string): Promise<void> {
  const { entry, fields } = await readWanted(ctx, id, async (read) => joinFields(read));
  await warnAbout(ctx, entry, fields);
  const code = utf8(joinCode(entry, fields));
  try {
    await showQr(ctx, code);
  } finally {
    wipe(code);
  }
}

/** The fields that the code of a network is made of; of a network without a password its name alone. */
function joinFields({ fields }: Entry): readonly Field[] {
  return ["ssid", "password"].flatMap((name) => fields.find((field) => field.name === name) ?? []);
}

/**
 * What phones join the network of a wifi entry with, in the form that ZXing came up with and iOS and Android read.
 * @throws PmError "not-found" where the entry does not say how the network is called
 */
export function joinCode({ path }: Pick<Entry, "path">, fields: readonly Field[]): string {
  const [ssid, password] = ["ssid", "password"].map((name) => fields.find((field) => field.name === name));
  if (ssid === undefined) {
    throw new PmError("not-found", `"${path}" has no ssid to join`, {
      hint: "pm set NAME ssid=NETWORK, or name a field: pm get NAME password --qr",
    });
  }
  if ([ssid, password].some((field) => field?.encoding === "base64"))
    throw new PmError("usage", `"${path}" has bytes that are no text, and a QR code would not hold them`);
  const secret = password === undefined ? "T:nopass" : `T:WPA;P:${escaped(password.text)}`;
  return `WIFI:S:${escaped(ssid.text)};${secret};;`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,:"]/g, "\\$&");
}
