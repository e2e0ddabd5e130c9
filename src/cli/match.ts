/** What `find` looks at. */
import { PmError } from "../core/errors.ts";
import { hostOf } from "../core/vault/entry-view.ts";
import type { Entry, Row } from "../core/vault/model.ts";

export const PLACES = ["fields", "notes"] as const;
export type Place = (typeof PLACES)[number];

/** Whether every term stands in the path, the user name, a host or a tag; case is ignored. */
export function rowMatches(row: Row, terms: readonly string[]): boolean {
  return contains([row.path, row.username, ...row.hosts, ...row.tags], terms);
}

/** The same in the plain fields (names and values) or in the notes. Other secrets are not searched. */
export function entryMatches(entry: Entry, terms: readonly string[], place: Place): boolean {
  const texts = entry.fields.flatMap(({ name, text, encoding, concealed }) => {
    if (place === "notes") return name === "notes" && encoding === "utf8" ? [text] : [];
    return concealed || encoding !== "utf8" ? [name] : [name, text];
  });
  return contains(texts, terms);
}

function contains(texts: readonly string[], terms: readonly string[]): boolean {
  const folded = texts.map(fold);
  return terms.every((term) => {
    const wanted = fold(term);
    return folded.some((text) => text.includes(wanted));
  });
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * Whether an entry is for the host of an address: its own host, or a domain above it. An entry for
 * login.example.com is never offered to example.com.
 */
export function hostMatcher(url: string): (row: Row) => boolean {
  const host = hostOf(url);
  if (host === undefined) throw new PmError("usage", "--url expects an address such as https://example.com");
  const accepted = new Set([host, ...parentsOf(host)]);
  return (row) => row.hosts.some((known) => accepted.has(known));
}

function parentsOf(host: string): string[] {
  // The parts of an IP address are no domains.
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return [];
  const labels = host.split(".");
  // "com" alone is nobody's domain.
  return labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join("."));
}
