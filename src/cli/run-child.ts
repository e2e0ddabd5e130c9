/** A command with what it gets: which of its streams pass through pm, and how it ends. */
import { toHex } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Output } from "../node/io.ts";
import type { ChildEnd } from "../node/child.ts";
import type { StreamPlan } from "../node/child-streams.ts";
import type { Filter, Sink } from "../node/pump.ts";
import type { Context } from "./context.ts";

export type MaskMode = "auto" | "always" | "never";

/** A value that the command gets. */
export interface Secret {
  readonly bytes: Uint8Array;
  /** Entry and field. */
  readonly name: string;
}

export interface CommandPlan {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In the place of pm's own standard input. */
  readonly stdin: Uint8Array | undefined;
  /** What must not be seen in what it prints. */
  readonly secrets: readonly Secret[];
  readonly mask: MaskMode;
  /** Descriptors above standard error that it inherits. */
  readonly given?: readonly number[];
  /** What it reads from descriptor 3 on. */
  readonly handed?: readonly Uint8Array[];
}

/** @returns the exit status of the command; @throws PmError "run-missing" or "run-denied" */
export async function runCommand(ctx: Context, plan: CommandPlan): Promise<number> {
  return await statusOf(await runToEnd(ctx, plan));
}

/** The exit status that pm has for it; pm ends by the same signal, once it is done. */
export async function statusOf(end: ChildEnd): Promise<number> {
  if (end.kind === "exited") return end.status;
  const { endLike } = await import("../node/passed-signals.ts");
  return endLike(end.signal);
}

/** @throws PmError "run-missing" or "run-denied" */
export async function runToEnd(ctx: Context, plan: CommandPlan): Promise<ChildEnd> {
  await requireExact(ctx, plan);
  const [{ runChild }, { areSameFile }, streams] = await Promise.all([
    import("../node/child.ts"),
    import("../node/child-streams.ts"),
    streamsOf(ctx, plan),
  ]);
  const { stdin, stdout, stderr } = ctx.io;
  // The first line is pm's, also where no password was needed.
  if (ctx.globals.passwordStdin) await ctx.stdin.password();
  const end = await runChild({
    ...streams,
    argv: plan.argv,
    env: plan.env,
    cwd: workingDirectory(ctx),
    stdin: plan.stdin ?? (stdin.fd === undefined ? "ignore" : "inherit"),
    isOnePlace: stdout.fd !== undefined && stderr.fd !== undefined && areSameFile(stdout.fd, stderr.fd),
    hidden: passwordDescriptors(ctx),
    given: plan.given ?? [],
    handed: plan.handed ?? [],
    onStart: () => void tidyUp(ctx),
  });
  await requireShown(ctx, streams, end);
  return end;
}

async function streamsOf({ io }: Context, plan: CommandPlan) {
  const secrets = [...new Map(plan.secrets.map((secret) => [toHex(secret.bytes), secret])).values()];
  const passes = ({ isTTY, fd }: Output): boolean =>
    fd === undefined || (secrets.length > 0 && (plan.mask === "always" || (plan.mask === "auto" && !isTTY)));
  const stream = async (output: Output) =>
    passes(output) ? { filter: await newFilter(secrets), sink: await sinkOf(output) } : ("inherit" as const);
  return { stdout: await stream(io.stdout), stderr: await stream(io.stderr) };
}

/** Node can pass on nothing but UTF-8. @throws PmError "run-denied" for an argument that it has damaged */
async function requireExact({ out, io }: Context, { argv }: CommandPlan): Promise<void> {
  const { areLossy } = await import("../node/exact-words.ts");
  if (areLossy(argv, "arguments")) {
    throw new PmError(
      "run-denied",
      `the command "${argv[0] ?? ""}" can't be executed: an argument is not UTF-8`,
      {
        hint: "give it in a file or on standard input, or rename what it names",
      },
    );
  }
  const variables = Object.entries(io.env).flatMap(([name, value = ""]) => [name, value]);
  if (areLossy(variables, "variables")) {
    await out.warn("a variable that is not UTF-8 does not reach the command as it is");
  }
}

/** @throws PmError "io" where what the command printed was lost, and its end does not tell */
async function requireShown(
  ctx: Context,
  { stdout, stderr }: Pick<StreamPlan, "stdout" | "stderr">,
  end: ChildEnd,
): Promise<void> {
  const failures = [stdout, stderr].map((stream) => (stream === "inherit" ? undefined : stream.sink.failure));
  const failure = failures.find((one) => one !== undefined);
  if (failure === undefined) return;
  const { ioError } = await import("../node/io-error.ts");
  const error = ioError(failure, "can't write what the command prints");
  // Pm closes a pipe of which it can't pass anything on.
  const tells = end.kind === "exited" ? end.status !== 0 : end.signal !== "SIGPIPE";
  if (!tells) throw error;
  await ctx.out.warn(error.message);
}

/** Far from what a masker can hold, so that it can be made later without a failure. */
const SURE_BYTES = 65_536;

/** Made for the first thing that is printed: many secrets take longer than a small command runs. */
async function newFilter(secrets: readonly Secret[]): Promise<Filter> {
  const { createMasker } = await import("../core/references/masker.ts");
  const bytes = secrets.reduce((sum, secret) => sum + secret.bytes.length, 0);
  let masker: Filter | undefined = bytes > SURE_BYTES ? createMasker(secrets) : undefined;
  return {
    push: (chunk) => (masker ??= createMasker(secrets)).push(chunk),
    idle: () => masker?.idle() ?? new Uint8Array(0),
    end: () => masker?.end() ?? new Uint8Array(0),
  };
}

async function sinkOf(output: Output): Promise<Sink> {
  const { descriptorSink } = await import("../node/pump.ts");
  if (output.fd !== undefined) return descriptorSink(output.fd);
  return {
    write: async (bytes) => {
      await output.write(bytes);
      return true;
    },
  };
}

/** Undefined where it has been removed: a command can be run there all the same. */
function workingDirectory({ io }: Context): string | undefined {
  try {
    return io.cwd;
  } catch (error) {
    if (error instanceof PmError) return undefined;
    throw error;
  }
}

/** Linux gives a process at most 1,048,576; pm is given a low one by a shell. */
const MAX_DESCRIPTOR = 65_535;

function passwordDescriptors({ globals, io }: Context): readonly number[] {
  const named = [globals.passwordFd, Number.parseInt(io.env["PM_PASSWORD_FD"] ?? "", 10)];
  return named.filter((fd) => fd !== undefined).filter((fd) => fd > 2 && fd <= MAX_DESCRIPTOR);
}

/** While the command does its work: what a pm that was killed has left of --files. */
async function tidyUp({ io }: Context): Promise<void> {
  const { mayHaveLeftFiles } = await import("../node/left-files.ts");
  if (!mayHaveLeftFiles(io.env)) return;
  const { removeLeftSecretFolders } = await import("../node/secret-files.ts");
  removeLeftSecretFolders(io.env, io.now());
}
