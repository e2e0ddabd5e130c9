/** One call of pm, from its arguments to its exit status. */
import { PmError } from "../core/errors.ts";
import type { Io } from "../node/io.ts";
import type { Value } from "./command.ts";
import type { Internals } from "./context.ts";
import { toGlobals } from "./globals.ts";
import { findLeftOut, parseShort, type Request, toInput } from "./parse.ts";

type Run = Pick<Extract<Request, { kind: "run" }>, "command" | "input" | "globals">;

/** Runs `pm` with these arguments. Nothing is thrown; the result is the exit status. */
export async function main(argv: readonly string[], io: Io, internals?: Internals): Promise<number> {
  let command: string | undefined;
  let vault: Value;
  try {
    const request = (await parseShort(argv)) ?? (await parseRest(argv));
    if (request.kind === "version" && !asksForJson(argv)) {
      const { versionLine } = await import("./version.ts");
      await io.stdout.write(versionLine());
      return 0;
    }
    if (request.kind === "run") {
      command = request.row.name;
      ({ vault } = request.globals);
    }
    return await run(await toRun(request, argv), io, { ...internals, command: command ?? request.kind });
  } catch (error) {
    return await report(error, { io, command, vault, format: asksForJson(argv) ? "json" : "text" });
  }
}

async function parseRest(argv: readonly string[]): Promise<Request> {
  const { parseFully } = await import("./program.ts");
  return await parseFully(argv);
}

/** `pm --version` and every `--help` are the commands of these names. */
async function toRun(request: Request, argv: readonly string[]): Promise<Run> {
  const globals = { json: asksForJson(argv) };
  switch (request.kind) {
    case "run":
      return request;
    case "version": {
      const { version } = await import("./commands/version.ts");
      return { command: version, input: toInput({}, {}), globals };
    }
    case "help": {
      const { help } = await import("./commands/help.ts");
      return { command: help, input: toInput({ command: request.words }, {}), globals };
    }
  }
}

async function run({ command, input, globals: values }: Run, io: Io, internals?: Internals): Promise<number> {
  const { createContext, requireWritableVault } = await import("./context.ts");
  const globals = toGlobals(values, io.env);
  const { vault, readsWith } = command;
  await using context = createContext(io, globals, internals);
  const leftOut = findLeftOut(command, input);
  const pick =
    leftOut === undefined ? undefined : (await import("./pick-argument.ts")).entryPicker(context, leftOut);
  if (vault === "writes" && (readsWith === undefined || input.options[readsWith] !== true))
    await requireWritableVault(context);
  if (leftOut === undefined || pick === undefined) return (await command.run(context, input)) ?? 0;
  const picked = toInput({ ...input.args, [leftOut.name]: await pick() }, input.options);
  return (await command.run(context, picked)) ?? 0;
}

/** Also where the arguments could not be read; a wrong guess only changes how the error looks. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? argv.length : end).includes("--json");
}

interface Reporting {
  readonly io: Io;
  /** The one that failed, where argv could be read. */
  readonly command: string | undefined;
  /** What --vault named. */
  readonly vault: Value;
  readonly format: "text" | "json";
}

async function report(error: unknown, { io, format, command, vault }: Reporting): Promise<number> {
  const { exitCode, render } = await import("./exit.ts");
  const { withAdvice } = await import("./advice.ts");
  const expected = error instanceof PmError ? withAdvice(error, { command, vault }) : internalError(error);
  await io.stderr.write(render(expected, format));
  if (io.env["PM_DEBUG"] && error instanceof Error) await io.stderr.write(`${frames(error)}\n`);
  return exitCode(expected);
}

function internalError(cause: unknown): PmError {
  return new PmError("error", "internal error", {
    hint: "PM_DEBUG=1 shows where; please report it with that",
    cause,
  });
}

/** Where it happened, without the message: that may repeat what it choked on. */
function frames(error: Error): string {
  const own = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const cause = error.cause instanceof Error ? `\n  caused by ${frames(error.cause)}` : "";
  return `${error.name}\n${own.join("\n")}${cause}`;
}
