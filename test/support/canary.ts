/** Secrets of a random spelling, and where they turn up. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const WATCH_MS = 10;

/** A secret that stands nowhere else. */
export function canary(): string {
  return `canary${randomBytes(12).toString("hex")}`;
}

/** The ways in which a text may be written down, case aside. */
function spellings(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  // The text at each position within the groups of base64.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    return text.slice(4, -4);
  });
  return [
    bytes,
    ...[bytes.toString("hex"), ...base64].map((text) => Buffer.from(text)),
    Buffer.from(secret, "utf16le"),
  ];
}

/** The files below `directory` that hold one of the secrets, or are named after one. */
export function filesWith(directory: string, secrets: readonly string[]): string[] {
  const needles = secrets.flatMap(spellings);
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) => {
    if (secrets.some((secret) => path.includes(secret))) return true;
    const file = join(directory, path);
    if (!statSync(file).isFile()) return false;
    const content = readFileSync(file);
    return needles.some((needle) => content.includes(needle));
  });
}

interface Watch {
  readonly seen: ReadonlySet<string>;
  readonly looks: () => number;
}

/** Looks at the arguments of all processes again and again. */
export function watchArguments(secrets: readonly string[]): Watch {
  return watch((pid) => {
    const line = readProcess(pid, "cmdline");
    return secrets.some((secret) => line.includes(secret)) ? line : undefined;
  });
}

/** Also at their environments, but for those that have the variable `mark`. */
export function watchProcesses(secrets: readonly string[], mark: string): Watch {
  return watch((pid) => {
    const [line, environment] = [readProcess(pid, "cmdline"), readProcess(pid, "environ")];
    const isMarked = environment.split("\0").some((variable) => variable.startsWith(`${mark}=`));
    const text = isMarked ? line : `${line}\0${environment}`;
    return secrets.some((secret) => text.includes(secret)) ? text : undefined;
  });
}

function watch(look: (pid: string) => string | undefined): Watch {
  const seen = new Set<string>();
  let looks = 0;
  const timer = setInterval(() => {
    looks++;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const found = look(pid);
      if (found !== undefined) seen.add(found);
    }
  }, WATCH_MS);
  onTestFinished(() => clearInterval(timer));
  return { seen, looks: () => looks };
}

/** Empty where the process is gone. */
export function readProcess(pid: string, file: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
