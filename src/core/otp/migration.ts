/**
 * What Google Authenticator exports: `otpauth-migration://offline?data=BASE64` of a protocol buffer
 * (MigrationPayload), with all the accounts that were chosen there.
 */
import { fromBase64, fromUtf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { OtpAlgorithm, OtpKey } from "./otp-key.ts";

const SCHEME = /^\s*otpauth-migration:\/\/offline\/?\?(?:[^#]*&)?data=([^&#\s]+)/iu;
const MAX_CHARACTERS = 65_536;
const MAX_ACCOUNTS = 1000;
const PERIOD = 30;

/** Enumerations of the payload, by number; 0 is "unspecified". */
const ALGORITHMS: Readonly<Record<number, OtpAlgorithm>> = { 0: "SHA1", 1: "SHA1", 2: "SHA256", 3: "SHA512" };
const DIGITS: Readonly<Record<number, number>> = { 0: 6, 1: 6, 2: 8 };
const KINDS: Readonly<Record<number, OtpKey["kind"]>> = { 0: "totp", 1: "hotp", 2: "totp" };

const ACCOUNTS_FIELD = 1;
const VARINT = 0;
const BYTES = 2;
/** Wire types of a fixed length, and that. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

export function isMigration(text: string): boolean {
  return /^\s*otpauth-migration:/iu.test(text);
}

/** @throws PmError "usage" that says what is wrong, and quotes nothing of it */
export function parseMigration(text: string): readonly OtpKey[] {
  if (text.length > MAX_CHARACTERS) throw damaged();
  const [, data = ""] = SCHEME.exec(text) ?? [];
  const payload = base64Of(data);
  if (payload === undefined) throw damaged();
  const accounts = [...fieldsOf(payload)].filter(({ number }) => number === ACCOUNTS_FIELD);
  if (accounts.length === 0) throw bad("holds no account");
  if (accounts.length > MAX_ACCOUNTS) throw bad(`holds over ${MAX_ACCOUNTS} accounts`);
  return accounts.map(({ value }) => accountOf(bytesOf(value)));
}

/** Apps escape it, or leave plus signs and the padding to be understood. */
function base64Of(data: string): Uint8Array | undefined {
  const text = data.replaceAll(/%2b/giu, "+").replaceAll(/%2f/giu, "/").replaceAll(/%3d|=/giu, "");
  return text === "" ? undefined : fromBase64(text.padEnd(Math.ceil(text.length / 4) * 4, "="));
}

function accountOf(message: Uint8Array): OtpKey {
  const fields = new Map([...fieldsOf(message)].map(({ number, value }) => [number, value]));
  const secret = bytesOf(fields.get(1) ?? new Uint8Array(0));
  if (secret.length === 0) throw bad("holds an account without a secret");
  const names = namesOf(textOf(fields.get(2)), textOf(fields.get(3)));
  const algorithm = known(ALGORITHMS, fields.get(4), "algorithm");
  const digits = known(DIGITS, fields.get(5), "number of digits");
  const kind = known(KINDS, fields.get(6), "type");
  const shared = { secret: secret.slice(), ...names, algorithm, digits };
  if (kind !== "hotp") return { ...shared, kind, period: PERIOD };
  return { ...shared, kind, counter: numberOf(fields.get(7)) };
}

/** The name is `ISSUER:ACCOUNT` or `ACCOUNT`. */
function namesOf(name: string, issuer: string): Pick<OtpKey, "account" | "issuer"> {
  const account = name.startsWith(`${issuer}:`) ? name.slice(issuer.length + 1).trim() : name;
  return { ...(account === "" ? {} : { account }), ...(issuer === "" ? {} : { issuer }) };
}

function known<T>(values: Readonly<Record<number, T>>, field: FieldValue | undefined, what: string): T {
  const value = values[numberOf(field)];
  if (value === undefined) throw bad(`holds an account with another ${what} than pm makes codes with`);
  return value;
}

type FieldValue = Uint8Array | number;

interface MessageField {
  readonly number: number;
  readonly value: FieldValue;
}

/** Protocol buffers, encoding: a tag of a number and a wire type, and then the value. */
function* fieldsOf(message: Uint8Array): Generator<MessageField> {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw damaged();
    return message.subarray(at, (at += length));
  };
  // Of ten bytes at most: a negative number has that many, and is none that anybody asks for.
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const [byte = 0] = take(1);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw damaged();
  };
  while (at < message.length) {
    const tag = varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (number === 0) throw damaged();
    if (type === VARINT) yield { number, value: varint() };
    else if (type === BYTES) yield { number, value: take(varint()) };
    else {
      const length = FIXED[type];
      if (length === undefined) throw damaged();
      yield { number, value: take(length) };
    }
  }
}

function bytesOf(value: FieldValue): Uint8Array {
  if (typeof value === "number") throw damaged();
  return value;
}

function textOf(value: FieldValue | undefined): string {
  const text = value === undefined ? "" : fromUtf8(bytesOf(value));
  if (text === undefined) throw damaged();
  return text;
}

function numberOf(value: FieldValue | undefined): number {
  if (value === undefined) return 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw damaged();
  return value;
}

function damaged(): PmError {
  return bad("is a damaged otpauth-migration URI");
}

function bad(what: string): PmError {
  return new PmError("usage", what, {
    hint: "export the accounts anew: Google Authenticator, Transfer accounts",
  });
}
