/**
 * What one-time codes are made of, as a field holds it: an otpauth URI, a steam URI, or the secret alone in base32.
 * docs/commands/otp.md says what is read. Messages never repeat a part of it.
 */
import { PmError } from "../errors.ts";
import type { Entry, Field } from "../vault/model.ts";
import { fromBase32, toBase32 } from "./base32.ts";

export type OtpAlgorithm = "SHA1" | "SHA256" | "SHA512";

interface Shared {
  readonly secret: Uint8Array;
  readonly algorithm: OtpAlgorithm;
  readonly digits: number;
  /** Of an otpauth URI: whose account it is, and at whom. */
  readonly account?: string;
  readonly issuer?: string;
}

/** Codes by time. */
export interface TimeKey extends Shared {
  readonly kind: "totp" | "steam";
  /** Seconds. */
  readonly period: number;
}

/** Codes that are counted. */
export interface CounterKey extends Shared {
  readonly kind: "hotp";
  /** Of the next code. */
  readonly counter: number;
}

export type OtpKey = TimeKey | CounterKey;

const MAX_CHARACTERS = 4096;
/** Others, such as the address of a picture, are ignored. */
const KNOWN: ReadonlySet<string> = new Set([
  "secret",
  "issuer",
  "algorithm",
  "digits",
  "period",
  "counter",
  "encoder",
]);
const DEFAULT_PERIOD = 30;
const MAX_PERIOD = 999_999_999;
const MIN_DIGITS = 6;
const MAX_DIGITS = 8;
const STEAM_DIGITS = 5;

/** @throws PmError "usage" that says what is wrong, and quotes nothing of it */
export function parseOtp(text: string): OtpKey {
  if (text.length > MAX_CHARACTERS) throw bad(`is over ${MAX_CHARACTERS} characters long`);
  const trimmed = text.trim();
  const [, scheme = ""] = /^([a-z-]+):\/\//iu.exec(trimmed) ?? [];
  switch (scheme.toLowerCase()) {
    case "otpauth":
      return parseOtpauth(trimmed);
    case "steam":
      return steam(secretOf(trimmed.slice("steam://".length)));
    case "":
      return {
        kind: "totp",
        secret: secretOf(trimmed),
        algorithm: "SHA1",
        digits: 6,
        period: DEFAULT_PERIOD,
      };
    case "otpauth-migration":
      throw bad("holds accounts of which one has to be chosen", "pm otp NAME --set --account 1");
    default:
      throw bad("is an address of another kind than otpauth://");
  }
}

/** @throws PmError "usage" that names the field where its value is no such secret */
export function otpOf(entry: Pick<Entry, "path"> | undefined, { name, text, encoding }: Field): OtpKey {
  const subject = entry === undefined ? `field "${name}"` : `field "${name}" of "${entry.path}"`;
  if (encoding !== "utf8") throw new PmError("usage", `${subject} is no text`);
  return parseOtpOf(subject, text);
}

/** {@link parseOtp}, whose messages begin with what it is of. */
export function parseOtpOf(subject: string, text: string): OtpKey {
  try {
    return parseOtp(text);
  } catch (error) {
    if (!(error instanceof PmError) || error.hint === undefined) throw error;
    throw new PmError(error.code, `${subject} ${error.message}`, { hint: error.hint });
  }
}

function steam(secret: Uint8Array): TimeKey {
  return { kind: "steam", secret, algorithm: "SHA1", digits: STEAM_DIGITS, period: DEFAULT_PERIOD };
}

function secretOf(text: string): Uint8Array {
  const secret = fromBase32(text);
  if (secret === undefined)
    throw bad("is neither an otpauth URI nor base32, which has the letters A to Z and 2 to 7");
  return secret;
}

