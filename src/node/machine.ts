/** What tells this machine from others. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { fs } from "./fs.ts";

const { readFileSync } = fs;

/** machine-id(5); the second where systemd is not used. */
const ID_FILES = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
const ID_DIGITS = /^[0-9a-f]{32}$/;

/**
 * 32 hex digits, the same until the system is set up anew. They are a hash, because machine-id(5) asks
 * not to show the id itself; without one it is the host name's.
 */
export function machineId(): string {
  const systemId = readSystemId();
  const source = systemId === undefined ? `host\0${hostname()}` : `machine\0${systemId}`;
  return createHash("sha256").update(`pm/v1/machine-id\0${source}`).digest("hex").slice(0, 32);
}

/** Whether {@link machineId} is more than a host name, which two machines may share. */
export function hasSystemId(): boolean {
  return readSystemId() !== undefined;
}

function readSystemId(): string | undefined {
  for (const file of ID_FILES) {
    try {
      const text = readFileSync(file, "latin1").trim();
      if (ID_DIGITS.test(text)) return text;
    } catch {
      // The next one, if there is any.
    }
  }
  return undefined;
}
