/** Exports of Google Authenticator, as protocol buffers are written. */
import { utf8 } from "../../src/core/bytes.ts";

export interface Account {
  readonly secret: string;
  readonly name?: string;
  readonly issuer?: string;
  readonly algorithm?: number;
  readonly digits?: number;
  readonly type?: number;
  readonly counter?: number;
}

export function account({
  secret,
  name,
  issuer,
  algorithm,
  digits,
  type,
  counter,
}: Account): readonly number[] {
  return [
    ...text(1, secret),
    ...text(2, name),
    ...text(3, issuer),
    ...number(4, algorithm),
    ...number(5, digits),
    ...number(6, type),
    ...number(7, counter),
    ...text(8, "an id of later versions"),
  ];
}

/** The URI, with what comes after the accounts. */
export function migrationUri(accounts: readonly (readonly number[])[]): string {
  const listed = accounts.flatMap((message) => [0x0a, ...varint(message.length), ...message]);
  return payload([...listed, ...number(2, 1), ...number(3, 1)]);
}

export function payload(bytes: readonly number[]): string {
  const data = Buffer.from(bytes).toString("base64");
  return `otpauth-migration://offline?data=${encodeURIComponent(data)}`;
}

function text(field: number, value: string | undefined): readonly number[] {
  if (value === undefined) return [];
  const bytes = utf8(value);
  return [field * 8 + 2, ...varint(bytes.length), ...bytes];
}

function number(field: number, value: number | undefined): readonly number[] {
  return value === undefined ? [] : [field * 8, ...varint(value)];
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
