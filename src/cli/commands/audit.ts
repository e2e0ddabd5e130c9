import { FINDING_KINDS, type FindingKind } from "../../core/audit/finding.ts";
import { PmError } from "../../core/errors.ts";
import { audit as audited } from "../audit.ts";
import { findingBlocks, findingLines, findingToJson, fixOf } from "../audit-text.ts";
import { breachSource } from "../breach.ts";
import { type Command, defineCommand } from "../command.ts";
import { parsePrefix } from "../names.ts";
import { parseCount } from "../values.ts";

const OLD_DAYS = 365;
const MAX_OLD = { min: 1, max: 36_500 };
const MIN_SCORE = "3";

export const audit: Command = defineCommand({
  args: [{ name: "prefix", summary: "Only this folder or entry", completes: "entry" }],
  options: {
    only: { kind: "list", hint: "KINDS", summary: "Look only for these, as in weak,reused" },
    "min-score": {
      kind: "value",
      hint: "SCORE",
      choices: ["1", "2", "3", "4"],
      summary: "Weak is what has a lower score (3)",
    },
    old: { kind: "value", hint: "DAYS", summary: "Old is what was written longer ago (365)" },
    breach: { kind: "flag", summary: "Ask a server which passwords have leaked" },
    "breach-url": { kind: "value", hint: "URL", summary: "Ask this one instead (PM_BREACH_URL)" },
    "breach-file": {
      kind: "value",
      hint: "FILE",
      completes: "file",
      summary: "Look them up in a list sorted by SHA-1 hash instead",
    },
  },
  details: [
    "Looks for passwords that are weak, reused, similar to others, old, or a name of their entry; for entries that have expired, and addresses without TLS. Each finding names a command that mends it; no value is ever shown. It exits with 11 where something was found.",
    "Passwords are the concealed fields of a line: password, passphrase, and those of your own. PINs, one-time codes, card numbers, private keys and notes are not judged. Weak is what has a lower score than 3 in pm strength, the names of the entry, its user and its host taken into account.",
    "Nothing is sent anywhere, unless --breach is given: then api.pwnedpasswords.com is told the first 5 of 40 digits of the SHA-1 hash of each password, and answers with all that begin so. --breach-file needs no network: it searches the list of Pwned Passwords that is sorted by hash.",
  ],
  examples: [
    { command: "pm audit", note: "All checks that need no network" },
    { command: "pm audit web --only weak,reused", note: "Two of them, in one folder" },
    { command: "pm audit --json --old 730", note: "For a monitoring job" },
  ],
  exits: ["findings", "not-found", "network"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const breach = breachSource(ctx, options);
    const kinds = parseKinds(options.only, breach !== undefined);
    const { entries, passwords, findings } = await audited(ctx, {
      prefix: args.prefix === undefined ? undefined : parsePrefix(args.prefix),
      kinds,
      minScore: Number(options["min-score"] ?? MIN_SCORE),
      oldDays: options.old === undefined ? OLD_DAYS : parseCount(options.old, "--old", MAX_OLD),
      breach,
    });
    const { json, vault } = ctx.globals;
    const checks = FINDING_KINDS.filter((kind) => kinds.has(kind));
    const told = json ? findings.map((finding) => findingToJson(finding, vault)) : [];
    if (json) await ctx.out.json({ v: 1, entries, passwords, checks, findings: told });
    else if (ctx.io.stdout.isTTY) await ctx.out.lines(findingBlocks(findings, await ctx.out.style()));
    else await ctx.out.lines(findingLines(findings));
    const [first] = findings;
    if (first === undefined) {
      await ctx.out.note(`nothing found in ${entries} entries with ${passwords} passwords`);
      return;
    }
    const inEntries = new Set(findings.map(({ id }) => id)).size;
    throw new PmError(
      "findings",
      `${counted(findings.length, "finding")} in ${counted(inEntries, "entry")}`,
      {
        hint: fixOf(first, vault),
      },
    );
  },
});

function counted(count: number, what: "finding" | "entry"): string {
  if (count === 1) return `1 ${what}`;
  return `${count} ${what === "entry" ? "entries" : "findings"}`;
}

/** All but "breached" where none is named; a breach check that is asked for is made in any case. */
function parseKinds(texts: readonly string[], asksForBreach: boolean): ReadonlySet<FindingKind> {
  const words = texts.flatMap((text) => text.split(","));
  const kinds = new Set<FindingKind>(words.length > 0 ? words.map(parseKind) : FINDING_KINDS);
  if (asksForBreach) kinds.add("breached");
  else if (words.includes("breached")) {
    throw new PmError("usage", "leaked passwords are looked for only with --breach or --breach-file", {
      hint: "add --breach, which asks api.pwnedpasswords.com",
    });
  } else kinds.delete("breached");
  return kinds;
}

function parseKind(word: string): FindingKind {
  const kind = FINDING_KINDS.find((known) => known === word);
  if (kind !== undefined) return kind;
  throw new PmError("usage", `--only does not know "${word}"`, {
    hint: `one of ${FINDING_KINDS.join(", ")}`,
  });
}
