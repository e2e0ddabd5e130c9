/** What git and its credential helpers say to each other: git-credential(1), "INPUT/OUTPUT FORMAT". */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type Place, placeOf } from "./credential-place.ts";

/** "A line, including the trailing newline, may not exceed 65535 bytes." */
const MAX_LINE_BYTES = 65_535;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;
/** Git sends a few lines; servers have a part in them (wwwauth[]). */
export const MAX_REQUEST_BYTES = 1_048_576;

export interface GitRequest {
  /** Undefined where host or protocol are missing: then no helper is meant. */
  readonly place: Place | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** What pm reads; everything else (capability[], wwwauth[], what later versions add) is ignored. */
const KEYS = ["protocol", "host", "path", "username", "password", "url"] as const;
type Key = (typeof KEYS)[number];
type Attributes = Partial<Record<Exclude<Key, "url">, string>>;

/** @throws PmError "usage" where it is not what git sends, or where a part could mislead somebody */
export function parseGitRequest(bytes: Uint8Array): GitRequest {
  const attributes = attributesOf(bytes);
  const { protocol = "", host = "", path = "", username, password } = attributes;
  const isComplete = protocol !== "" && host !== "";
  const place = isComplete ? placeOf(protocol, host, path.split("/")) : undefined;
  if (isComplete && place === undefined) {
    throw new PmError("usage", "git asks for an address that has no place in one", {
      hint: "look at the address of the remote: git remote -v",
    });
  }
  return { place, username: username === "" ? undefined : username, password };
}

function attributesOf(bytes: Uint8Array): Attributes {
  let attributes: Attributes = {};
  for (const line of linesOf(bytes)) {
    const equals = line.indexOf(EQUALS);
    if (equals < 1) throw notGit();
    const name = fromUtf8(line.subarray(0, equals));
    const key = KEYS.find((known) => known === name);
    // The others may have words of a server in them, in whatever encoding.
    if (key === undefined) continue;
    const value = fromUtf8(line.subarray(equals + 1));
    if (value === undefined || value.includes("\0") || line.length >= MAX_LINE_BYTES) throw notGit();
    attributes = { ...attributes, ...(key === "url" ? partsOf(value) : { [key]: value }) };
  }
  return attributes;
}

/** Up to an empty line, which ends a request. */
function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let rest = bytes; rest.length > 0 && rest[0] !== NEWLINE;) {
    const end = rest.includes(NEWLINE) ? rest.indexOf(NEWLINE) : rest.length;
    yield rest.subarray(0, end);
    rest = rest.subarray(end + 1);
  }
}

/** An address in place of its parts; what it has not is not said. */
function partsOf(url: string): Attributes {
  const parts = /^([^:/?#]+):\/\/(?:([^/@:]*)(?::([^/@]*))?@)?([^/]*)(?:\/(.*))?$/s.exec(url);
  if (parts === null) throw notGit();
  const [, protocol = "", username, password, host = "", path] = parts.map((part) =>
    part === undefined ? undefined : decodePart(part),
  );
  return {
    protocol,
    host,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(path === undefined ? {} : { path }),
  };
}

/** @throws PmError "usage" for an encoded newline, which would be another line of an answer (CVE-2020-5260) */
function decodePart(part: string): string {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    throw notGit();
  }
  if (/[\0\n]/.test(text)) throw notGit();
  return text;
}

/** The input may hold a password: nothing of it is repeated. */
function notGit(): PmError {
  return new PmError("usage", "standard input is not what git sends to a credential helper", {
    hint: "git config --global credential.helper pm",
  });
}

/** The answer to "get"; undefined where the protocol can't say it. */
export function formatGitAnswer(username: string | undefined, password: string): string | undefined {
  const lines = [...(username === undefined ? [] : [`username=${username}`]), `password=${password}`];
  if (lines.some((line) => /[\0\n\r]/.test(line) || utf8(line).length >= MAX_LINE_BYTES)) return undefined;
  return lines.map((line) => `${line}\n`).join("");
}
