import { PmError } from "../../core/errors.ts";
import type { Finding } from "../../node/health/finding.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { type Diagnosis, diagnose, fixText } from "../doctor.ts";

export const doctor: Command = defineCommand({
  args: [],
  options: {
    deep: { kind: "flag", summary: "Unlock the vault, and check every byte of it" },
    fix: { kind: "flag", summary: "Mend what is safe: permissions, files of dead processes" },
  },
  details: [
    "Looks for what is wrong with the vault and around it, and names for each finding a command that mends it: permissions and owners, links, locks and files that dead processes left, the cost of guessing the password, ways in, backups, settings, clipboard, completion, editor. It asks for no password, and looks at a damaged or a missing vault too.",
    "--deep unlocks the vault, checks every byte of it as pm verify does, and of its previous version where the same key opens that, and holds it against what this machine remembers.",
    "--fix sets permissions and removes what dead processes left, and says what it did. The rest stays with you.",
    "A problem makes it exit with 11; advice alone does not.",
  ],
  examples: [
    { command: "pm doctor", note: "What is wrong, and what to do about it" },
    { command: "pm doctor --deep --json", note: "For a monitoring job" },
    { command: "pm doctor --fix", note: "Mend what is safe" },
  ],
  exits: ["findings"],
  vault: "none",
  async run(ctx, { options }) {
    const diagnosis = await diagnose(ctx, options);
    await (ctx.globals.json ? ctx.out.json(toJson(ctx, diagnosis)) : ctx.out.lines(toLines(ctx, diagnosis)));
    const problems = diagnosis.findings.filter(({ level }) => level === "problem");
    const [first] = problems;
    if (first === undefined) return;
    const isFixable = problems.some(({ repair }) => repair !== undefined) && !options.fix;
    throw new PmError("findings", problems.length === 1 ? "1 problem" : `${problems.length} problems`, {
      hint: isFixable ? fixText({ ...first, fix: ["pm", "doctor", "--fix"] }, ctx) : fixText(first, ctx),
    });
  },
});

function toLines(ctx: Context, { findings, fixed, notes }: Diagnosis): readonly string[] {
  const block = (word: string, finding: Finding): readonly string[] => [
    `${word.padEnd(9)}${finding.text}`,
    `         ${fixText(finding, ctx)}`,
  ];
  const lines = [
    ...fixed.flatMap((finding) => block("fixed", finding)),
    ...notes.map((text) => `note     ${text}`),
    ...findings.flatMap((finding) => block(finding.level, finding)),
  ];
  return findings.length === 0 ? [...lines, "nothing is wrong"] : lines;
}

function toJson(ctx: Context, { vault, findings, fixed, notes }: Diagnosis): object {
  return {
    v: 1,
    vault,
    ok: findings.every(({ level }) => level === "advice"),
    findings: findings.map((finding) => {
      const { id, level, text } = finding;
      return { id, level, text, fix: fixText(finding, ctx) };
    }),
    fixed: fixed.map((finding) => ({ id: finding.id, text: finding.text, fix: fixText(finding, ctx) })),
    notes,
  };
}
