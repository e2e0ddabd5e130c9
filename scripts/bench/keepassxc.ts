/** The same entries for keepassxc-cli, where it is installed. */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Work } from "./measure.ts";
import type { Sample } from "./vaults.ts";

export const KDF_MS = 100;

/** `keepassxc-cli show` of the entry in the middle, or undefined where there is no keepassxc-cli. */
export function showWork(name: string, directory: string, entries: readonly Sample[]): Work | undefined {
  if (spawnSync("keepassxc-cli", ["--version"]).status !== 0) return undefined;
  const xml = join(directory, "entries.xml");
  const database = join(directory, "entries.kdbx");
  const key = join(directory, "entries.key");
  writeFileSync(xml, toXml(entries));
  const options = ["--set-key-file", key, "--decryption-time", String(KDF_MS)];
  const { status, stderr } = spawnSync("keepassxc-cli", ["import", ...options, xml, database], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`keepassxc-cli import ended with ${status}: ${stderr}`);
  const entry = entries[entries.length >> 1]?.path ?? "";
  const args = ["show", "--quiet", "--no-password", "--key-file", key, "--attributes", "Password"];
  return { name, file: "keepassxc-cli", args: () => [...args, database, entry] };
}

export function toXml(entries: readonly Sample[]): string {
  const folders = new Map<string, string[]>();
  for (const { path, username, password, url } of entries) {
    const [folder = "", title = ""] = path.split("/");
    const fields = { Title: title, UserName: username, Password: password, URL: url };
    const strings = Object.entries(fields).map(
      ([name, value]) => `<String><Key>${name}</Key><Value>${value}</Value></String>`,
    );
    const entry = `<Entry>${uuid()}${strings.join("")}</Entry>`;
    folders.set(folder, [...(folders.get(folder) ?? []), entry]);
  }
  const groups = [...folders].map(
    ([name, parts]) => `<Group>${uuid()}<Name>${name}</Name>${parts.join("")}</Group>`,
  );
  const root = `<Group>${uuid()}<Name>Root</Name>${groups.join("")}</Group>`;
  return `<?xml version="1.0" encoding="UTF-8"?><KeePassFile><Meta/><Root>${root}</Root></KeePassFile>`;
}

function uuid(): string {
  return `<UUID>${Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64")}</UUID>`;
}
