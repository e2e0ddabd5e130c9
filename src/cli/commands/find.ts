import { utf8 } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import type { Row } from "../../core/vault/model.ts";
import type { VaultSession } from "../../core/vault/session.ts";
import { type Command, defineCommand } from "../command.ts";
import { rowToJson } from "../entry-json.ts";
import { entryMatches, hostMatcher, type Place, PLACES, rowMatches } from "../match.ts";

export const find: Command = defineCommand({
  args: [{ name: "terms", summary: "Texts that must all be there", variadic: true }],
  options: {
    url: { kind: "value", hint: "URL", summary: "Only entries for the host of this address" },
    in: { kind: "value", hint: "PLACE", choices: PLACES, summary: "Search plain fields or notes instead" },
    null: { kind: "flag", short: "0", summary: "End each path with a NUL character" },
  },
  details: [
    "Prints the paths of the entries whose path, user name, hosts and tags contain every TERM, case ignored. Where nothing matches the exit status is 3.",
    "--url keeps entries whose url has the same host, or a domain above it: https://login.example.com finds entries for login.example.com and example.com.",
    "--in fields searches names and values of fields that are no secret, --in notes the notes. Both read every entry, which takes longer.",
  ],
  examples: [
    { command: "pm find github work", note: "Both words, anywhere" },
    { command: "pm find --url https://login.example.com/start", note: "By address" },
    { command: "pm find -0 old | xargs -0 pm rm -y", note: "Names with any characters to another command" },
  ],
  exits: ["not-found"],
  vault: "reads",
  async run(ctx, { args, options }) {
    if (args.terms.includes("") || (args.terms.length === 0 && options.url === undefined)) {
      throw new PmError("usage", "find needs a term that is not empty, or --url", { hint: "pm find TERM" });
    }
    const place = PLACES.find((known) => known === options.in);
    const isForHost = options.url === undefined ? () => true : hostMatcher(options.url);
    const session = await ctx.vault();
    const candidates = (await session.list({})).filter((row) => isForHost(row));
    const rows =
      place === undefined
        ? candidates.filter((row) => rowMatches(row, args.terms))
        : await searchEntries(session, candidates, { terms: args.terms, place });
    if (rows.length === 0)
      throw new PmError("not-found", "nothing matches", { hint: "pm ls shows all the names" });
    if (ctx.globals.json) return ctx.out.json({ v: 1, entries: rows.map((row) => rowToJson(row)) });
    if (options.null) return ctx.out.raw(utf8(rows.map((row) => `${row.path}\0`).join("")));
    await ctx.out.lines(rows.map((row) => row.path));
  },
});

async function searchEntries(
  session: VaultSession,
  rows: readonly Row[],
  wanted: { readonly terms: readonly string[]; readonly place: Place },
): Promise<Row[]> {
  const found: Row[] = [];
  for (const row of rows) {
    if (entryMatches(await session.entry(row.id), wanted.terms, wanted.place)) found.push(row);
  }
  return found;
}