/** `otpauth://TYPE/LABEL?PARAMETERS`. */
function parseOtpauth(uri: string): OtpKey {
  const [, word = "", label = "", query = ""] =
    /^otpauth:\/\/([^/?#]*)\/?([^?#]*)\??([^#]*)/iu.exec(uri) ?? [];
  const parameters = parametersOf(query);
  const secretText = parameters.get("secret");
  if (secretText === undefined || secretText === "") throw bad("has no secret");
  const secret = fromBase32(secretText);
  if (secret === undefined)
    throw bad("has a secret that is not base32, which has the letters A to Z and 2 to 7");
  const names = namesOf(label, parameters.get("issuer"));
  const algorithm = algorithmOf(parameters.get("algorithm"));
  const period = numberOf(parameters, "period", { min: 1, max: MAX_PERIOD }) ?? DEFAULT_PERIOD;
  const type = word.toLowerCase();
  if (type === "steam" || (type === "totp" && parameters.get("encoder")?.toLowerCase() === "steam")) {
    return { ...steam(secret), ...names, algorithm, period };
  }
  const digits = numberOf(parameters, "digits", { min: MIN_DIGITS, max: MAX_DIGITS }) ?? MIN_DIGITS;
  if (type === "totp") return { kind: "totp", secret, ...names, algorithm, digits, period };
  if (type !== "hotp") throw bad("is of another type than totp and hotp");
  const counter = numberOf(parameters, "counter", { min: 0, max: Number.MAX_SAFE_INTEGER - 1 }) ?? 0;
  return { kind: "hotp", secret, ...names, algorithm, digits, counter };
}

/** By their names in lower case, which are never escaped: `counter` has to be found again. */
function parametersOf(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split("&").filter((text) => text !== "")) {
    const [name = "", ...value] = part.split("=");
    const key = name.toLowerCase();
    if (parameters.has(key) && KNOWN.has(key)) throw bad(`has two parameters ${key}`);
    parameters.set(key, KNOWN.has(key) ? decoded(value.join("=").replaceAll("+", " ")) : "");
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad("has a % that begins no escape");
  }
}

/** The label is `ISSUER:ACCOUNT` or `ACCOUNT`; a parameter of its own says the issuer better. */
function namesOf(label: string, issuer: string | undefined): Pick<Shared, "account" | "issuer"> {
  const text = decoded(label);
  const at = text.indexOf(":");
  const account = text.slice(at + 1).trim();
  const named = issuer ?? (at < 0 ? "" : text.slice(0, at).trim());
  return { ...(account === "" ? {} : { account }), ...(named === "" ? {} : { issuer: named }) };
}

/** SHA1, and as others spell it: sha-1, HmacSHA1. */
function algorithmOf(text: string = "SHA1"): OtpAlgorithm {
  const [, size] = /^(?:hmac-?)?sha-?(1|256|512)$/iu.exec(text) ?? [];
  if (size === undefined) throw bad("has an algorithm other than SHA1, SHA256 and SHA512");
  return `SHA${size as "1" | "256" | "512"}`;
}

function numberOf(
  parameters: ReadonlyMap<string, string>,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw bad(`has a parameter ${name} that is no number from ${min} to ${max}`);
  return value;
}

function bad(what: string, hint = "otpauth://totp/NAME?secret=BASE32, or the base32 secret alone"): PmError {
  return new PmError("usage", what, { hint });
}

/** The same key as a URI that authenticators read. */
export function formatOtp(key: OtpKey): string {
  const { account = "", issuer } = key;
  const label = [...(issuer === undefined ? [] : [issuer]), account].map(encodeURIComponent).join(":");
  const parameters = [
    ["secret", toBase32(key.secret)],
    ...(issuer === undefined ? [] : [["issuer", issuer]]),
    ...(key.algorithm === "SHA1" ? [] : [["algorithm", key.algorithm]]),
    ...(key.digits === MIN_DIGITS || key.kind === "steam" ? [] : [["digits", String(key.digits)]]),
    ...(key.kind === "hotp" ? [["counter", String(key.counter)]] : []),
    ...(key.kind !== "hotp" && key.period !== DEFAULT_PERIOD ? [["period", String(key.period)]] : []),
    ...(key.kind === "steam" ? [["encoder", "steam"]] : []),
  ];
  const query = parameters.map(([name = "", value = ""]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `otpauth://${key.kind === "hotp" ? "hotp" : "totp"}/${label}?${query}`;
}
