/** Where a credential is used: of the addresses of entries, and of what a helper is asked for. */

export interface Place {
  /** Lower case. */
  readonly scheme: string;
  /** As a browser would send it: lower case, punycode, IPv6 in brackets. */
  readonly host: string;
  /** The one of the scheme where none is named; undefined where the scheme has none. */
  readonly port: number | undefined;
  /** Decoded, without empty ones. */
  readonly path: readonly string[];
}

/** How the path of an entry's address has to fit: as the beginning of the one asked for, or the same. */
export type PathRule = "beginning" | "same";

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, ssh: 22 };
const SCHEME = /^[a-z][a-z0-9+.-]*$/;
/** No percent signs: what they stand for was decoded before, or would be decoded later and then mean another host. */
const NAME = /^[^\s\p{Cc}/\\?#@%:[\]]+$/u;
const IPV6 = /^\[[0-9a-f:.]+\]$/i;
const ADDRESS = /^(?:([^:/?#]+):\/\/)?(?:[^/?#@\\]*@)?([^/?#]*)([^?#]*)/;

/**
 * @param host with its port, where it has one
 * @param path decoded
 * @returns undefined where one of them is none, or could mean different things to different programs
 */
export function placeOf(scheme: string, host: string, path: readonly string[] = []): Place | undefined {
  const [, name = "", digits = ""] = /^(.*?)(?::(\d{0,5}))?$/su.exec(host) ?? [];
  const port = digits === "" ? PORTS[scheme.toLowerCase()] : Number(digits);
  const known = canonicalHost(name);
  const segments = path.filter((segment) => segment !== "");
  const isPlain = segments.every(
    (segment) => segment !== "." && segment !== ".." && !/\p{Cc}/u.test(segment),
  );
  if (known === undefined || !SCHEME.test(scheme.toLowerCase()) || !isPlain) return undefined;
  return { scheme: scheme.toLowerCase(), host: known, port, path: segments };
}

/** The place of an address as people write it; without a scheme it is one of https. */
export function placeOfAddress(text: string): Place | undefined {
  const [, scheme = "https", host = "", path = ""] = ADDRESS.exec(text.trim()) ?? [];
  return placeOf(scheme, host, path.split("/").map(decoded));
}

function canonicalHost(name: string): string | undefined {
  if (!NAME.test(name) && !IPV6.test(name)) return undefined;
  const hostname = URL.parse(`https://${name}`)?.hostname;
  return hostname === undefined || hostname === "" ? undefined : hostname;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * How well the address of an entry fits what is asked for: a larger number is better. Undefined where it
 * is another scheme, host or port, or a path beside it.
 */
export function fit(known: Place, asked: Place, rule: PathRule): number | undefined {
  const isThere = known.scheme === asked.scheme && known.host === asked.host && known.port === asked.port;
  if (!isThere) return undefined;
  const isBeginning = known.path.every((segment, index) => segment === asked.path[index]);
  if (rule === "same") return isBeginning && known.path.length === asked.path.length ? 1 : undefined;
  // Who asks without a path means the host as a whole.
  if (asked.path.length === 0) return known.path.length === 0 ? 1 : 0;
  return isBeginning ? known.path.length : undefined;
}

/** The place as an address, in the form in which it is compared. */
export function formatPlace({ scheme, host, port, path }: Place): string {
  const ending = port === undefined || port === PORTS[scheme] ? "" : `:${port}`;
  return `${scheme}://${[host + ending, ...path.map((segment) => encodeURIComponent(segment))].join("/")}`;
}
