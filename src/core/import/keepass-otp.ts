/** One-time codes as the programs around KeePass keep them, as one otpauth URI. */
import { fromBase64, fromHex, utf8 } from "../bytes.ts";
import type { KdbxEntry } from "../kdbx/database.ts";
import { fromBase32, toBase32 } from "../otp/base32.ts";

export interface KeepassOtp {
  /** What the field `otp` is to hold. */
  readonly uri: string;
  /** Keys of the strings that say nothing beyond it. */
  readonly keys: readonly string[];
}

type Strings = ReadonlyMap<string, string>;

interface Code {
  readonly kind: "totp" | "hotp" | "steam";
  readonly secret: Uint8Array;
  readonly algorithm?: string | undefined;
  readonly digits?: string | undefined;
  readonly period?: string | undefined;
  readonly counter?: string | undefined;
}

/** Undefined where the entry has none, or none that a URI says whole: then its strings stay as they are. */
export function keepassOtp(entry: KdbxEntry): KeepassOtp | undefined {
  const strings: Strings = new Map(
    entry.strings.filter(({ value }) => value !== "").map(({ key, value }) => [key, value]),
  );
  return keepassXc(strings) ?? keepass2(strings) ?? keeTrayTotp(strings);
}

/** KeePassXC: `otp` holds a URI; before that, and in KeeOtp, the parameters of one. */
function keepassXc(strings: Strings): KeepassOtp | undefined {
  const text = strings.get("otp");
  if (text === undefined) return undefined;
  const parameters = new Map(
    text.split("&").map((part): [string, string] => {
      const [name = "", ...value] = part.split("=");
      return [name.toLowerCase(), decoded(value.join("="))];
    }),
  );
  const uri = keeOtpUri(strings, parameters);
  return { uri: uri ?? text, keys: ["otp"] };
}

function keeOtpUri(strings: Strings, parameters: Strings): string | undefined {
  const known = ["key", "step", "size", "type", "counter", "otphashmode"];
  const secret = fromBase32(parameters.get("key") ?? "");
  const kind = parameters.get("type")?.toLowerCase() ?? "totp";
  if (secret === undefined || [...parameters.keys()].some((name) => !known.includes(name))) return undefined;
  if (kind !== "totp" && kind !== "hotp" && kind !== "steam") return undefined;
  return toUri(strings, {
    kind,
    secret,
    algorithm: parameters.get("otphashmode"),
    digits: parameters.get("size"),
    period: parameters.get("step"),
    counter: parameters.get("counter"),
  });
}

/** KeePass 2: https://keepass.info/help/base/placeholders.html#otp */
function keepass2(strings: Strings): KeepassOtp | undefined {
  return keepass2Code(strings, "totp", "TimeOtp") ?? keepass2Code(strings, "hotp", "HmacOtp");
}

function keepass2Code(strings: Strings, kind: "totp" | "hotp", prefix: string): KeepassOtp | undefined {
  const secrets: readonly (readonly [string, (text: string) => Uint8Array | undefined])[] = [
    [`${prefix}-Secret`, utf8],
    [`${prefix}-Secret-Hex`, (text) => fromHex(text.replaceAll(/\s/g, ""))],
    [`${prefix}-Secret-Base32`, fromBase32],
    [`${prefix}-Secret-Base64`, fromBase64],
  ];
  const [found, ...more] = secrets.filter(([key]) => strings.has(key));
  // Several secrets are several codes.
  if (found === undefined || more.length > 0) return undefined;
  const [key, decode] = found;
  const secret = decode(strings.get(key) ?? "");
  const parameter = (name: string): string | undefined => strings.get(`${prefix}-${name}`);
  if (secret === undefined) return undefined;
  const uri = toUri(strings, {
    kind,
    secret,
    algorithm: parameter("Algorithm"),
    digits: parameter("Length"),
    period: parameter("Period"),
    counter: parameter("Counter"),
  });
  const names = kind === "totp" ? ["Algorithm", "Length", "Period"] : ["Algorithm", "Length", "Counter"];
  return uri === undefined ? undefined : { uri, keys: [key, ...names.map((name) => `${prefix}-${name}`)] };
}

/** KeeTrayTOTP: the settings are `PERIOD;DIGITS`, with "S" for Steam; then may follow the address of a clock. */
function keeTrayTotp(strings: Strings): KeepassOtp | undefined {
  const secret = fromBase32(strings.get("TOTP Seed") ?? "");
  if (secret === undefined) return undefined;
  const [period, digits, ...more] = (strings.get("TOTP Settings") ?? "30;6").split(";");
  const isSteam = digits?.toUpperCase() === "S";
  const uri = toUri(strings, {
    kind: isSteam ? "steam" : "totp",
    secret,
    period,
    digits: isSteam ? undefined : digits,
  });
  if (uri === undefined) return undefined;
  return { uri, keys: more.length > 0 ? [] : ["TOTP Seed", "TOTP Settings"] };
}

/** Undefined where `code` is not one that the URI can say. */
function toUri(strings: Strings, code: Code): string | undefined {
  const { kind, secret, digits = "6", period = "30", counter = "0" } = code;
  const [, size] = /^(?:HMAC-)?SHA-?(1|256|512)$/i.exec(code.algorithm ?? "SHA1") ?? [];
  const isSound =
    size !== undefined &&
    secret.length > 0 &&
    (kind === "steam" || /^[678]$/.test(digits)) &&
    /^[1-9]\d{0,8}$/.test(period) &&
    /^\d{1,15}$/.test(counter);
  if (!isSound) return undefined;
  const parameters = [
    `secret=${toBase32(secret)}`,
    ...(size === "1" ? [] : [`algorithm=SHA${size}`]),
    ...(digits === "6" || kind === "steam" ? [] : [`digits=${digits}`]),
    ...(kind === "hotp" ? [`counter=${counter}`] : []),
    ...(kind !== "hotp" && period !== "30" ? [`period=${period}`] : []),
    ...(kind === "steam" ? ["encoder=steam"] : []),
  ];
  return `otpauth://${kind === "hotp" ? "hotp" : "totp"}/${label(strings)}?${parameters.join("&")}`;
}

function label(strings: Strings): string {
  const names = [strings.get("Title") ?? "", strings.get("UserName") ?? ""];
  return names
    .filter((name) => name !== "")
    .map((name) => encodeURIComponent(name.toWellFormed()))
    .join(":");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
