/** Where an X display is, and the cookie that it asks for: X(7), "Display Names", and Xsecurity(7). */
import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { equalBytes, utf8 } from "../../core/bytes.ts";
import type { Env } from "./ways.ts";

export interface DisplayAddress {
  /** The socket of a server on this machine, or a host and its port. */
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly number: string;
}

export interface Cookie {
  readonly name: string;
  readonly data: Uint8Array;
}

const FIRST_PORT = 6000;
const LAST_PORT = 65_535;
const DISPLAY = /^(?:(unix|tcp|inet|inet6)\/)?(.*):(\d{1,5})(?:\.\d+)?$/;

/** @returns undefined where DISPLAY names none. A display without a host is never looked for on the network. */
export function displayAddress({ DISPLAY: display = "" }: Env): DisplayAddress | undefined {
  const [, protocol, name = "", number = ""] = DISPLAY.exec(display) ?? [];
  if (number === "") return undefined;
  if (protocol === "unix" || name === "unix" || (name === "" && protocol === undefined)) {
    return { at: { path: `/tmp/.X11-unix/X${number}` }, number };
  }
  const host = name.replace(/^\[(.*)\]$/, "$1") || "localhost";
  const port = FIRST_PORT + Number(number);
  return port > LAST_PORT ? undefined : { at: { host, port }, number };
}

const FAMILY = { internet: 0, local: 256, wild: 65_535 };
const COOKIE_NAME = "MIT-MAGIC-COOKIE-1";

/**
 * The cookie for a display, of the first entry in the authority file that fits.
 * @param remote the IP address of the server; undefined for a socket
 */
export function findCookie(env: Env, number: string, remote: string | undefined): Cookie | undefined {
  const { family, address } = serverOf(remote?.replace(/^::ffff:(?=.*\.)/, ""));
  return authorities(env).find(
    (entry) =>
      (entry.family === FAMILY.wild || (entry.family === family && equalBytes(entry.address, address))) &&
      (entry.number === "" || entry.number === number) &&
      entry.name === COOKIE_NAME,
  );
}

/** Nothing is sent elsewhere that is meant for this machine; of those with IPv6 the file is not asked. */
function serverOf(remote: string | undefined): { readonly family?: number; readonly address: Uint8Array } {
  if (remote === undefined || remote === "::1" || remote.startsWith("127.")) {
    return { family: FAMILY.local, address: utf8(hostname()) };
  }
  return isIPv4(remote)
    ? { family: FAMILY.internet, address: Uint8Array.from(remote.split("."), Number) }
    : { address: new Uint8Array() };
}

interface Authority extends Cookie {
  readonly family: number;
  readonly address: Uint8Array;
  readonly number: string;
}

/** The entries of the authority file; one that is cut off ends the list. */
function authorities({ XAUTHORITY, HOME }: Env): readonly Authority[] {
  const path = XAUTHORITY || (HOME ? join(HOME, ".Xauthority") : "");
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    // A server that asks for no cookie needs no file; one that does says so itself.
    return [];
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = (): number => {
    at += 2;
    return view.getUint16(at - 2);
  };
  const counted = (): Uint8Array => {
    const length = number();
    if (at + length > bytes.length) throw new RangeError("cut off");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const text = (): string => String.fromCharCode(...counted());
  const found: Authority[] = [];
  try {
    while (at < bytes.length) {
      found.push({ family: number(), address: counted(), number: text(), name: text(), data: counted() });
    }
  } catch {
    // What was read before is whole.
  }
  return found;
}
