/** What the two parsers make of argv, in a form that compares. */
import { hasCode } from "../../src/core/errors.ts";
import type { Request } from "../../src/cli/parse.ts";
import { parseFully } from "../../src/cli/program.ts";

export function meaning(request: Request): unknown {
  if (request.kind !== "run") return request;
  const { row, input, globals } = request;
  return { command: row.name, args: input.args, options: input.options, globals };
}

/** The long path's reading, or "usage" where it refuses. */
export async function long(argv: readonly string[]): Promise<unknown> {
  try {
    return meaning(await parseFully(argv));
  } catch (error) {
    if (hasCode(error, "usage")) return "usage";
    throw error;
  }
}
