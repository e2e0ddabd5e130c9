/** What an audit found, for people and for programs. */
import type { AuditFinding, FindingKind } from "../core/audit/finding.ts";
import { primaryField } from "../core/vault/types.ts";
import { alignColumns } from "./columns.ts";
import { escapeControls } from "./escape.ts";
import { shellWord } from "./shell-word.ts";
import type { Style } from "./style.ts";

const TITLES: Readonly<Record<FindingKind, string>> = {
  breached: "seen in leaks",
  reused: "one value in several places",
  name: "the password is a name of the entry",
  weak: "easy to guess",
  similar: "nearly the same as others",
  expired: "their day is over",
  old: "not changed for long",
  http: "the address is without TLS",
};

/** A finding a line, for pipes: kind, path, field and what it is, with tabs between. */
export function findingLines(findings: readonly AuditFinding[]): readonly string[] {
  return findings.map(({ kind, path, field = "", text }) =>
    [kind, path, field, text].map(escapeControls).join("\t"),
  );
}

/** Grouped by kind, each with the command that mends it. */
export function findingBlocks(findings: readonly AuditFinding[], style: Style): readonly string[] {
  const kinds = [...Map.groupBy(findings, ({ kind }) => kind)];
  return kinds.flatMap(([kind, found], at) => {
    const rows = found.map(({ path, field = "", text }) => [`  ${path}`, field, text]);
    const title = `${kind} (${found.length}): ${TITLES[kind]}`;
    return [...(at > 0 ? [""] : []), style.bold(title), ...alignColumns(rows), `  ${style.dim(howTo(kind))}`];
  });
}

function howTo(kind: FindingKind): string {
  if (kind === "expired") return "change what has to be, then: pm set NAME --expires 1y";
  if (kind === "http") return "where the site has TLS: pm set NAME url=https://HOST";
  return "change it at the site: pm gen NAME, or pm set NAME FIELD=-";
}

/** A command for one finding, as it can be typed. */
export function fixOf(finding: AuditFinding, vault?: string): string {
  const words = [...fixWords(finding), ...(vault === undefined ? [] : ["--vault", vault])];
  return words.map(shellWord).join(" ");
}

function fixWords({ kind, path, field = "", type }: AuditFinding): readonly string[] {
  if (kind === "expired") return ["pm", "set", path, "--expires", "1y"];
  if (kind === "http") return ["pm", "edit", path];
  if (field !== primaryField(type)) return ["pm", "set", path, `${field}=-`];
  // A word of digits alone would be the length.
  return /^\d+$/.test(path) ? ["pm", "gen", "--name", path] : ["pm", "gen", path];
}

export function findingToJson(finding: AuditFinding, vault?: string): object {
  const { kind, id, path, field = null, text, group = null, count = null } = finding;
  return { kind, id, path, field, text, group, count, fix: fixOf(finding, vault) };
}
