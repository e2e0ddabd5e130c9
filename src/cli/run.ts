/** `pm run`: all references first, then the command, and nothing of the vault in between. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Resolved } from "../core/references/resolve.ts";
import type { SecretFiles } from "../node/secret-files.ts";
import { childEnv, cleanEnv } from "./child-env.ts";
import type { Context } from "./context.ts";
import { type MaskMode, runCommand } from "./run-child.ts";
import { readEnvFile } from "./references.ts";
import { resolveToUse } from "./run-references.ts";
import {
  type Assignment,
  joinVariables,
  parseAssignment,
  parseStdin,
  type Value,
  valuesOf,
  variableText,
  type Variables,
  type Wanted,
} from "./run-values.ts";

export interface RunRequest {
  readonly envFiles: readonly string[];
  /** VAR=REFERENCE */
  readonly assignments: readonly string[];
  readonly only: readonly string[];
  readonly cleanEnv: boolean;
  /** A reference. */
  readonly stdin: string | undefined;
  readonly files: boolean;
  readonly allowDisk: boolean;
  readonly mask: MaskMode;
}

/** What will be done, as far as it can be told without a vault. */
export interface RunPlan {
  readonly variables: Variables;
  readonly stdin: Wanted | undefined;
  /** Descriptors that the command inherits. */
  readonly given: readonly number[];
}

/** @throws PmError "usage" for what is malformed, "io" where an env file can't be read */
export async function planRun(ctx: Context, request: RunRequest): Promise<RunPlan> {
  const given = await inheritedDescriptors(ctx);
  const options = request.assignments.map(parseAssignment);
  const stdin = request.stdin === undefined ? undefined : parseStdin(request.stdin);
  const assignments: Assignment[] = [];
  for (const file of request.envFiles) {
    const lines = await readEnvFile(ctx, file);
    assignments.push(...lines.map((line) => ({ ...line, place: file })));
  }
  const inherited = request.cleanEnv ? cleanEnv(ctx.io.env) : childEnv(ctx.io.env);
  return { variables: joinVariables(inherited, [...assignments, ...options]), stdin, given };
}

/** Only where the command inherits at all: a test has descriptors of its own. */
export async function inheritedDescriptors({ io }: Context): Promise<readonly number[]> {
  if (io.stdin.fd === undefined) return [];
  const { givenDescriptors } = await import("../node/given-descriptors.ts");
  return givenDescriptors();
}

export interface Values {
  readonly variables: readonly Value[];
  readonly stdin: Value | undefined;
}

/** @throws PmError "run-failed" that names all variables whose references lead nowhere */
export async function resolvePlan(
  ctx: Context,
  { variables, stdin }: RunPlan,
  only: readonly string[],
): Promise<Values> {
  const wanted = stdin === undefined ? variables.wanted : [...variables.wanted, stdin];
  const refs = wanted.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === "reference" ? [part.ref] : [])),
  );
  const values = refs.length === 0 ? [] : valuesOf(wanted, await resolveToUse(ctx, refs, only));
  const count = variables.wanted.length;
  return { variables: values.slice(0, count), stdin: values[count] };
}

/** @returns the exit status of the command */
export async function runWith(
  ctx: Context,
  argv: readonly string[],
  request: RunRequest & { readonly plan: RunPlan; readonly values: Values },
): Promise<number> {
  const { plan, values, mask } = request;
  const secrets = secretsOf(values);
  requireMasking(secrets, mask);
  await warnOfShort(ctx, values, mask);
  using files = request.files ? await openFiles(ctx, request) : undefined;
  const env = { ...Object.fromEntries(plan.variables.plain), ...injected(values.variables, files) };
  const stdin = values.stdin?.bytes;
  return await runCommand(ctx, { argv, env, stdin, secrets, mask, given: plan.given });
}

function injected(values: readonly Value[], files: SecretFiles | undefined): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const { name, bytes } = value;
      const pair =
        files === undefined ? [name, variableText(value)] : [`${name}_FILE`, files.add(name, bytes)];
      wipe(bytes);
      return pair;
    }),
  );
}

async function openFiles({ io }: Context, { allowDisk }: RunRequest): Promise<SecretFiles> {
  const { openSecretFiles } = await import("../node/secret-files.ts");
  return openSecretFiles({ env: io.env, allowDisk });
}

function secretsOf({ variables, stdin }: Values): readonly Resolved[] {
  const values = stdin === undefined ? variables : [...variables, stdin];
  const secret = values.flatMap(({ resolved }) => resolved).filter(({ secrecy }) => secrecy !== "plain");
  // Also what stands in the vault, where ?encoding made something else of it.
  return secret.flatMap((one) => (one.value === undefined ? [one] : [one, { ...one, bytes: one.value }]));
}

function requireMasking(secrets: readonly Resolved[], mask: MaskMode): void {
  const useOnly = secrets.find(({ secrecy }) => secrecy === "use-only");
  if (mask !== "never" || useOnly === undefined) return;
  throw new PmError("usage", `"${useOnly.name}" is use-only, and --mask never would show it`, {
    hint: "leave --mask never out",
  });
}

async function warnOfShort(ctx: Context, { variables, stdin }: Values, mask: MaskMode): Promise<void> {
  if (mask === "never") return;
  const { isMaskable } = await import("../core/references/forms.ts");
  for (const { name, resolved } of stdin === undefined ? variables : [...variables, stdin]) {
    const isBare = resolved.some(({ bytes, secrecy }) => secrecy !== "plain" && !isMaskable(bytes));
    if (isBare) await ctx.out.warn(`the value of ${name} is too short to be masked`);
  }
}
