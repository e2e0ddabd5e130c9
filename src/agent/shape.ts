/** What a JSON value must look like, as functions that give it back typed. No error repeats what it read. */
import { fromBase64 } from "../core/bytes.ts";
import { isArray, isObject, type Json } from "../core/vault/json.ts";
import { malformed } from "./wire.ts";

/** The typed value. @throws PmError "usage" where `value` is none */
export type Shape<T> = (value: Json | undefined) => T;

function check<T>(isRight: (value: Json | undefined) => boolean): Shape<T> {
  return (value) => {
    if (!isRight(value)) throw malformed();
    return value as T;
  };
}

export const text: Shape<string> = check((value) => typeof value === "string");
export const flag: Shape<boolean> = check((value) => typeof value === "boolean");
/** An integer from 0 on. */
export const count: Shape<number> = check((value) => Number.isSafeInteger(value) && Number(value) >= 0);

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return check((value) => words.some((word) => word === value));
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value) => {
    if (!isArray(value)) throw malformed();
    return value.map((one) => item(one));
  };
}

/** Absent, which in JSON is a member that is not there. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined ? undefined : shape(value));
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value) => (value === null ? null : shape(value));
}

type Members = Readonly<Record<string, Shape<unknown>>>;
type Absent<M extends Members> = {
  [K in keyof M]: undefined extends ReturnType<M[K]> ? K : never;
}[keyof M];
type Of<M extends Members> = {
  readonly [K in Exclude<keyof M, Absent<M>>]: ReturnType<M[K]>;
} & { readonly [K in Absent<M>]?: Exclude<ReturnType<M[K]>, undefined> };

/** An object of these members; others are dropped, and those that are absent stay so. */
export function object<M extends Members>(members: M): Shape<Of<M>> {
  const known = Object.entries(members);
  return (value) => {
    if (!isObject(value)) throw malformed();
    const entries = known.map(([name, shape]) => [name, shape(member(value, name))] as const);
    return Object.fromEntries(entries.filter(([, parsed]) => parsed !== undefined)) as Of<M>;
  };
}

/** A record of texts by any name. */
export const texts: Shape<Readonly<Record<string, string>>> = (value) => {
  if (!isObject(value)) throw malformed();
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, text(item)]));
};

/** One of several objects, told apart by the text in `tag`. */
export function tagged<S extends Readonly<Record<string, Shape<object>>>>(
  tag: string,
  shapes: S,
): Shape<ReturnType<S[keyof S]>> {
  return (value) => {
    const name = isObject(value) ? member(value, tag) : undefined;
    const shape = typeof name === "string" && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape === undefined) throw malformed();
    return shape(value) as ReturnType<S[keyof S]>;
  };
}

/** Never what an object inherits. */
function member(value: Json & object, name: string): Json | undefined {
  return Object.hasOwn(value, name) && isObject(value) ? value[name] : undefined;
}

const BYTES = "$bytes";

/** Bytes stand in JSON as an object with one member. */
export const bytes: Shape<Uint8Array> = (value) => {
  const encoded = isObject(value) ? fromBase64(text(member(value, BYTES))) : undefined;
  if (encoded === undefined) throw malformed();
  return encoded;
};
