/** docs/exit-codes.md, from the table of exit statuses. */
import { EXIT_STATUSES, errorCodesOf } from "../exit.ts";

export function exitCodesPage(): string {
  return [
    "# Exit codes",
    "",
    "Scripts may rely on these: none is ever renumbered or given another meaning. `pm help exit-codes` prints",
    "them, and `pm help exit-codes --json` does so for programs. This page is generated from the same table.",
    "",
    "| Exit | Name | When |",
    "|---:|---|---|",
    ...EXIT_STATUSES.map(({ code, name, when }) => `| ${code} | ${name} | ${when} |`),
    "",
    "With `--json` an error is one line on stderr, and stdout stays empty:",
    "",
    "```json",
    '{"error":{"code":"not-found","exit":3,"message":"…","hint":"…"}}',
    "```",
    "",
    "`hint` is missing where there is nothing to advise; `details` is a list of lines, such as the entries that",
    "match. `code` is finer than the exit code:",
    "",
    "| Exit | Codes |",
    "|---:|---|",
    ...EXIT_STATUSES.map(({ code }) => [code, errorCodesOf(code)] as const)
      .filter(([, codes]) => codes.length > 0)
      .map(([code, codes]) => `| ${code} | ${codes.map((name) => `\`${name}\``).join(", ")} |`),
    "",
  ].join("\n");
}
