/** What opens a KeePass database: a password, a key file, or both, as one key. */
import { equalBytes, fromBase64, fromHex, fromUtf8, wipe } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { KdbxCrypto } from "./crypto.ts";
import { xmlParser } from "./xml.ts";

export interface KdbxCredentials {
  readonly password?: Uint8Array;
  /** The content of a key file of any kind. */
  readonly keyFile?: Uint8Array;
}

const KEY_BYTES = 32;
/** KeePass makes them of some 200 bytes; any other file may serve as one, too. */
const MAX_XML_BYTES = 65_536;

/** The composite key, 32 bytes. @throws PmError "corrupt" where the key file says that it is damaged. */
export function compositeKey(crypto: KdbxCrypto, credentials: KdbxCredentials): Uint8Array {
  const { password, keyFile } = credentials;
  const parts = [
    password === undefined ? undefined : crypto.sha256(password),
    keyFile === undefined ? undefined : keyOfFile(crypto, keyFile),
  ].filter((part) => part !== undefined);
  const key = crypto.sha256(...parts);
  wipe(...parts);
  return key;
}

/** In the order in which KeePass tries them: its XML, 32 bytes, 64 hexadecimal digits, any file by its hash. */
function keyOfFile(crypto: KdbxCrypto, bytes: Uint8Array): Uint8Array {
  const fromXml = keyOfXml(crypto, bytes);
  if (fromXml !== undefined) return fromXml;
  if (bytes.length === KEY_BYTES) return bytes.slice();
  const hex = bytes.length === 2 * KEY_BYTES ? fromUtf8(bytes) : undefined;
  return (hex === undefined ? undefined : fromHex(hex)) ?? crypto.sha256(bytes);
}

function keyOfXml(crypto: KdbxCrypto, bytes: Uint8Array): Uint8Array | undefined {
  const texts = bytes.length > MAX_XML_BYTES ? undefined : readTexts(bytes);
  const data = texts?.get("KeyFile/Key/Data")?.text.replaceAll(/\s+/g, "");
  if (texts === undefined || data === undefined) return undefined;
  const version = texts.get("KeyFile/Meta/Version")?.text ?? "";
  const isHex = version.startsWith("2.");
  const key = isHex ? fromHex(data) : fromBase64(data);
  if (key?.length !== KEY_BYTES) throw damagedKeyFile();
  const expected = fromHex(texts.get("KeyFile/Key/Data")?.hash ?? "");
  const hash = crypto.sha256(key).subarray(0, expected?.length ?? 0);
  if (isHex && (expected === undefined || !equalBytes(hash, expected))) throw damagedKeyFile();
  return key;
}

function damagedKeyFile(): PmError {
  return new PmError("corrupt", "the key file is damaged", { hint: "take another copy of it" });
}

interface Text {
  text: string;
  readonly hash: string | undefined;
}

/** The texts of a small XML by their paths; undefined where the bytes are no XML. */
function readTexts(bytes: Uint8Array): ReadonlyMap<string, Text> | undefined {
  const texts = new Map<string, Text>();
  const path: string[] = [];
  const parser = xmlParser({
    open(name, attributes) {
      path.push(name);
      texts.set(path.join("/"), { text: "", hash: attributes["Hash"] });
    },
    text(text) {
      const item = texts.get(path.join("/"));
      if (item !== undefined) item.text += text;
    },
    close: () => void path.pop(),
  });
  try {
    parser.write(bytes);
    parser.end();
    return texts;
  } catch {
    // Any file may be a key file; what is no sound XML counts by its hash.
    return undefined;
  }
}
